"""The plan's goals in the database: loaded once, carried over, split, reported on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from crm.core import clock
from crm.core.database import Database
from crm.counting.rules.goals import Comparator, GoalKind, meets
from crm.goals.models import Goal, GoalPart, ReportedFigure
from crm.goals.operations.plan import carry_over, load_goals
from crm.goals.queries import targets
from crm.goals.rules.kinds import FUNDS, GROWTH, MAIN, STARTS, Measured
from tests.factories.city import SYSTEM, City


def by_key(session: Session, year: int = 2025) -> dict[str, Goal]:
    return {goal.key: goal for goal in targets.goals(session, year)}


def test_the_plan_of_2025_is_loaded_exactly_in_its_order(city: City, database: Database) -> None:
    with database.read() as session:
        found = by_key(session)
    assert len(found) == 25
    assert list(found)[:3] == list(MAIN)
    assert (found[STARTS].target, found[STARTS].comparator) == (200, Comparator.AT_LEAST)
    assert (found[FUNDS].target, found[FUNDS].comparator) == (1200 * 10**10, Comparator.MORE)
    assert (found[GROWTH].target, found[GROWTH].kind) == (20 * 10**4, GoalKind.GROWTH)
    assert (found["rare_earth_capacity"].target, found["rare_earth_capacity"].unit) == (
        45_000,
        "万吨",
    )
    assert found["idle_floor_area"].comparator is Comparator.NONE
    assert found["major_commissioned"].measured is Measured.TAGS


def test_exactly_the_target_is_at_least_it_and_has_not_broken_through(
    city: City, database: Database
) -> None:
    with database.read() as session:
        found = by_key(session)
    starts, funds = found[STARTS], found[FUNDS]
    assert meets(200, starts.comparator, starts.target)
    assert not meets(1200 * 10**10, funds.comparator, funds.target)
    assert meets(1200 * 10**10 + 1, funds.comparator, funds.target)


def test_loading_again_adds_nothing_and_overwrites_nothing(city: City) -> None:
    with city.write() as session:
        goal = by_key(session)[STARTS]
        goal.target = 210
        assert load_goals(session, SYSTEM, now=clock.now()) == 0
    with city.write() as session:
        session.execute(delete(Goal).where(Goal.key == "pv_output"))
        assert load_goals(session, SYSTEM, now=clock.now()) == 1
        found = by_key(session)
    assert (found[STARTS].target, len(found)) == (210, 25)


def test_a_year_takes_over_the_goals_and_parts_that_it_lacks(city: City) -> None:
    now = clock.now()
    with city.write() as session:
        goal = by_key(session)[STARTS]
        session.add(
            GoalPart(goal_id=goal.id, district_id=city.district_id("昆都仑区"), month=0, amount=200)
        )
    with city.write() as session:
        note = "演示目标（沿用2025年）"
        assert carry_over(session, SYSTEM, year=2025, to=2026, now=now, demo_note=note) == 25
        assert carry_over(session, SYSTEM, year=2025, to=2026, now=now) == 0
        found = by_key(session, 2026)
        assert {goal.demo_note for goal in found.values()} == {note}
        assert targets.years(session) == [2026, 2025]
        parts = targets.split_of(found[STARTS], targets.city_id(session))
        assert parts.shares == {city.district_id("昆都仑区"): 200}
        assert parts.misses() == []


def figure(session: Session, month: int, value: int, hours: int = 0) -> None:
    session.add(
        ReportedFigure(
            goal_id=by_key(session)["steel_output"].id,
            month=month,
            value=value,
            method="快报",
            source="市工信局",
            recorded_at=clock.now() + timedelta(hours=hours),
        )
    )


def test_the_latest_month_that_is_over_stands_and_a_later_report_of_it_supersedes(
    city: City,
) -> None:
    with city.write() as session:
        figure(session, 5, 400)
        figure(session, 6, 500)
        figure(session, 6, 510, hours=1)
        figure(session, 5, 410, hours=2)
        goal = by_key(session)["steel_output"]
        now = clock.now()

        def stands(on: date, **known: object) -> int:
            return targets.reported(session, [goal.id], year=2025, on=on, **known)[goal.id].value  # type: ignore[arg-type]

        assert stands(date(2025, 6, 30)) == 510
        assert stands(date(2025, 6, 30), known=now) == 500
        assert stands(date(2025, 6, 29)) == 410
        assert targets.reported(session, [goal.id], year=2025, on=date(2025, 5, 30)) == {}
        assert [row.value for row in targets.history(session, goal.id)] == [510, 500, 410, 400]


@pytest.mark.parametrize("change", [update(ReportedFigure).values(value=1), delete(ReportedFigure)])
def test_the_database_itself_keeps_what_was_reported(city: City, change: object) -> None:
    with city.write() as session:
        figure(session, 6, 500)
    with pytest.raises(DBAPIError, match="superseded"), city.write() as session:
        session.execute(change)  # type: ignore[call-overload]
    with city.database.read() as session:
        assert session.scalar(select(func.count()).select_from(ReportedFigure)) == 1
