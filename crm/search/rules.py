"""What a person typed into the search box, read every way it can be meant."""

from __future__ import annotations

import re
from dataclasses import dataclass

from crm.values.text import nfkc, search_key, tidy

LONGEST = 100
PHONE = re.compile(r"[+(]?[0-9][0-9() .-]{5,20}[0-9]")
BETWEEN = "()-. "
"""What people write between the digits of a phone number."""


@dataclass(frozen=True)
class Asked:
    """The text as typed, and its keys.

    Attributes:
        key: what names are compared by.
        phone: the digits, if it can be a phone number; "" otherwise. Only whole numbers are found.
    """

    text: str
    key: str
    phone: str

    @classmethod
    def of(cls, typed: str) -> Asked:
        """Read what was typed."""
        text = " ".join(tidy(typed).split())[:LONGEST]
        return cls(text, search_key(text), phone_key(text))

    @property
    def empty(self) -> bool:
        """Nothing to look for."""
        return not self.key


def phone_key(text: str) -> str:
    """The digits of a phone number without +86; "" for what is none."""
    plain = nfkc(text).strip()
    if not PHONE.fullmatch(plain):
        return ""
    digits = "".join(letter for letter in plain if letter.isdigit())
    return digits.removeprefix("86") if plain.startswith("+86") else digits
