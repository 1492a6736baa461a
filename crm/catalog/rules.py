"""The kinds of catalog rows, and the settings people may edit with their defaults."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class DistrictKind(StrEnum):
    """What kind of place a district is."""

    CITY = "city"
    DISTRICT = "district"
    BANNER = "banner"
    COUNTY = "county"
    ZONE = "zone"


class NodeState(StrEnum):
    """Whether a chain has this node in the city, or misses it."""

    PRESENT = "present"
    GAP = "gap"


class Anchor(StrEnum):
    """What a lead of an attraction model hangs on."""

    HEAD_FIRM = "head_firm"
    SCENARIO = "scenario"
    NODE = "node"
    NONE = "none"


class TermKind(StrEnum):
    """The dictionaries that an administrator keeps."""

    SOURCE = "source"
    HOLD_REASON = "hold_reason"
    LOST_REASON = "lost_reason"
    BACK_REASON = "back_reason"
    TERMINATION_REASON = "termination_reason"
    SIZE_CLASS = "size_class"
    DEPARTMENT = "department"
    TAG = "tag"


class Region(StrEnum):
    """Where a firm's headquarters stand, as the bureau speaks of it."""

    JJJ = "jjj"
    YRD = "yrd"
    GBA = "gba"
    OTHER = "other"
    REGION = "region"
    CITY = "city"
    ABROAD = "abroad"


LAST_YEAR = 9999
"""A catalog row that still holds has this as its last year."""


@dataclass(frozen=True)
class Clocks:
    """Limits, each a setting; defaults of `domain.md` section 2.

    Working days, but for what is owed and what is protected, which are calendar days.
    """

    appraise: int = 3
    silence_key: int = 7
    silence: int = 14
    silence_explain: int = 30
    stage_identified: int = 15
    stage_contacted: int = 45
    stage_negotiating: int = 120
    stage_drafted: int = 60
    owed_signed: int = 15
    owed_registered: int = 15
    owed_started: int = 30
    owed_commissioned: int = 60
    protect_reserve: int = 15
    protect_days: int = 180
    protect_silence: int = 60
    protect_warn: int = 30
    key_lead_yi: int = 10
    """亿元 from which a lead is a key lead (≥)."""
