"""On which days a follow-up can have taken place, and for which a next step can be planned."""

from __future__ import annotations

from datetime import date, timedelta

from crm.activities.rules import DayFault, held_fault, next_fault

TODAY = date(2025, 6, 30)
DAY = timedelta(days=1)


def test_a_follow_up_may_be_dated_back_a_year_and_never_forward() -> None:
    assert held_fault(TODAY, TODAY) is None
    assert held_fault(TODAY - 366 * DAY, TODAY) is None
    assert held_fault(TODAY - 367 * DAY, TODAY) is DayFault.LONG_AGO
    assert held_fault(TODAY + DAY, TODAY) is DayFault.FUTURE


def test_a_next_step_lies_ahead_today_included() -> None:
    assert next_fault(TODAY, TODAY) is None
    assert next_fault(TODAY - DAY, TODAY) is DayFault.PAST
