"""How Chinese names are sorted and found by keyboard: full pinyin, and every reading of the initials."""

from __future__ import annotations

from functools import lru_cache
from itertools import combinations, product

from pypinyin import Style, lazy_pinyin, load_phrases_dict, pinyin

from crm.values.text import search_key

FULL_LENGTH = 600
INITIALS_LENGTH = 300

OVERRIDES = {
    "重慶": "chong qing",
    "廈門": "xia men",
    "長沙": "chang sha",
    "長春": "chang chun",
    "長江": "chang jiang",
    "單縣": "shan xian",
    "单县": "shan xian",
    "乐清": "yue qing",
    "樂清": "yue qing",
    "六安": "lu an",
    "台州": "tai zhou",
    "蚌埠": "beng bu",
    "亳州": "bo zhou",
    "浚县": "xun xian",
    "蔚县": "yu xian",
    "歙县": "she xian",
    "莘县": "shen xian",
    "洪洞": "hong tong",
    "番禺": "pan yu",
    "东阿": "dong e",
    "铅山": "yan shan",
    "大埔": "da bu",
    "黄埔": "huang pu",
    "尉犁": "yu li",
    "石拐": "shi guai",
    "单晶": "dan jing",
    "重卡": "zhong ka",
    "重工": "zhong gong",
    "长鑫": "chang xin",
    "长盈": "chang ying",
}
"""Names that the library reads otherwise than the people who bear them."""

load_phrases_dict(
    {name: [[syllable] for syllable in text.split()] for name, text in OVERRIDES.items()}
)


def full(text: str) -> str:
    """The name in full pinyin without blanks, lower case: the sort key. Never None, '' for ''."""
    return "".join(lazy_pinyin(_spoken(text)))[:FULL_LENGTH]


def initials(text: str) -> str:
    """Every reading of the initials, likeliest first, blanks between: 重庆 "cq zq tq".

    Readings that differ in fewer characters come first; what does not fit into the column is left out.
    """
    key = _spoken(text)
    choices = [_letters(char, said) for char, said in zip(key, _said(key), strict=True)]
    found: list[str] = []
    room = INITIALS_LENGTH
    for reading in _readings(choices):
        if len(reading) + 1 > room:
            break
        if reading not in found:
            found.append(reading)
            room -= len(reading) + 1
    return " ".join(found) or key[:INITIALS_LENGTH]


def _spoken(text: str) -> str:
    return "".join(char for char in search_key(text) if char.isalnum()) or search_key(text)


def _said(key: str) -> list[str]:
    """For each character the letter it begins with in this name."""
    parts = lazy_pinyin(key, errors=list)  # type: ignore[arg-type]  # a list is taken as parts
    return [part[:1] for part in parts]


@lru_cache(maxsize=8192)
def _letters(char: str, said: str) -> tuple[str, ...]:
    readings = pinyin(char, heteronym=True, style=Style.FIRST_LETTER)[0]
    others = [letter[:1] for letter in readings if letter[:1] != said]
    return (said, *dict.fromkeys(others))


def _readings(choices: list[tuple[str, ...]]) -> list[str]:
    """The likeliest reading, then those with one character read otherwise, then with two."""
    likeliest = [letters[0] for letters in choices]
    found = ["".join(likeliest)]
    doubtful = [place for place, letters in enumerate(choices) if len(letters) > 1]
    for changed in (1, 2):
        for places in combinations(doubtful, changed):
            for letters in product(*(choices[place][1:] for place in places)):
                reading = list(likeliest)
                for place, letter in zip(places, letters, strict=True):
                    reading[place] = letter
                found.append("".join(reading))
    return found
