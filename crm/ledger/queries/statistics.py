"""Funds in place of a year as of a day: by month, and split into parts; read from the sums alone.

Growth compares elapsed booking months: what counts in them now, over what counted in the same months of
the year before. Arrived and agreed are of all years, for an agreement is paid over several.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from sqlalchemy.orm import Session

from crm.counting.queries import figures
from crm.counting.queries.rules import in_force
from crm.counting.rules.decisions import Measure
from crm.counting.rules.goals import Base, BaseSource, Sum, growth
from crm.ledger.queries.published import YearBefore, years_before
from crm.values.money import Money
from crm.values.period import BookingMonth, MonthKind, Year, elapsed_months

COUNTED = Measure.FUNDS_COUNTED


@dataclass(frozen=True)
class Frame:
    """The year and the day asked about, and of what; the page's filter.

    Attributes:
        on: a day of the year, at most today.
        month: the booking month that holds it.
        elapsed: how many months are over by it; growth compares these.
        before: how booking months of the year before run.
    """

    year: int
    on: date
    district_id: int | None
    month: BookingMonth
    elapsed: int
    before: MonthKind

    @property
    def over(self) -> date | None:
        """The last day of the elapsed months; None where none is over."""
        return self._last(self.year, self.month.kind)

    @property
    def over_before(self) -> date | None:
        """The same months' last day in the year before."""
        return self._last(self.year - 1, self.before)

    def _last(self, year: int, kind: MonthKind) -> date | None:
        return BookingMonth(year, self.elapsed, kind).last_day if self.elapsed else None


def frame(session: Session, year: int, on: date, district_id: int | None = None) -> Frame:
    """The frame of a day; `on` outside its year is the year's first or last day."""
    rules = in_force(session).rules
    on = max(Year(year).first_day, min(on, Year(year).last_day))
    kind = rules.of(year).months
    return Frame(
        year,
        on,
        district_id,
        BookingMonth.of(on, kind),
        elapsed_months(on, year, kind),
        rules.of(year - 1).months,
    )


# --- by month ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class MonthLine:
    """A booking month of the year, and the same month of the year before.

    Attributes:
        now: counted in it; total: from January on. None: it has not begun by the day.
        over: all of it is over by the day, so that it is compared.
        before: of the year before; None where its source does not say. base: cumulative.
    """

    month: BookingMonth
    now: Sum | None
    total: Sum | None
    over: bool
    before: Money | None
    base: Base

    @property
    def growth(self) -> Fraction | None:
        """Of the cumulative figure, once the month is over."""
        return grown(self.total, self.base) if self.over and self.total else None


def months(session: Session, asked: Frame, *, at: datetime) -> list[MonthLine]:
    """The twelve months of the frame's year."""
    now = figures.by_booking_month(session, asked.year, on=asked.on, district_id=asked.district_id)
    before = years_before(session, asked.year, at=at)[asked.district_id]
    lines, total = [], Sum()
    for place, month in enumerate(BookingMonth.of_year(asked.year, asked.month.kind)):
        begun = month.first_day <= asked.on
        total += now[place]
        lines.append(
            MonthLine(
                month,
                now[place] if begun else None,
                total if begun else None,
                place < asked.elapsed,
                _alone(before, place + 1),
                before.base(place + 1),
            )
        )
    return lines


def _alone(before: YearBefore, number: int) -> Money | None:
    """A single month of the year before: the difference of two cumulative figures of one source."""
    until, upto = before.base(number), before.base(number - 1)
    if until.amount is None:
        return None
    if number == 1 or (until.source is BaseSource.LEDGER and upto.amount is None):
        return until.amount  # a ledger that holds nothing before: a base of 0 is no base
    if upto.source is not until.source or upto.amount is None:
        return None
    return until.amount - upto.amount


def grown(now: Sum, base: Base) -> Fraction | None:
    """Growth over a base; None without one."""
    return growth(now.amount.fen, base.amount.fen if base.amount else None)
