"""Periods of days, both ends included: year, quarter, month, booking month, ISO week."""

from abc import ABC, abstractmethod
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Self

_ONE_DAY = timedelta(days=1)


class Period(ABC):
    """A run of days with neighbours of its kind. ValueError for one that the calendar lacks."""

    def __post_init__(self) -> None:
        try:
            _ = self.first_day, self.last_day
        except OverflowError as error:
            raise ValueError(str(error)) from error

    @property
    @abstractmethod
    def first_day(self) -> date:
        """The first day that belongs to it."""

    @property
    @abstractmethod
    def last_day(self) -> date:
        """The last day that belongs to it."""

    @classmethod
    @abstractmethod
    def of(cls, day: date) -> Self:
        """The period of this kind that holds the day."""

    def contains(self, day: date) -> bool:
        """Whether the day belongs to it."""
        return self.first_day <= day <= self.last_day

    def next(self) -> Self:
        """The one that begins the day after this one ends."""
        return self._alike(self.last_day + _ONE_DAY)

    def previous(self) -> Self:
        """The one that ends the day before this one begins."""
        return self._alike(self.first_day - _ONE_DAY)

    def _alike(self, day: date) -> Self:
        return self.of(day)


@dataclass(frozen=True, order=True)
class Year(Period):
    """A calendar year, "2026"."""

    year: int

    @property
    def first_day(self) -> date:
        return date(self.year, 1, 1)

    @property
    def last_day(self) -> date:
        return date(self.year, 12, 31)

    @classmethod
    def of(cls, day: date) -> Self:
        return cls(day.year)

    def __str__(self) -> str:
        return f"{self.year:04}"


@dataclass(frozen=True, order=True)
class Quarter(Period):
    """A calendar quarter, "2026-Q3"."""

    year: int
    quarter: int

    @property
    def first_day(self) -> date:
        return date(self.year, 3 * self.quarter - 2, 1)

    @property
    def last_day(self) -> date:
        return Month(self.year, 3 * self.quarter).last_day

    @classmethod
    def of(cls, day: date) -> Self:
        return cls(day.year, (day.month + 2) // 3)

    def __str__(self) -> str:
        return f"{self.year:04}-Q{self.quarter}"


@dataclass(frozen=True, order=True)
class Month(Period):
    """A calendar month, "2026-07"."""

    year: int
    month: int

    @property
    def first_day(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        return date(self.year, self.month, monthrange(self.year, self.month)[1])

    @classmethod
    def of(cls, day: date) -> Self:
        return cls(day.year, day.month)

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"


class MonthKind(StrEnum):
    """How months run: calendar for starts, statistical (by default) for funds."""

    CALENDAR = "calendar"
    STATISTICAL = "statistical"


@dataclass(frozen=True, order=True)
class BookingMonth(Period):
    """The month in which money is booked, "2026-07"; twelve make exactly a calendar year.

    A statistical one runs from the 26th to the 25th, but from 1 January and to 31 December.
    """

    year: int
    month: int
    kind: MonthKind = MonthKind.STATISTICAL

    @property
    def first_day(self) -> date:
        if self.kind is MonthKind.CALENDAR or self.month == 1:
            return date(self.year, self.month, 1)
        return date(self.year, self.month - 1, 26)

    @property
    def last_day(self) -> date:
        if self.kind is MonthKind.CALENDAR or self.month == 12:
            return Month(self.year, self.month).last_day
        return date(self.year, self.month, 25)

    @classmethod
    def of(cls, day: date, kind: MonthKind = MonthKind.STATISTICAL) -> Self:
        late = kind is MonthKind.STATISTICAL and day.day >= 26 and day.month < 12
        return cls(day.year, day.month + late, kind)

    @classmethod
    def of_year(cls, year: int, kind: MonthKind = MonthKind.STATISTICAL) -> tuple[Self, ...]:
        """The twelve of a year, January first."""
        return tuple(cls(year, month, kind) for month in range(1, 13))

    def _alike(self, day: date) -> Self:
        return self.of(day, self.kind)

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"


@dataclass(frozen=True, order=True)
class IsoWeek(Period):
    """An ISO week, Monday to Sunday, "2026-W47"; its year is that of its Thursday."""

    year: int
    week: int

    @property
    def first_day(self) -> date:
        return date.fromisocalendar(self.year, self.week, 1)

    @property
    def last_day(self) -> date:
        return date.fromisocalendar(self.year, self.week, 7)

    @classmethod
    def of(cls, day: date) -> Self:
        year, week, _ = day.isocalendar()
        return cls(year, week)

    def __str__(self) -> str:
        return f"{self.year:04}-W{self.week:02}"


def elapsed_months(on: date, year: int, kind: MonthKind) -> int:
    """How many of the year's months, closed or not, end on or before the day; 12 after the year.

    The schedule is this / 12: 30 June is 6/12.
    """
    return sum(month.last_day <= on for month in BookingMonth.of_year(year, kind))
