from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.values.period import IsoWeek
from crm.values.workdays import WorkCalendar, owed_until


def day(text: str) -> date:
    return date.fromisoformat(text)


# National Day 2026: off from Thursday 1 to Wednesday 7 October, worked for on two weekend days.
OCTOBER = WorkCalendar.build(
    rest=[day("2026-10-01") + timedelta(days=n) for n in range(7)],
    extra=[day("2026-09-20"), day("2026-10-10")],
)
days = st.dates(date(2026, 1, 1), date(2027, 12, 31))
collections = st.frozensets(days, max_size=40)
calendars = st.builds(
    lambda rest, extra: WorkCalendar(rest - extra, extra), collections, collections
)


@pytest.mark.parametrize(
    ("on", "works"),
    [
        ("2026-09-19", False),
        ("2026-09-20", True),
        ("2026-09-30", True),
        ("2026-10-01", False),
        ("2026-10-04", False),
        ("2026-10-08", True),
        ("2026-10-10", True),
        ("2026-10-11", False),
    ],
)
def test_holidays_rest_and_the_weekend_days_exchanged_for_them_work(on: str, works: bool) -> None:
    assert OCTOBER.is_workday(day(on)) is works


@pytest.mark.parametrize(
    ("start", "n", "end"),
    [
        ("2026-09-29", 0, "2026-09-29"),
        ("2026-09-29", 1, "2026-09-30"),
        ("2026-09-29", 2, "2026-10-08"),
        ("2026-09-29", 4, "2026-10-10"),
        ("2026-10-03", 1, "2026-10-08"),
        ("2026-09-18", 1, "2026-09-20"),
    ],
)
def test_three_working_days_step_over_a_holiday(start: str, n: int, end: str) -> None:
    assert OCTOBER.add(day(start), n) == day(end)


@given(calendars, days, st.integers(1, 60))
def test_counting_working_days_undoes_adding_them(
    calendar: WorkCalendar, start: date, n: int
) -> None:
    end = calendar.add(start, n)
    assert calendar.is_workday(end)
    assert calendar.between(start, end) == n


@given(calendars, days, days)
def test_working_days_between_are_those_one_meets_by_walking(
    calendar: WorkCalendar, start: date, end: date
) -> None:
    walked = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    assert calendar.between(start, end) == sum(map(calendar.is_workday, walked))


def test_working_days_are_not_counted_backwards() -> None:
    assert OCTOBER.between(day("2026-10-09"), day("2026-09-01")) == 0
    with pytest.raises(ValueError):
        OCTOBER.add(day("2026-10-09"), -1)


@pytest.mark.parametrize(
    ("week", "first", "last"),
    [
        (IsoWeek(2026, 37), "2026-09-07", "2026-09-11"),
        (IsoWeek(2026, 38), "2026-09-14", "2026-09-20"),
        (IsoWeek(2026, 40), "2026-09-28", "2026-09-30"),
        (IsoWeek(2026, 41), "2026-10-08", "2026-10-10"),
    ],
)
def test_a_week_opens_and_closes_on_working_days(week: IsoWeek, first: str, last: str) -> None:
    assert OCTOBER.first_of_week(week) == day(first)
    assert OCTOBER.last_of_week(week) == day(last)


def test_a_week_of_rest_has_no_working_day() -> None:
    week = IsoWeek(2026, 8)
    resting = WorkCalendar.build((week.first_day + timedelta(days=n) for n in range(7)), ())
    assert resting.first_of_week(week) is None
    assert resting.last_of_week(week) is None


def test_a_day_cannot_be_both_rest_and_work() -> None:
    with pytest.raises(ValueError):
        WorkCalendar.build([day("2026-10-01")], [day("2026-10-01")])


def test_calendars_of_the_same_days_are_equal_and_can_be_kept_in_a_set() -> None:
    again = WorkCalendar.build(sorted(OCTOBER.rest), sorted(OCTOBER.extra))
    again.between(day("2026-01-01"), day("2026-12-31"))
    assert {again} == {OCTOBER}


def test_what_is_owed_is_due_after_calendar_days_over_weekends_too() -> None:
    assert owed_until(day("2026-11-20"), 15) == day("2026-12-05")
    assert owed_until(day("2026-11-20"), 0) == day("2026-11-20")
