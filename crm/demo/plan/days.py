"""Days on which something can happen: working days of the official calendar, weekends and holidays off."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import date, timedelta
from random import Random

from crm.values.workdays import WorkCalendar

FIRST_YEAR = 2024
"""The base year, with which the demo begins."""

SEED = "baotou 2025"


def dice(*what: object) -> Random:
    """A source of chance that depends on nothing but the name."""
    return Random(" ".join((SEED, *map(str, what))))


class Days:
    """The working days from the demo's first one to the last before today.

    Attributes:
        today: nothing happens on it: the day belongs to whoever looks at the demo.
        first, last: the first and the last day on which something happens.
    """

    def __init__(self, calendar: WorkCalendar, today: date) -> None:
        self.today = today
        start, end = date(min(FIRST_YEAR, today.year - 1), 1, 1), today + timedelta(days=1100)
        span = (start + timedelta(days=n) for n in range((end - start).days))
        self._all = [day for day in span if calendar.is_workday(day)]
        self.first = self._all[0]
        self.last = self._all[bisect_left(self._all, today) - 1]

    def on(self, day: date) -> date:
        """The day itself or the next working day."""
        return self._all[min(bisect_left(self._all, day), len(self._all) - 1)]

    def upto(self, day: date) -> date:
        """The day itself or the working day before it."""
        return self._all[max(bisect_right(self._all, day) - 1, 0)]

    def add(self, day: date, count: int) -> date:
        """So many working days later, or earlier where the count is negative."""
        place = (bisect_right(self._all, day) - 1) if count >= 0 else bisect_left(self._all, day)
        return self._all[min(max(place + count, 0), len(self._all) - 1)]

    def pick(self, chance: Random, first: date, last: date) -> date:
        """A working day between two, both included; the nearest one where there is none."""
        low, high = bisect_left(self._all, first), bisect_right(self._all, last) - 1
        if high < low:
            return self.upto(max(first, last)) if low >= len(self._all) else self._all[low]
        return self._all[chance.randint(low, high)]

    def count(self, first: date, last: date) -> int:
        """How many working days lie between two, both included."""
        return max(0, bisect_right(self._all, last) - bisect_left(self._all, first))

    def past(self, day: date) -> bool:
        """Whether it has happened."""
        return day <= self.last

    def ago(self, days: int) -> date:
        """The working day on or before so many calendar days before today; within the story."""
        return max(self.first, min(self.upto(self.today - timedelta(days=days)), self.last))
