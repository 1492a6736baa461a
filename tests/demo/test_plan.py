"""The demo's plan, whole and pure: its checkpoints, its sizes, its days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.catalog.queries import published_calendar
from crm.demo.plan.city import City, plan_city
from crm.demo.plan.quotas import split
from crm.demo.plan.sizes import SizeName, size_of
from crm.demo.plan.stories import Fate, ProjectPlan, Way
from crm.demo.tables import rows
from crm.leads.rules.kinds import EventKind

TODAY = date(2026, 11, 25)
YI = 10_000
WHOLE, CITY = SizeName.WHOLE, SizeName.CITY


def planned(size: SizeName, today: date = TODAY) -> City:
    return plan_city(published_calendar(), today, size_of(size))


@pytest.fixture(scope="module", params=[WHOLE, CITY])
def city(request: pytest.FixtureRequest) -> City:
    return planned(request.param)


@pytest.fixture(scope="module")
def whole() -> City:
    return planned(WHOLE)


def counted_on(plan: ProjectPlan) -> date | None:
    """Section 3: its start's day, or the day on which it came true if the year was closed by then."""
    start = plan.start
    if plan.expects != "started" or start is None or start.recognised is None:
        return None
    done = max(start.recognised, start.papers or date.max, plan.papers or date.max)
    done = max(done, plan.licence or date.max)
    closed = date(start.accepted.year + 1, 1, 15)
    return start.accepted if done <= closed else done


def starts(city: City, first: date, last: date) -> int:
    days = [counted_on(plan) for plan in city.projects]
    return sum(day is not None and first <= day <= last for day in days)


def funds(city: City, year: int) -> int:
    """万元 that count in a year."""
    return sum(line.amount for line in city.lines if line.counts and line.arrived.year == year)


def test_on_30_june_2025_there_are_133_starts_and_at_its_end_more_than_200(city: City) -> None:
    assert starts(city, date(2025, 1, 1), date(2025, 6, 30)) == 133
    assert starts(city, date(2025, 1, 1), date(2025, 12, 31)) == 212


def test_the_base_year_stays_below_1000_and_2025_ends_above_1200_and_above_its_growth(
    city: City,
) -> None:
    base, year = funds(city, 2024), funds(city, 2025)
    assert 950 * YI < base < 1000 * YI
    assert year > 1200 * YI
    assert year * 10 > base * 12


def test_the_year_in_progress_has_money_and_starts_up_to_today_only(city: City) -> None:
    assert funds(city, 2026) > 500 * YI
    assert starts(city, date(2026, 1, 1), date(2026, 12, 31)) > 60
    assert max(line.reported for line in city.lines) < TODAY


def test_the_whole_city_has_the_size_of_a_real_one(whole: City) -> None:
    open_ones = sum(lead.fate is Fate.OPEN for lead in whole.leads)
    talks = sum(len(one.talks) for one in [*whole.leads, *whole.projects])
    assert (open_ones, len(rows("people"))) == (400, 40)
    assert 1650 < len(whole.leads) < 1850
    assert 670 < len(whole.projects) < 750
    assert 11_500 < talks < 12_500
    assert 6800 < len(whole.lines) < 7300


def test_of_the_leads_closed_a_third_is_signed(city: City) -> None:
    fates = [lead.fate for lead in city.leads]
    signed, lost = fates.count(Fate.SIGNED), fates.count(Fate.LOST)
    assert 0.3 < signed / (signed + lost) < 0.4


def test_something_of_everything_happens_to_leads_and_to_money(city: City) -> None:
    steps = {step.kind for lead in city.leads for step in lead.steps}
    assert steps == {EventKind.HELD, EventKind.RESUMED, EventKind.LOST, EventKind.REOPENED}
    assert any(move.back for lead in city.leads for move in lead.moves)
    for one in ("given", "revised", "helper", "confidential", "agreed", "brought_by", "anchor"):
        assert any(getattr(lead, one) for lead in city.leads), one
    assert {line.way for line in city.lines} == set(Way)
    assert {row["expects"] for row in rows("oddities")} <= {one.expects for one in city.projects}


@pytest.mark.parametrize("username", ["kunqu", "qingshan"])
def test_an_officer_with_an_account_has_something_overdue_and_something_ahead(
    city: City, username: str
) -> None:
    mine = [lead for lead in city.leads if lead.fate is Fate.OPEN and lead.last_owner == username]
    following = [lead.talks[-1].next_on for lead in mine if lead.talks]
    days = [day for day in following if day is not None]
    assert len(mine) > 8
    assert min(days) < TODAY < max(days)


@pytest.mark.parametrize("today", [TODAY, date(2026, 11, 28), date(2026, 3, 2)])
def test_on_any_day_something_waits_for_a_review_and_for_a_confirmation(today: date) -> None:
    found = planned(CITY, today)
    past = found.days.past
    reported = [line for line in found.lines if line.withdrawn is None]
    unseen = [line for line in reported if line.reviewed is None or not past(line.reviewed)]
    unconfirmed = [line for line in reported if line.confirmed and not past(line.confirmed)]
    assert len(unseen) > 2
    assert len(unconfirmed) > len(unseen) - 3


def test_every_lead_goes_its_way_in_order_and_nothing_is_planned_for_before_it_was_said(
    city: City,
) -> None:
    for lead in city.leads:
        days = [move.day for move in lead.moves]
        assert days == sorted(days)
        assert all(day >= lead.entered for day in days)
    for one in [*city.leads, *city.projects]:
        assert all(talk.next_on is None or talk.next_on >= talk.day for talk in one.talks)


def test_money_comes_after_its_project_and_is_confirmed_after_its_review(city: City) -> None:
    projects = {plan.key: plan for plan in city.projects}
    for line in city.lines:
        assert projects[line.project].entered <= line.reported
        assert line.arrived < line.reported
        assert line.confirmed is None or line.reviewed is None or line.reviewed < line.confirmed


def test_no_two_firms_share_a_name_and_no_invented_one_bears_a_real_one(whole: City) -> None:
    firms = {lead.firm for lead in whole.leads if lead.firm} | {one.firm for one in whole.projects}
    invented = [firm.name for firm in firms if not firm.of_plan]
    assert len(set(invented)) == len(invented)
    taken = {row["word"] for row in rows("taken")}
    assert not [name for name in invented if any(name.startswith(word) for word in taken)]


@pytest.mark.parametrize("today", [date(2025, 1, 2), date(2025, 9, 18), date(2032, 2, 29)])
def test_it_can_be_planned_on_any_day_and_comes_out_the_same_each_time(today: date) -> None:
    once, again = planned(SizeName.SMALL, today), planned(SizeName.SMALL, today)
    assert once.leads == again.leads
    assert once.projects == again.projects
    assert once.lines == again.lines
    assert once.days.last < today <= once.days.last + timedelta(days=12)


@given(st.integers(0, 10**9), st.lists(st.integers(1, 1000), min_size=1, max_size=12))
def test_parts_make_the_whole_and_none_is_off_by_one_or_more(
    total: int, weights: list[int]
) -> None:
    parts = split(total, [float(one) for one in weights])
    assert sum(parts) == total
    exact = [total * one / sum(weights) for one in weights]
    assert all(abs(part - fair) <= 1 for part, fair in zip(parts, exact, strict=True))
