"""Booking months and years: when they close, and where a confirmed receipt is booked.

Closing is computed from the day; only what people do beside it (early closes, reopenings) is an event.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from crm.counting.rules.plain import SHANGHAI
from crm.counting.rules.sets import RuleSet
from crm.values.period import BookingMonth
from crm.values.workdays import WorkCalendar

DECEMBER = 12
WHOLE_YEAR = 0


@dataclass(frozen=True)
class BookEvent:
    """A month closed early or reopened, or a year (month 0) reopened or closed again, at an instant."""

    year: int
    month: int
    at: datetime
    opens: bool


@dataclass(frozen=True)
class Booking:
    """Where a confirmed receipt is booked.

    Attributes:
        late: confirmed after its month had closed, so marked 补报.
        stands_on: its arrival day or, in a later month, that month's first day.
    """

    month: BookingMonth
    late: bool
    stands_on: date


@dataclass(frozen=True)
class Books:
    """The official working days, and what people closed and reopened."""

    workdays: WorkCalendar = field(default_factory=WorkCalendar)
    events: tuple[BookEvent, ...] = ()

    def closes_on(self, month: BookingMonth, rules: RuleSet) -> date:
        """The last day on which the month is open by itself: December's is the year's."""
        year_closes = rules.year_closes(month.year)
        if month.month == DECEMBER:
            return year_closes
        return min(self.workdays.add(month.last_day, rules.closes_after), year_closes)

    def year_open(self, year: int, at: datetime, rules: RuleSet) -> bool:
        """Whether the year takes confirmations at the instant."""
        return self._open(year, WHOLE_YEAR, rules.year_closes(year), at)

    def month_open(self, month: BookingMonth, at: datetime, rules: RuleSet) -> bool:
        """Whether the month takes confirmations at the instant; never in a closed year."""
        if not self.year_open(month.year, at, rules):
            return False
        return month.month == DECEMBER or self._open(
            month.year, month.month, self.closes_on(month, rules), at
        )

    def open_months(self, year: int, at: datetime, rules: RuleSet) -> Iterator[BookingMonth]:
        """The year's months that take confirmations at the instant, the first one first."""
        months = BookingMonth.of_year(year, rules.months)
        return (month for month in months if self.month_open(month, at, rules))

    def takes(self, year: int, confirmed_at: datetime, rules: RuleSet) -> datetime | None:
        """When the year takes a receipt confirmed at the instant: then, if it is open; else when it

        is next reopened; None as long as it is not: the receipt is listed and counts in no year.
        """
        if self.year_open(year, confirmed_at, rules):
            return confirmed_at
        return min(
            (
                event.at
                for event in self.events
                if (event.year, event.month, event.opens) == (year, WHOLE_YEAR, True)
                and event.at >= confirmed_at
            ),
            default=None,
        )

    def book(self, arrived: date, confirmed_at: datetime, rules: RuleSet) -> Booking | None:
        """The booking of a confirmed receipt or reversal; None where its year is closed to it."""
        own = BookingMonth.of(arrived, rules.months)
        at = self.takes(own.year, confirmed_at, rules)
        if at is None:
            return None
        month = next(month for month in self.open_months(own.year, at, rules) if month >= own)
        late = month != own or at >= after(self.closes_on(own, rules))
        return Booking(month, late, arrived if month == own else month.first_day)

    def _open(self, year: int, month: int, closes_on: date, at: datetime) -> bool:
        """Open until the day is over, unless the last event by then says otherwise.

        A reopening before that day only takes an early close back: the day still closes.
        """
        closes = after(closes_on)
        happened = sorted(
            (
                event
                for event in self.events
                if (event.year, event.month) == (year, month) and event.at <= at
            ),
            key=lambda event: event.at,
        )
        if not happened:
            return at < closes
        last = happened[-1]  # of two at one instant the one noted later
        return last.opens and (at < closes or last.at >= closes)


def after(day: date) -> datetime:
    """The instant at which the Shanghai day is over."""
    return datetime.combine(day + timedelta(days=1), time(), SHANGHAI)
