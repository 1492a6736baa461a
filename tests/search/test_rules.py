"""What is typed into the search box, read every way it can be meant."""

from __future__ import annotations

import pytest

from crm.search.rules import Asked, phone_key


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("13800001234", "13800001234"),
        ("138-0000-1234", "13800001234"),
        ("+86 138 0000 1234", "13800001234"),
        ("1 3 8 0 0 0 0 1 2 3 4", "13800001234"),
        ("(0472) 5618888", "04725618888"),
        ("1380000", "1380000"),
        ("138", ""),
        ("弘元", ""),
        ("91150200MA0", ""),
    ],
)
def test_a_phone_number_is_known_however_it_is_written(typed: str, digits: str) -> None:
    assert phone_key(typed) == digits


def test_blanks_alone_ask_for_nothing() -> None:
    assert Asked.of("  \u3000 \u200b").empty
    assert not Asked.of("稀").empty


def test_a_very_long_text_is_cut_and_control_characters_drop_out() -> None:
    asked = Asked.of("稀\x00土" + "长" * 500)

    assert asked.text.startswith("稀土长")
    assert len(asked.text) == 100
