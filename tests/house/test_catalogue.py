"""The zh_CN catalogue is complete: every sentence of code and templates, with its placeholders."""

from __future__ import annotations

import re
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from config import HOUSE

CATALOGUE = HOUSE / "crm" / "translations" / "zh_CN" / "LC_MESSAGES" / "messages.po"
KEYWORDS = {
    "_": None, "gettext": None, "lazy_gettext": None, "_l": None,
    "ngettext": (1, 2), "lazy_ngettext": (1, 2), "pgettext": ((1, "c"), 2),
}  # fmt: skip
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%")
CHINESE = re.compile(r"[㐀-鿿]")


@cache
def catalogue() -> Catalog:
    """The Chinese sentences as they are committed."""
    return read_po(BytesIO(CATALOGUE.read_bytes()), locale="zh_CN")


@cache
def sentences() -> frozenset[str]:
    """Every msgid of the source."""
    with (HOUSE / "babel.cfg").open(encoding="utf-8") as file:
        methods, settings = parse_mapping_cfg(file)
    found: set[str] = set()
    for folder in ("crm", "templates"):
        rooted = [(pattern.removeprefix(f"{folder}/"), method) for pattern, method in methods]
        for _file, _line, message, _comments, _context in extract_from_dir(
            HOUSE / folder,
            rooted,
            {k.removeprefix(f"{folder}/"): v for k, v in settings.items()},
            keywords=KEYWORDS,
            directory_filter=lambda path: "__pycache__" not in path,
        ):
            found.add(message if isinstance(message, str) else message[0])
    return frozenset(found)


def test_the_source_has_sentences() -> None:
    assert len(sentences()) > 100


def test_every_sentence_has_its_chinese() -> None:
    known = {
        (message.id if isinstance(message.id, str) else message.id[0])
        for message in catalogue()
        if message.id and message.string and all(message.string)
    }
    assert sorted(sentences() - known) == []


def test_no_translation_has_lost_or_invented_a_placeholder() -> None:
    wrong = []
    for message in catalogue():
        if not message.id or not message.string:
            continue
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        strings = [message.string] if isinstance(message.string, str) else list(message.string)
        allowed = {mark for text in ids for mark in PLACEHOLDER.findall(text)}
        for text in strings:
            if set(PLACEHOLDER.findall(text)) - allowed:
                wrong.append(text)
            if isinstance(message.id, str) and set(PLACEHOLDER.findall(text)) != allowed:
                wrong.append(text)
    assert wrong == []


def test_the_catalogue_holds_nothing_that_is_no_longer_said() -> None:
    known = {(m.id if isinstance(m.id, str) else m.id[0]) for m in catalogue() if m.id}
    assert sorted(known - sentences()) == []


def test_templates_speak_english_and_the_catalogue_chinese() -> None:
    """Units of money are typed in Chinese, and a language is called by its own name."""

    def chinese(path: Path) -> bool:
        text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.S)
        return bool(CHINESE.search(re.sub(r"[元万亿约]|中文", "", text)))

    pages = sorted((HOUSE / "templates").rglob("*.html"))
    assert [str(path.relative_to(HOUSE)) for path in pages if chinese(path)] == []


def test_the_catalogue_as_a_whole_is_not_marked_as_unfinished() -> None:
    """A fuzzy header makes the compiler skip it without an error."""
    assert not catalogue().fuzzy
    assert [message.id for message in catalogue() if message.id and message.fuzzy] == []
