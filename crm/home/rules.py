"""The piles of a work page, and how its lines are grouped by day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Generic, Protocol, TypeVar


class Pile(StrEnum):
    """What a counter counts and filters.

    Overdue, today and this week (from today to Sunday) are next steps and papers owed, by their days;
    no step is an open lead that plans none; evidence is all that projects owe, whenever it is due.
    """

    OVERDUE = "overdue"
    TODAY = "today"
    WEEK = "week"
    NO_STEP = "no_step"
    EVIDENCE = "evidence"


@dataclass(frozen=True)
class Week:
    """The week around a day, Monday to Sunday."""

    monday: date
    today: date

    @classmethod
    def of(cls, today: date) -> Week:
        """The week this day is in."""
        return cls(today - timedelta(days=today.weekday()), today)

    @property
    def sunday(self) -> date:
        """Its last day."""
        return self.monday + timedelta(days=6)

    @property
    def days(self) -> list[date]:
        """Its seven days."""
        return [self.monday + timedelta(days=n) for n in range(7)]


class Dated(Protocol):
    """A line of the list: what has to be done by a day; None where no day is planned."""

    @property
    def day(self) -> date | None:
        """The day."""


Line = TypeVar("Line", bound=Dated)


@dataclass(frozen=True)
class Group(Generic[Line]):
    """Lines that stand under one heading: overdue together, then day by day, then those without one."""

    day: date | None
    overdue: bool
    lines: Sequence[Line]


def in_order(lines: Sequence[Line]) -> list[Line]:
    """The lines by day, those without one last; of one day in the order they came."""
    return sorted(lines, key=lambda line: line.day or date.max)


def by_day(lines: Sequence[Line], today: date) -> list[Group[Line]]:
    """The list as a page shows it: what is late first, oldest first, then each day, then what has no day."""
    dated = [line for line in in_order(lines) if line.day is not None]
    late = [line for line in dated if line.day is not None and line.day < today]
    days = sorted({line.day for line in dated if line.day is not None and line.day >= today})
    without = [line for line in lines if line.day is None]
    groups = [Group(day, False, [line for line in dated if line.day == day]) for day in days]
    if late:
        groups.insert(0, Group(None, True, late))
    if without:
        groups.append(Group(None, False, without))
    return groups
