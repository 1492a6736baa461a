"""Who is due which letter when: pure, from a person's wishes, the house's and the calendar of working days.

A letter's slot makes it unique: the ISO week of a weekly letter and of a Friday notice, the day of a brief.
A slot whose moment has passed is caught up while it lasts, the week or the day, and never after.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from crm.notices.rules import LetterKind
from crm.values.period import IsoWeek
from crm.values.workdays import WorkCalendar


@dataclass(frozen=True)
class Policy:
    """What the house has set for everybody.

    Attributes:
        hour: of weekly letters and daily briefs; friday_hour: of the notice on the last working day.
        friday: whether that notice goes out at all.
        domains: the mail domains of the house; elsewhere letters hold numbers alone. Empty: no limit.
    """

    on: bool = True
    hour: int = 8
    friday: bool = True
    friday_hour: int = 15
    domains: tuple[str, ...] = ()

    def plain(self, address: str) -> bool:
        """Whether an address is outside the house's domains, so that a letter to it names nothing."""
        return bool(self.domains) and address.rpartition("@")[2].casefold() not in self.domains


@dataclass(frozen=True)
class Wishes:
    """How a person wants his letters.

    Attributes:
        weekday: 1 Monday to 7 Sunday; None: the first working day of the week.
        hour: None: the house's.
        paused_until: no letter before this day.
        when_empty: also when there is nothing to say.
    """

    weekday: int | None = None
    hour: int | None = None
    paused_until: date | None = None
    when_empty: bool = False
    friday: bool = True
    daily: bool = False

    def paused(self, day: date) -> bool:
        """Whether nothing is to be sent on the day."""
        return self.paused_until is not None and day < self.paused_until


@dataclass(frozen=True)
class Due:
    """A letter that a person is due: its slot, and since when."""

    kind: LetterKind
    slot: str
    at: datetime


def due(wishes: Wishes, policy: Policy, calendar: WorkCalendar, now: datetime) -> list[Due]:
    """What is due at a moment (in Shanghai's time zone), whether it was written already or not."""
    if not policy.on or wishes.paused(now.date()):
        return []
    coming = _slots(wishes, policy, calendar, now.date(), now.tzinfo)
    return [one for one in coming if one.at <= now]


def _slots(
    wishes: Wishes, policy: Policy, calendar: WorkCalendar, today: date, zone: tzinfo | None
) -> Iterator[Due]:
    """The letters of the week and the day that a day is in."""
    week = IsoWeek.of(today)
    first = letter_day(calendar, week, wishes.weekday)
    if first is None:
        return
    hour = policy.hour if wishes.hour is None else wishes.hour
    yield Due(LetterKind.WEEKLY, str(week), _at(first, hour, zone))
    last = calendar.last_of_week(week)
    if policy.friday and wishes.friday and last == today and last != first:
        yield Due(LetterKind.FRIDAY, str(week), _at(today, policy.friday_hour, zone))
    if wishes.daily and today != first and calendar.is_workday(today):
        yield Due(LetterKind.DAILY, today.isoformat(), _at(today, hour, zone))


def weekly(
    wishes: Wishes, policy: Policy, calendar: WorkCalendar, week: IsoWeek, zone: tzinfo | None
) -> datetime | None:
    """The moment of a person's letter of a week; None in a week without a working day."""
    day = letter_day(calendar, week, wishes.weekday)
    hour = policy.hour if wishes.hour is None else wishes.hour
    return None if day is None else _at(day, hour, zone)


def next_weekly(
    wishes: Wishes, policy: Policy, calendar: WorkCalendar, now: datetime
) -> datetime | None:
    """When a person's next weekly letter comes; None while the house writes none."""
    if not policy.on:
        return None
    week = IsoWeek.of(max(now.date(), wishes.paused_until or now.date()))
    while True:
        at = weekly(wishes, policy, calendar, week, now.tzinfo)
        if at is not None and at > now and not wishes.paused(at.date()):
            return at
        week = week.next()


def letter_day(calendar: WorkCalendar, week: IsoWeek, weekday: int | None = None) -> date | None:
    """The day of a week's letter; None in a week without a working day.

    A chosen weekday of rest gives way to the next working day of the week, or else to its last.
    """
    first = calendar.first_of_week(week)
    if first is None or weekday is None:
        return first
    days = (week.first_day + timedelta(days=n) for n in range(weekday - 1, 7))
    return next((day for day in days if calendar.is_workday(day)), calendar.last_of_week(week))


def week_before(calendar: WorkCalendar, week: IsoWeek) -> IsoWeek:
    """The last week before this one that had a letter: weeks of rest do not break a run."""
    earlier = week.previous()
    while calendar.first_of_week(earlier) is None:
        earlier = earlier.previous()
    return earlier


def _at(day: date, hour: int, zone: tzinfo | None) -> datetime:
    return datetime.combine(day, time(hour), zone)
