"""What two leads may claim of one firm: judged when their codes are equal, protected for whoever files first.

All days are calendar days and the last one is included. A protection's days are fixed when they are given, so
that a changed setting moves nothing that was promised; whether it still holds is read off the days alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum


class Judgement(StrEnum):
    """What a manager says of two leads in hand whose firms have one credit code.

    SAME: one negotiation, led by the earlier lead; the later one is to be given up. DIFFERENT: two
    projects of one firm, both go on. MERGE: the two are to become one lead.
    """

    SAME = "same"
    DIFFERENT = "different"
    MERGE = "merge"


class ClaimState(StrEnum):
    """Where a first report (首报首谈) stands on a day."""

    RESERVED = "reserved"
    PROTECTED = "protected"
    LAPSED = "lapsed"
    ENDED = "ended"

    @property
    def holds(self) -> bool:
        """Nobody else can file the same firm."""
        return self in {ClaimState.RESERVED, ClaimState.PROTECTED}


class Ending(StrEnum):
    """How a first report came to its end before its days did, or was set aside after them."""

    RELEASED = "released"
    OVERRULED = "overruled"
    LAPSED = "lapsed"


class Ruling(StrEnum):
    """What a city manager rules where a first report is contested."""

    KEEP = "keep"
    PASSES = "passes"


@dataclass(frozen=True)
class Terms:
    """How many days a first report is good for (`domain.md` section 2); each a setting."""

    reserve: int = 15
    protect: int = 180
    silence: int = 60
    warn: int = 30


@dataclass(frozen=True)
class Days:
    """The days of a first report.

    Attributes:
        reserve_until: the last day of the reservation that filing gives.
        since, until: the protection's first and last day; None until a named person was met.
        contact_on: the last contact with a named person of the investor.
        holds_until: the last day on which anything of it holds, unless something is done.
        warn_from: from this day on its holder is told.
    """

    filed_on: date
    reserve_until: date
    holds_until: date
    warn_from: date
    since: date | None = None
    until: date | None = None
    contact_on: date | None = None


def filed(day: date, terms: Terms) -> Days:
    """A first report as it is filed: a reservation."""
    last = day + timedelta(days=terms.reserve)
    return Days(day, last, last, last - _notice(terms.reserve, terms))


def contacted(days: Days, day: date, terms: Terms) -> Days:
    """After a contact with a named person: the first one begins the protection, each keeps it alive.

    A contact before the filing, or before a later one that is known, changes nothing. The caller has seen
    that it holds on the day on which the contact is logged: what has lapsed is not revived.
    """
    if day < days.filed_on or (days.contact_on is not None and day <= days.contact_on):
        return days
    since = days.since or day
    until = days.until or since + timedelta(days=terms.protect)
    return _alive(replace(days, since=since, until=until, contact_on=day), terms)


def renewed(days: Days, terms: Terms) -> Days:
    """Extended by another term from its last day on."""
    if days.until is None:
        raise ValueError("a reservation is not extended: a contact makes it a protection")
    return _alive(replace(days, until=days.until + timedelta(days=terms.protect)), terms)


def may_renew(days: Days, today: date, terms: Terms) -> bool:
    """In the last days before its end, while it holds."""
    if days.until is None or not today <= days.holds_until:
        return False
    return today >= days.until - timedelta(days=terms.warn)


def state_on(days: Days, ended_on: date | None, today: date) -> ClaimState:
    """Where it stands on a day; `ended_on`: the day on which it was ended."""
    if ended_on is not None and ended_on <= today:
        return ClaimState.ENDED
    if today > days.holds_until:
        return ClaimState.LAPSED
    return ClaimState.PROTECTED if days.since is not None else ClaimState.RESERVED


def days_left(days: Days, today: date) -> int:
    """Days until its last one; 0 on that day."""
    return (days.holds_until - today).days


NOBODY = frozenset(
    {
        "对方", "企业", "公司", "客户", "投资方", "负责人", "领导", "老板", "相关人员", "相关负责人",
        "同上", "无", "未知", "不详", "待定", "暂无", "-", "—", "/",
    }
)  # fmt: skip
"""Words that name no person."""


def names_somebody(text: str) -> bool:
    """Whether "their people" of a follow-up names a person of the investor."""
    plain = "".join(text.split()).strip("、,，.。;；")
    return len(plain) > 1 and plain not in NOBODY


def _alive(days: Days, terms: Terms) -> Days:
    """With the day on which it ends, and the one from which its holder is warned."""
    assert days.until is not None and days.contact_on is not None  # noqa: S101, PT018
    silent = days.contact_on + timedelta(days=terms.silence)
    if days.until <= silent:
        return replace(
            days,
            holds_until=days.until,
            warn_from=days.until - _notice(terms.protect, terms),
        )
    return replace(days, holds_until=silent, warn_from=silent - _notice(terms.silence, terms))


def _notice(length: int, terms: Terms) -> timedelta:
    """How long before an end one is told: 30 days, of a short term a third of it."""
    return timedelta(days=min(terms.warn, length // 3))
