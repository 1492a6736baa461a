"""Chain positions, head firms' states, and how a firm's code is read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from stdnum.cn import uscc

from crm.catalog.rules import Region

Member = TypeVar("Member", bound=StrEnum)


class Position(StrEnum):
    """A firm's place in a chain: 链主 leader, 链核 core, 配套 supporting."""

    LEADER = "leader"
    CORE = "core"
    SUPPORTING = "supporting"


class HeadFirmState(StrEnum):
    """How far the bureau has come with a head firm."""

    UNTOUCHED = "untouched"
    CONTACTED = "contacted"
    NEGOTIATING = "negotiating"
    SIGNED = "signed"


class CodeFault(StrEnum):
    """Why a unified social credit code is refused."""

    NUMBER = "number"
    LENGTH = "length"
    LETTERS = "letters"
    REGION = "region"
    CHECK_DIGIT = "check_digit"


CODE_LENGTH = 18
CODE_ALPHABET = frozenset("0123456789ABCDEFGHJKLMNPQRTUWXY")
"""GB 32100 leaves out I, O, S, V and Z, which are taken for digits and other letters."""

MAINLAND = "CN"
"""The only country whose firms have a credit code and a division here."""

SPECIAL = {"HK": "810000", "MO": "820000", "TW": "710000"}
"""Parts of China with an ISO code of their own, and their division here."""

_AS_NUMBER = re.compile(r"^\d+([.,]\d+)?E[+-]?\d+$|^\d{15,18}\.0*$")


def normal_code(typed: str) -> str:
    """A typed code in half-width capitals without blanks and hyphens; '' where nothing was typed."""
    text = unicodedata.normalize("NFKC", typed).upper()
    return "".join(char for char in text if not char.isspace() and char not in "-‐‑–—_")


def code_fault(code: str) -> CodeFault | None:
    """What is wrong with a normalised code; None for a good one.

    A code that a spreadsheet took for a number ("9.115E+17") has lost its last digits: it is refused
    for that, not for its length.
    """
    if _AS_NUMBER.match(code):
        return CodeFault.NUMBER
    if not set(code) <= CODE_ALPHABET:
        return CodeFault.LETTERS
    if len(code) != CODE_LENGTH:
        return CodeFault.LENGTH
    if not code[2:8].isdecimal():
        return CodeFault.REGION
    return None if uscc.is_valid(code) else CodeFault.CHECK_DIGIT


def seat(country: str, division: str) -> tuple[str, str]:
    """(country, division) as stored: a firm abroad has no division; Hong Kong, Macao, Taiwan have both."""
    if country in SPECIAL:
        return country, SPECIAL[country]
    for code, own in SPECIAL.items():
        if country == MAINLAND and division == own:
            return code, own
    return country, division if country == MAINLAND else ""


def may_support(supporter_id: int, leader_id: int) -> bool:
    """A firm does not support itself."""
    return supporter_id != leader_id


@dataclass(frozen=True)
class CompanyFilter:
    """What the list of firms is narrowed to; None and '' narrow nothing."""

    text: str = ""
    chain_id: int | None = None
    position: Position | None = None
    region: Region | None = None
    size_id: int | None = None
    public: bool | None = None

    @classmethod
    def from_args(cls, args: Mapping[str, str]) -> CompanyFilter:
        """Read from an address; what cannot be read narrows nothing."""
        return cls(
            text=args.get("q", "").strip()[:100],
            chain_id=_number(args.get("chain")),
            position=_member(Position, args.get("position")),
            region=_member(Region, args.get("region")),
            size_id=_number(args.get("size")),
            public={"yes": True, "no": False}.get(args.get("public", "")),
        )


@dataclass(frozen=True)
class HeadFirmFilter:
    """What the list of head firms is narrowed to."""

    text: str = ""
    cluster_id: int | None = None
    state: HeadFirmState | None = None
    owner_id: int | None = None

    @classmethod
    def from_args(cls, args: Mapping[str, str]) -> HeadFirmFilter:
        """Read from an address; what cannot be read narrows nothing."""
        return cls(
            text=args.get("q", "").strip()[:100],
            cluster_id=_number(args.get("cluster")),
            state=_member(HeadFirmState, args.get("state")),
            owner_id=_number(args.get("owner")),
        )

    def of_any_state(self) -> HeadFirmFilter:
        """The same, but for the state: what the counters by state count."""
        return replace(self, state=None)


def _number(text: str | None) -> int | None:
    plain = text and text.isascii() and text.isdecimal() and len(text) < 19
    return int(text) if plain and text else None


def _member(kind: type[Member], text: str | None) -> Member | None:
    return kind(text) if text in set(kind) else None
