"""Cohorts: leads by the day they entered, how far they have come, where they are now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from crm.leads.rules.kinds import Stage
from crm.values.period import IsoWeek, Month, Period, Quarter, Year
from crm.values.rate import ratio


class Span(StrEnum):
    """How long a cohort's period is."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


PERIODS: dict[Span, type[Period]] = {
    Span.WEEK: IsoWeek,
    Span.MONTH: Month,
    Span.QUARTER: Quarter,
    Span.YEAR: Year,
}

SHOWN: dict[Span, int] = {Span.WEEK: 13, Span.MONTH: 12, Span.QUARTER: 8, Span.YEAR: 4}
"""How many periods the table shows, the latest first."""


class Fate(StrEnum):
    """Where a lead of a cohort is on the day asked about: in one of these."""

    OPEN = "open"
    ON_HOLD = "on_hold"
    LOST = "lost"
    SIGNED = "signed"


@dataclass(frozen=True)
class Cohort:
    """Leads that entered in a period; a stage is reached when it or a later one was ever stood in."""

    entered: int = 0
    reached: Mapping[Stage, int] = field(default_factory=dict)
    fates: Mapping[Fate, int] = field(default_factory=dict)

    def __add__(self, other: Cohort) -> Cohort:
        return Cohort(
            self.entered + other.entered,
            {stage: self.at(stage) + other.at(stage) for stage in Stage},
            {fate: self.fates.get(fate, 0) + other.fates.get(fate, 0) for fate in Fate},
        )

    def at(self, stage: Stage) -> int:
        """How many reached a stage; all were identified."""
        return self.entered if stage is Stage.IDENTIFIED else self.reached.get(stage, 0)

    def step(self, stage: Stage) -> Fraction | None:
        """Of those that reached the stage before, the part that reached this one."""
        return ratio(self.at(stage), self.at(before(stage)))

    def share(self, stage: Stage) -> Fraction | None:
        """Of all that entered."""
        return ratio(self.at(stage), self.entered)


def before(stage: Stage) -> Stage:
    """The stage before; the first one's is itself."""
    return list(Stage)[max(0, stage.rank - 1)]


def period_of(span: Span, day: date) -> Period:
    """The period of the kind that holds the day."""
    return PERIODS[span].of(day)


def periods(span: Span, day: date) -> list[Period]:
    """The periods of the table, the day's own first."""
    found = [period_of(span, day)]
    while len(found) < SHOWN[span]:
        found.append(found[-1].previous())
    return found


def year_before(span: Span, period: Period) -> Period:
    """The same period a year earlier; of a week, the one 52 weeks before."""
    if span is Span.WEEK:
        return period_of(span, period.first_day - timedelta(weeks=52))
    first = period.first_day
    return period_of(span, first.replace(year=first.year - 1))


def together(days: Iterable[tuple[date, Cohort]], period: Period) -> Cohort:
    """The cohort of a period from those of its days."""
    return sum((one for day, one in days if period.contains(day)), Cohort())
