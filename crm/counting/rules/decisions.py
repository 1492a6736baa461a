"""What a decision is: the answer, the rule that gave it, its day, and what it adds to the figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any

from crm.values.money import Money
from crm.values.period import Year

FOREVER = date(9999, 12, 31)
"""The end of what still stands."""


class Verdict(StrEnum):
    """计入 / 不计入 / 待定."""

    COUNTS = "counts"
    DOES_NOT_COUNT = "does_not_count"
    PENDING = "pending"


class Reason(StrEnum):
    """The rule that decided, alike for starts and receipts."""

    # a project is no start of the goal
    REAL_ESTATE = "real_estate"
    INFRASTRUCTURE = "infrastructure"
    CAPITAL_INCREASE = "capital_increase"
    SIGNED_BEFORE = "signed_before"
    PHASE_WITHOUT_FILING = "phase_without_filing"
    UPGRADE = "upgrade"
    MOVED_INSIDE_PLANT = "moved_inside_plant"
    MOVED_WITHIN_CITY = "moved_within_city"
    PPP = "ppp"
    WHOLLY_FISCAL = "wholly_fiscal"
    BELOW_MINIMUM = "below_minimum"
    TERMINATED = "terminated"
    TERMINATED_IN_YEAR = "terminated_in_year"
    # it may become one
    MOVED_FROM_UNKNOWN = "moved_from_unknown"
    FISCAL_PART_UNKNOWN = "fiscal_part_unknown"
    NOT_STARTED = "not_started"
    NOT_RECOGNISED = "not_recognised"
    EVIDENCE_OWED = "evidence_owed"
    # it is one
    STARTED = "started"
    STARTED_EARLIER = "started_earlier"
    # a receipt is no money of the goal
    FROM_CITY = "from_city"
    ORIGIN_NOT_ADMITTED = "origin_not_admitted"
    FISCAL_LINE = "fiscal_line"
    WITHDRAWN = "withdrawn"
    YEAR_CLOSED = "year_closed"
    # it may become such money
    RETURNED = "returned"
    NOT_REVIEWED = "not_reviewed"
    NOT_CONFIRMED = "not_confirmed"
    # it is
    IN_PLACE = "in_place"
    BOOKED_LATE = "booked_late"
    # either, asked about another year than its own
    OTHER_YEAR = "other_year"


class Measure(StrEnum):
    """What is summed. The steps of starts are disjoint, and so are money reported and money counted."""

    STARTS_IN_HAND = "starts_in_hand"
    STARTS_REPORTED = "starts_reported"
    STARTS_COUNTED = "starts_counted"
    FUNDS_AGREED = "funds_agreed"
    FUNDS_PLANNED = "funds_planned"
    FUNDS_REPORTED = "funds_reported"
    FUNDS_COUNTED = "funds_counted"


FLOWS = frozenset(
    {
        Measure.STARTS_COUNTED,
        Measure.FUNDS_PLANNED,
        Measure.FUNDS_REPORTED,
        Measure.FUNDS_COUNTED,
    }
)
"""Measures of a year: summed from its first day to the day asked about. The others are stocks, whatever

stands on that day.
"""


class Cohort(StrEnum):
    """新开工 / 续建: the receipt's project started this year, or in an earlier one."""

    NEW = "new"
    CONTINUING = "continuing"


@dataclass(frozen=True)
class Standing:
    """A row of a figure: from a day, until another (excluded), so much.

    Attributes:
        origin, cohort: of a receipt, by their stored values; "" for a project, or not known.
    """

    measure: Measure
    day_from: date
    amount: Money
    day_until: date = FOREVER
    origin: str = ""
    cohort: str = ""


@dataclass(frozen=True)
class Decision:
    """Whether a project or a receipt counts, and why.

    Attributes:
        year: the year that it counts in, else None; `rules_of` the year whose rule set decided.
        stands_on: the day on which it counts, else None.
        amount: what was measured against the goal: a start's investment, a receipt's money.
        looked_at: the facts that the rules asked for up to the one that decided, as JSON.
        late: counts in a later year than that of its date, or is booked 补报, and says so.
        month: a receipt's booking month, 1 to 12.
        terminated_later: counted in its year and terminated in a later one: history stands, and says so.
        owed: keys of what is to be given before it can count.
        standings: what it adds to the figures.
    """

    verdict: Verdict
    reason: Reason
    rules_of: int
    amount: Money
    looked_at: Mapping[str, Any] = field(default_factory=dict)
    year: int | None = None
    stands_on: date | None = None
    late: bool = False
    month: int | None = None
    terminated_later: bool = False
    owed: tuple[str, ...] = ()
    standings: tuple[Standing, ...] = ()

    def in_year(self, year: int) -> tuple[Verdict, Reason]:
        """The answer for one year: what counts in another year does not count in this one."""
        if self.verdict is Verdict.COUNTS and self.year != year:
            return Verdict.DOES_NOT_COUNT, Reason.OTHER_YEAR
        return self.verdict, self.reason


def stands(standing: Standing, on: date, year: int) -> bool:
    """Whether a row belongs to its measure's figure of the year as of the day.

    A flow's rows began in the year; a stock's rows may have begun at any time.
    """
    if standing.measure in FLOWS:
        on = min(on, Year(year).last_day)
        if standing.day_from < Year(year).first_day:
            return False
    return standing.day_from <= on < standing.day_until


def cut(standing: Standing) -> Standing | None:
    """The row as it enters the figures; None for one that never stood.

    What ends a flow's row after its year does not end it: in later years history stands.
    """
    if standing.day_until <= standing.day_from:
        return None
    if standing.measure in FLOWS and standing.day_until.year > standing.day_from.year:
        return replace(standing, day_until=FOREVER)
    return standing
