from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.values.period import (
    BookingMonth,
    IsoWeek,
    Month,
    MonthKind,
    Period,
    Quarter,
    Year,
    elapsed_months,
)

CALENDAR, STATISTICAL = MonthKind.CALENDAR, MonthKind.STATISTICAL
days = st.dates(date(1900, 1, 1), date(2200, 12, 31))
kinds: list[type[Period]] = [Year, Quarter, Month, BookingMonth, IsoWeek]


@pytest.mark.parametrize(
    ("period", "first", "last", "text"),
    [
        (Year(2026), "2026-01-01", "2026-12-31", "2026"),
        (Quarter(2026, 1), "2026-01-01", "2026-03-31", "2026-Q1"),
        (Quarter(2026, 4), "2026-10-01", "2026-12-31", "2026-Q4"),
        (Month(2024, 2), "2024-02-01", "2024-02-29", "2024-02"),
        (Month(2026, 12), "2026-12-01", "2026-12-31", "2026-12"),
        (BookingMonth(2026, 1), "2026-01-01", "2026-01-25", "2026-01"),
        (BookingMonth(2026, 2), "2026-01-26", "2026-02-25", "2026-02"),
        (BookingMonth(2026, 12), "2026-11-26", "2026-12-31", "2026-12"),
        (BookingMonth(2026, 2, CALENDAR), "2026-02-01", "2026-02-28", "2026-02"),
        (BookingMonth(2026, 12, CALENDAR), "2026-12-01", "2026-12-31", "2026-12"),
        (IsoWeek(2026, 47), "2026-11-16", "2026-11-22", "2026-W47"),
        (IsoWeek(2026, 1), "2025-12-29", "2026-01-04", "2026-W01"),
        (IsoWeek(2026, 53), "2026-12-28", "2027-01-03", "2026-W53"),
    ],
)
def test_a_period_has_its_first_and_last_day(
    period: Period, first: str, last: str, text: str
) -> None:
    assert (period.first_day.isoformat(), period.last_day.isoformat()) == (first, last)
    assert str(period) == text


@pytest.mark.parametrize("kind", kinds)
@given(day=days)
def test_each_day_belongs_to_one_period_and_its_neighbours_join_on(
    kind: type[Period], day: date
) -> None:
    period = kind.of(day)
    assert period.contains(day)
    assert not period.contains(period.first_day - timedelta(days=1))
    assert period.next().first_day == period.last_day + timedelta(days=1)
    assert period.previous().last_day == period.first_day - timedelta(days=1)
    assert period.next().previous() == period == kind.of(period.last_day)


@given(days, days)
def test_periods_are_ordered_as_their_days(a: date, b: date) -> None:
    for of in (Year.of, Quarter.of, Month.of, BookingMonth.of, IsoWeek.of):
        one: Any = of(a)
        other: Any = of(b)
        assert (one < other) == (one.last_day < other.first_day)


@pytest.mark.parametrize("kind", MonthKind)
@given(year=st.integers(1900, 2200))
def test_the_booking_months_make_exactly_the_year(kind: MonthKind, year: int) -> None:
    months = BookingMonth.of_year(year, kind)
    assert len(months) == 12
    assert months[0].first_day == Year(year).first_day
    assert months[-1].last_day == Year(year).last_day
    for one, following in pairwise(months):
        assert one.next() == following


@given(days)
def test_a_calendar_booking_month_is_the_calendar_month(day: date) -> None:
    booked, month = BookingMonth.of(day, CALENDAR), Month.of(day)
    assert (booked.first_day, booked.last_day) == (month.first_day, month.last_day)


@pytest.mark.parametrize(
    ("day", "month"),
    [
        ("2026-01-01", 1),
        ("2026-01-25", 1),
        ("2026-01-26", 2),
        ("2026-06-25", 6),
        ("2026-06-26", 7),
        ("2026-11-25", 11),
        ("2026-11-26", 12),
        ("2026-12-26", 12),
        ("2026-12-31", 12),
    ],
)
def test_money_of_the_26th_is_booked_to_the_next_month_but_not_across_a_year(
    day: str, month: int
) -> None:
    assert BookingMonth.of(date.fromisoformat(day)) == BookingMonth(2026, month)


@pytest.mark.parametrize(
    ("on", "calendar", "statistical"),
    [
        ("2025-12-31", 0, 0),
        ("2026-01-24", 0, 0),
        ("2026-01-25", 0, 1),
        ("2026-01-31", 1, 1),
        ("2026-06-24", 5, 5),
        ("2026-06-25", 5, 6),
        ("2026-06-30", 6, 6),
        ("2026-12-25", 11, 11),
        ("2026-12-30", 11, 11),
        ("2026-12-31", 12, 12),
        ("2027-05-01", 12, 12),
    ],
)
def test_a_month_has_elapsed_on_its_last_day(on: str, calendar: int, statistical: int) -> None:
    day = date.fromisoformat(on)
    assert elapsed_months(day, 2026, CALENDAR) == calendar
    assert elapsed_months(day, 2026, STATISTICAL) == statistical


@pytest.mark.parametrize(
    ("kind", "numbers"),
    [
        (Year, (0,)),
        (Year, (10_000,)),
        (Quarter, (2026, 0)),
        (Quarter, (2026, 5)),
        (Month, (2026, 13)),
        (BookingMonth, (2026, 0)),
        (BookingMonth, (2026, 13)),
        (BookingMonth, (2026, 13, CALENDAR)),
        (IsoWeek, (2025, 53)),
        (IsoWeek, (2026, 0)),
        (IsoWeek, (9999, 52)),
        (IsoWeek, (10**30, 1)),
        (Year, (10**30,)),
    ],
)
def test_a_period_that_the_calendar_lacks_is_refused(
    kind: type[Any], numbers: tuple[Any, ...]
) -> None:
    with pytest.raises(ValueError):
        kind(*numbers)
