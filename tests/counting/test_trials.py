"""A trial says beforehand what publishing does: who enters, who leaves, every total, how many answers."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.core.database import Database
from crm.counting.models import ALWAYS, DecisionRow, StandingRow, Subject
from crm.counting.operations import rule_sets
from crm.counting.queries import figures, trials
from crm.counting.queries.recounting import differences
from crm.counting.queries.trials import days_asked
from crm.counting.rules.decisions import Measure, Verdict
from crm.counting.rules.facts import Place
from crm.counting.rules.goals import Sum
from crm.counting.rules.sets import RuleSet
from tests.counting.given import day, project, receipt
from tests.counting.test_histories import DATABASE_LAW, DISTRICTS, example, histories, live
from tests.counting.test_laws import rule_sets as rules_of
from tests.counting.test_operations import hand
from tests.factories.city import EDITOR, City

YEARS = (2025, 2026)


def counting(session: Session, year: int) -> set[tuple[Subject, int]]:
    """What counts in a year, as decided."""
    rows = session.execute(
        select(DecisionRow.subject, DecisionRow.subject_id).where(
            DecisionRow.replaced_at == ALWAYS,
            DecisionRow.verdict == Verdict.COUNTS,
            DecisionRow.year == year,
        )
    )
    return {(subject, number) for subject, number in rows}


def totals(session: Session, year: int, on: date) -> dict[Measure, Sum]:
    """Every figure of a year as the board reads it."""
    found = figures.figures(session, list(Measure), year=year, on=on)
    told = {measure: figures.city(found.items(), measure) for measure in Measure}
    return {measure: one for measure, one in told.items() if one != Sum()}


def said(told: dict[Measure, Sum]) -> dict[Measure, Sum]:
    """The figures of a trial that are any."""
    return {measure: one for measure, one in told.items() if one != Sum()}


@DATABASE_LAW
@given(
    history=histories,
    rules=rules_of,
    year=st.sampled_from(YEARS),
    on=st.dates(date(2025, 1, 1), date(2026, 12, 31)),
)
def test_a_trial_is_what_publishing_does(
    database: Database,
    city: City,
    history: list[tuple[object, ...]],
    rules: RuleSet,
    year: int,
    on: date,
) -> None:
    districts = [city.district_id(name) for name in DISTRICTS]
    with example(database) as session:
        now = live(session, history, districts)
        days = dict.fromkeys(YEARS, on)
        counted = {one: counting(session, one) for one in YEARS}
        written = session.scalar(select(func.count()).select_from(StandingRow))
        tried = trials.trial(session, rules, year=year, days=days)
        assert session.scalar(select(func.count()).select_from(StandingRow)) == written
        for one in YEARS:
            assert said(tried.years[one].before) == totals(session, one, on)

        row = rule_sets.draft(session, EDITOR, year=year, rules=rules, now=now)
        assert rule_sets.publish(session, EDITOR, row.id, now=now) == tried.changed

        assert differences(session) == []
        for one in YEARS:
            found, after = tried.years[one], counting(session, one)
            assert said(found.after) == totals(session, one, on)
            assert {(turn.subject, turn.number) for turn in found.enters} == after - counted[one]
            assert {(turn.subject, turn.number) for turn in found.leaves} == counted[one] - after
        again = trials.trial(session, rules, year=year, days=days)
        assert again.changed == 0
        assert not any(trial.enters or trial.leaves for trial in again.years.values())


def test_progress_is_told_up_to_the_last_row(database: Database, city: City) -> None:
    place = Place(city.district_id("昆都仑区"))
    hand(database, project(place=place), project(project=8, place=place), receipt())
    told: list[int] = []
    with database.read() as session:
        trials.trial(session, RuleSet(), year=2025, days={2025: day("12-31")}, told=told.append)
        assert told[-1] == trials.size(session) == 3
    assert told == sorted(told)


def test_the_years_asked_about_run_to_today() -> None:
    assert days_asked(2024, day("6-30")) == {2024: day("2024-12-31"), 2025: day("6-30")}
    assert days_asked(2026, day("6-30")) == {2026: day("6-30")}
