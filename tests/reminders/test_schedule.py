"""Who is due which letter when: the State Council's calendar, wishes, outages and clocks that jump."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from crm.catalog.queries import published_calendar
from crm.notices.rules import LetterKind
from crm.reminders.rules.schedule import (
    Policy,
    Wishes,
    due,
    letter_day,
    next_weekly,
    week_before,
)
from crm.values.period import IsoWeek
from crm.values.workdays import WorkCalendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
CALENDAR = published_calendar()
POLICY = Policy()


@pytest.fixture(autouse=True, params=["UTC", "Asia/Shanghai"])
def machine(request: pytest.FixtureRequest) -> Iterator[None]:
    """The machine's own clock is set to either zone: it must not matter."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", request.param)
        time.tzset()
        yield
    time.tzset()


def at(text: str) -> datetime:
    """An instant as a job is told it: read off the machine's clock, whatever its zone, then in Shanghai."""
    told = datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)
    local = datetime.fromtimestamp(told.timestamp())  # noqa: DTZ006
    return local.astimezone().astimezone(SHANGHAI)


def slots(text: str, wishes: Wishes | None = None, policy: Policy = POLICY) -> set[str]:
    """What is due at an instant: kind and slot."""
    found = due(wishes or Wishes(), policy, CALENDAR, at(text))
    return {f"{one.kind} {one.slot}" for one in found}


@pytest.mark.parametrize(
    ("week", "first"),
    [
        ((2026, 7), "2026-02-09"),
        ((2026, 8), None),  # 春节: from Monday to Sunday no working day
        ((2026, 9), "2026-02-24"),
        ((2025, 40), "2025-09-29"),
        ((2025, 41), "2025-10-09"),  # 国庆 and 中秋
        ((2026, 41), "2026-10-08"),
        ((2026, 1), "2025-12-29"),  # ISO week 1 begins in the old year
        ((2026, 53), "2026-12-28"),
        ((2025, 5), "2025-01-27"),  # 除夕 is Tuesday, and the Sunday before was worked
        ((2025, 6), "2025-02-05"),
        ((2026, 6), "2026-02-02"),
        ((2026, 38), "2026-09-14"),
        ((2026, 40), "2026-09-28"),
    ],
)
def test_the_letters_day_is_the_first_working_day_of_the_iso_week(
    week: tuple[int, int], first: str | None
) -> None:
    found = letter_day(CALENDAR, IsoWeek(*week))
    assert (found.isoformat() if found else None) == first


def test_a_saturday_or_sunday_worked_in_exchange_can_be_the_first_working_day() -> None:
    monday = date(2026, 3, 2)
    holiday = {monday + timedelta(days=n): False for n in range(5)}
    for weekend in (5, 6):
        worked = monday + timedelta(days=weekend)
        calendar = WorkCalendar().corrected({**holiday, worked: True})
        assert letter_day(calendar, IsoWeek(2026, 10)) == worked
        told = due(Wishes(), POLICY, calendar, datetime(2026, 3, 2 + weekend, 8, tzinfo=SHANGHAI))
        assert [one.slot for one in told] == ["2026-W10"]


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-23T07:59", set()),
        ("2026-11-23T08:00", {"weekly 2026-W48"}),
        ("2026-11-24T09:30", {"weekly 2026-W48"}),  # Monday's outage is caught up
        ("2026-11-29T23:59", {"weekly 2026-W48"}),  # within the week
        ("2026-11-30T00:01", set()),  # never for a week that is over
        ("2026-11-27T15:00", {"weekly 2026-W48", "friday 2026-W48"}),
        ("2026-11-28T15:00", {"weekly 2026-W48"}),  # the notice is of its day alone
        ("2026-02-17T10:00", set()),  # 春节
        ("2026-02-24T08:00", {"weekly 2026-W09"}),
        ("2026-02-28T15:00", {"weekly 2026-W09", "friday 2026-W09"}),  # a Saturday that is worked
        ("2025-12-29T08:00", {"weekly 2026-W01"}),  # ISO week 1 begins in the old year
        ("2025-12-31T15:00", {"weekly 2026-W01"}),  # 元旦 follows, but Sunday is worked in exchange
        ("2026-01-04T15:00", {"weekly 2026-W01", "friday 2026-W01"}),  # a Sunday that is worked
        ("2026-02-14T15:00", {"weekly 2026-W07", "friday 2026-W07"}),  # a Saturday, worked for 春节
        ("2026-09-20T15:00", {"weekly 2026-W38", "friday 2026-W38"}),  # a Sunday, worked for 国庆
        ("2026-10-05T10:00", set()),  # 国庆: the week's letter waits until Thursday
        ("2026-10-08T07:59", set()),
        ("2026-10-08T08:00", {"weekly 2026-W41"}),
        ("2026-10-10T15:00", {"weekly 2026-W41", "friday 2026-W41"}),  # a Saturday that is worked
        ("2027-01-01T10:00", {"weekly 2026-W53"}),
    ],
)
def test_what_is_due_at_a_moment(moment: str, expected: set[str]) -> None:
    assert slots(moment) == expected


