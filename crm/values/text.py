"""Text as typed, and the keys by which it is found and compared: only a key loses anything."""

import re
import unicodedata
from collections.abc import Callable, Iterable

HOME_REGIONS = ("内蒙古自治区", "内蒙古", "内蒙", "包头市", "包头")

# Control characters (PostgreSQL refuses NUL), and lone surrogates, which have no UTF-8.
_UNSTORABLE = {"Cc", "Cs"}
_INVISIBLE = _UNSTORABLE | {"Cf"}
_BRACKETS = str.maketrans("[{〔【〈《「", "(" * 7) | str.maketrans("]}〕】〉》」", ")" * 7)
_LEGAL_FORM = re.compile(r"(?:有限责任公司|有限公司|(?<!分)公司|股份|集团)$")
_GROUP = ("集团", "股份")
_BRACKETED = re.compile(r"\(([^()]*)\)")


def nfkc(text: str) -> str:
    """Full-width and half-width, ligatures and compatibility forms made one."""
    return unicodedata.normalize("NFKC", text)


def tidy(text: str) -> str:
    """What is stored of a typed text: no control characters but the newline, no blanks at the ends.

    All that a person can mean stays: rare characters, emoji with their joiners, direction marks.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return _without(_UNSTORABLE, text, keep="\n").strip()


def search_key(text: str) -> str:
    """What a search compares: one width, one case, nothing blank or invisible."""
    folded = nfkc(nfkc(text).casefold())
    return "".join(_without(_INVISIBLE, folded).split())


def name_key(text: str, regions: Iterable[str] = HOME_REGIONS) -> str:
    """What makes a firm's name its own, for finding one firm under several spellings.

    Drops the legal form, 集团 and 股份 at the end or in brackets, and the given regions at the
    beginning or in brackets; other brackets stay, for （上海） is another firm. A cut that would
    leave nothing is not made: never empty for a name.
    """
    places = tuple(sorted((search_key(region) for region in regions), key=len, reverse=True))

    def out_of_brackets(name: str) -> str:
        return _BRACKETED.sub(lambda m: "" if m[1] in (*places, *_GROUP) else m[0], name)

    def without_form(name: str) -> str:
        return _LEGAL_FORM.sub("", name)

    def without_region(name: str) -> str:
        place = next((place for place in places if name.startswith(place)), "")
        return name.removeprefix(place)

    key = search_key(text).translate(_BRACKETS)
    for cut in (out_of_brackets, without_form, without_region):
        key = _repeat(cut, key)
    return key or text


def like_pattern(text: str) -> str:
    r"""The text with \ % and _ escaped for LIKE ... ESCAPE '\'; the caller adds its own %."""
    return re.sub(r"([\\%_])", r"\\\1", text)


def _without(categories: set[str], text: str, keep: str = "") -> str:
    return "".join(c for c in text if c in keep or unicodedata.category(c) not in categories)


def _repeat(cut: Callable[[str], str], name: str) -> str:
    """Cut as long as it changes something and leaves something."""
    while (shorter := cut(name)) and shorter != name:
        name = shorter
    return name
