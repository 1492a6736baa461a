"""Whether two leads may be the same: by their firms' codes, names and groups, or by what is to be built.

Pure: `queries.duplicates` brings at most 200 candidates from its indexes, these rules judge them.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz

from crm.companies.rules import normal_code
from crm.values.names import LEAST, core_key, distinctive, grams
from crm.values.text import name_key, search_key

ALIKE = 90
"""From this likeness on (rapidfuzz, of 100) two names or two contents are held to be similar."""

SHORTEST_CONTENT = 6
"""Bigrams a line needs to be compared at all: "新建厂房" is like too many."""


class Likeness(StrEnum):
    """Why a lead may be the same, the strongest first."""

    CODE = "code"
    NAME = "name"
    CONTAINED = "contained"
    SIMILAR = "similar"
    GROUP = "group"
    CONTENT = "content"

    @property
    def rank(self) -> int:
        """0 for the strongest."""
        return list(Likeness).index(self)


IDENTIFYING = frozenset({Likeness.CODE, Likeness.NAME, Likeness.CONTAINED, Likeness.SIMILAR})
"""What tells of the firm itself. Only these tell of a confidential lead: by the others its chain or its
investor's group could be found out by trying."""


@dataclass(frozen=True)
class Firm:
    """A firm as it is compared.

    Attributes:
        key, core: `values.text.name_key` and `values.names.core_key` of its name.
        code: the credit code, normalised; "" where not known.
        group: the core key of its group; "" for none.
    """

    key: str
    core: str
    code: str = ""
    group: str = ""

    @classmethod
    def named(cls, name: str, code: str = "", group: str = "") -> Firm:
        """A firm as a person types it."""
        return cls(
            key=name_key(name)[:120] if name else "",
            core=core_key(name)[:120] if name else "",
            code=normal_code(code),
            group=core_key(group)[:120] if group else "",
        )


@dataclass(frozen=True)
class Asked:
    """What is looked for.

    Attributes:
        content: the key of the one line; compared only with leads of the same chain.
        but_lead, but_company: the lead or firm that is being edited.
    """

    firm: Firm
    content: str = ""
    chain_id: int | None = None
    but_lead: int | None = None
    but_company: int | None = None

    @property
    def mark(self) -> str:
        """Says for which firm a person has seen the answer; "" while no firm is named."""
        firm = self.firm
        if not (firm.key or firm.code):
            return ""
        text = "\x00".join((firm.key, firm.code, firm.group))
        return hashlib.sha256(text.encode()).hexdigest()[:32]


def content_key(text: str) -> str:
    """A line as it is compared: one width, one case, no signs or blanks."""
    return "".join(char for char in search_key(text) if char.isalnum())


def likeness(asked: Firm, other: Firm) -> Likeness | None:
    """In what the other firm may be the one asked for; None: not at all."""
    if asked.code and asked.code == other.code:
        return Likeness.CODE
    if asked.key and asked.key == other.key:
        return Likeness.NAME
    if contains(asked.core, other.core) or contains(other.core, asked.core):
        return Likeness.CONTAINED
    if similar(asked.key, other.key):
        return Likeness.SIMILAR
    return Likeness.GROUP if _of_one_group(asked, other) else None


def contains(longer: str, shorter: str) -> bool:
    """Whether a core key is the other or a part of it that tells a firm: two characters only at the start."""
    if len(distinctive(shorter)) < LEAST or shorter not in longer:
        return False
    return longer.startswith(shorter) or len(shorter) > 2


def similar(text: str, other: str) -> bool:
    """At least `ALIKE`, of what can be told from others."""
    if min(len(distinctive(text)), len(distinctive(other))) < LEAST:
        return False
    return fuzz.ratio(text, other) >= ALIKE


def same_content(text: str, other: str) -> bool:
    """Two content keys tell of the same plan."""
    return fuzz.ratio(text, other) >= ALIKE and len(grams(text)) >= SHORTEST_CONTENT


def _of_one_group(asked: Firm, other: Firm) -> bool:
    """Members of one group, or the group's own firm and a member."""
    mine, theirs = {asked.group, asked.core}, {other.group, other.core}
    return bool(mine & theirs - {""})
