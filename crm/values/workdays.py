"""Working days by the official calendar, and days by which something is owed."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from crm.values.period import IsoWeek

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class WorkCalendar:
    """Monday to Friday, less the `rest` days, plus the `extra` days worked in exchange (调休).

    The caller brings both from the official table. A day in both is a ValueError.
    """

    rest: frozenset[date] = frozenset()
    extra: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        if self.rest & self.extra:
            raise ValueError("a day is either rest or work")

    @classmethod
    def build(cls, rest: Iterable[date], extra: Iterable[date]) -> "WorkCalendar":
        """A calendar from the days of any two collections."""
        return cls(frozenset(rest), frozenset(extra))

    def corrected(self, days: Mapping[date, bool]) -> "WorkCalendar":
        """The calendar where each of these days is worked (True) or not, whatever it was before."""
        on = {day for day, works in days.items() if works}
        return WorkCalendar.build(
            (self.rest - on) | (days.keys() - on), (self.extra - days.keys()) | on
        )

    def is_workday(self, day: date) -> bool:
        """Whether the offices work on the day."""
        return day in self.extra or (day.weekday() < 5 and day not in self.rest)

    def add(self, day: date, n: int) -> date:
        """The n-th working day after the day; the day itself for 0. ValueError for a negative n."""
        if n < 0:
            raise ValueError("working days are counted forwards")
        while n:
            day += _ONE_DAY
            n -= self.is_workday(day)
        return day

    def between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; 0 when `end` is not later."""
        return max(0, self._number(end) - self._number(start))

    def since(self, end: date, n: int) -> date:
        """The earliest day from which at most n working days have passed up to `end`.

        `between(day, end) > n` holds for exactly the days before it, so that a list compares a column
        with one day instead of counting for each row. ValueError for a negative n.
        """
        if n < 0:
            raise ValueError("working days are counted forwards")
        day = end
        while self.between(day - _ONE_DAY, end) <= n:
            day -= _ONE_DAY
        return day

    def first_of_week(self, week: IsoWeek) -> date | None:
        """The first working day from Monday to Sunday, None in a week of rest."""
        return next(iter(self._of_week(week)), None)

    def last_of_week(self, week: IsoWeek) -> date | None:
        """The last working day from Monday to Sunday, None in a week of rest."""
        return next(reversed(self._of_week(week)), None)

    def _of_week(self, week: IsoWeek) -> list[date]:
        days = (week.first_day + timedelta(days=n) for n in range(7))
        return [day for day in days if self.is_workday(day)]

    def _number(self, day: date) -> int:
        """Working days since the calendar began: lists ask for thousands, so no walking of days."""
        weeks, weekday = divmod(day.toordinal() - 1, 7)
        weekdays = weeks * 5 + min(weekday + 1, 5)
        weekdays -= bisect_right(self._weekdays_off, day)
        return weekdays + bisect_right(self._weekends_on, day)

    @cached_property
    def _weekdays_off(self) -> list[date]:
        return sorted(day for day in self.rest if day.weekday() < 5)

    @cached_property
    def _weekends_on(self) -> list[date]:
        return sorted(day for day in self.extra if day.weekday() >= 5)


def owed_until(day: date, days: int) -> date:
    """The due day, itself not yet late: so many calendar days after the day."""
    return day + timedelta(days=days)