def test_a_person_has_his_own_day_hour_and_pause() -> None:
    wednesday = Wishes(weekday=3, hour=10)
    assert slots("2026-11-25T09:59", wednesday) == set()
    assert slots("2026-11-25T10:00", wednesday) == {"weekly 2026-W48"}
    sunday = Wishes(weekday=7)  # no working day after it: the last one of the week
    assert slots("2026-11-27T08:00", sunday) == {"weekly 2026-W48"}
    away = Wishes(paused_until=date(2026, 11, 25))
    assert slots("2026-11-24T12:00", away) == set()
    assert slots("2026-11-25T00:30", away) == {"weekly 2026-W48"}


def test_a_daily_brief_comes_on_working_days_but_not_on_the_letters_own() -> None:
    eager = Wishes(daily=True)
    assert slots("2026-11-23T09:00", eager) == {"weekly 2026-W48"}
    assert slots("2026-11-24T09:00", eager) == {"weekly 2026-W48", "daily 2026-11-24"}
    assert slots("2026-11-28T09:00", eager) == {"weekly 2026-W48"}


def test_the_house_and_a_person_can_switch_off() -> None:
    friday = "2026-11-27T16:00"
    assert slots(friday, policy=Policy(on=False)) == set()
    assert slots(friday, policy=Policy(friday=False)) == {"weekly 2026-W48"}
    assert slots(friday, Wishes(friday=False)) == {"weekly 2026-W48"}


def test_an_hour_back_changes_no_slot_and_a_week_ahead_has_its_own() -> None:
    assert slots("2026-11-23T09:00") == slots("2026-11-23T08:00") == {"weekly 2026-W48"}
    assert slots("2026-11-30T09:00") == {"weekly 2026-W49"}


def test_a_week_of_rest_does_not_break_a_run() -> None:
    assert week_before(CALENDAR, IsoWeek(2026, 9)) == IsoWeek(2026, 7)
    assert week_before(CALENDAR, IsoWeek(2027, 1)) == IsoWeek(2026, 53)


def test_the_next_letter_is_foretold() -> None:
    def next_(moment: str, wishes: Wishes | None = None) -> str:
        found = next_weekly(wishes or Wishes(), POLICY, CALENDAR, at(moment))
        return found.isoformat() if found else ""

    assert next_("2026-02-10T10:00") == "2026-02-24T08:00:00+08:00"
    assert next_("2026-11-23T07:00") == "2026-11-23T08:00:00+08:00"
    away = Wishes(paused_until=date(2026, 12, 3))
    assert next_("2026-11-23T07:00", away) == "2026-12-07T08:00:00+08:00"
    assert next_weekly(Wishes(), Policy(on=False), CALENDAR, at("2026-11-23T07:00")) is None


def test_addresses_outside_the_houses_domains_get_numbers_alone() -> None:
    house = Policy(domains=("baotou.gov.cn",))
    assert not house.plain("zhang@BAOTOU.gov.cn")
    assert house.plain("zhang@qq.com")
    assert house.plain("zhang@evil-baotou.gov.cn.example")
    assert not POLICY.plain("zhang@qq.com")


def test_every_kind_of_the_job_can_be_composed() -> None:
    from crm.reminders.letters.content import COMPOSERS

    assert set(COMPOSERS) == {LetterKind.WEEKLY, LetterKind.FRIDAY, LetterKind.DAILY}
