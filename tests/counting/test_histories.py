"""Laws of the sums, on generated histories in a database."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.core.database import Database
from crm.core.errors import Refused
from crm.counting.models import CountedProject, CountedReceipt, DaySum, DecisionRow, StandingRow
from crm.counting.operations import books, rule_sets
from crm.counting.operations.deciding import decide, redecide
from crm.counting.queries import figures, stored
from crm.counting.queries.known import changes_by_day, figures_as_known
from crm.counting.queries.recounting import differences
from crm.counting.queries.rules import in_force
from crm.counting.rules.decisions import FLOWS, Decision, Measure, stands
from crm.counting.rules.dimensions import OF_MONEY, OF_RECEIPTS, Dimension
from crm.counting.rules.facts import Place, ProjectFacts, ReceiptFacts
from crm.counting.rules.goals import Sum
from crm.counting.rules.plain import SHANGHAI
from crm.counting.rules.receipts import decide_receipt
from crm.counting.rules.starts import decide_start
from crm.values.money import Money
from tests.counting.test_laws import days, projects, receipts
from tests.counting.test_laws import rule_sets as rules_of
from tests.factories.city import EDITOR, SYSTEM, City, keeper

DISTRICTS = ("昆都仑区", "青山区", "东河区")
START = datetime(2025, 2, 1, tzinfo=SHANGHAI)

places = st.builds(
    Place,
    district=st.integers(0, 2),
    cluster=st.none() | st.integers(1, 3),
    chain=st.none() | st.integers(1, 3),
    node=st.none() | st.integers(1, 3),
    position=st.sampled_from(["", "leader", "supporting"]),
    model=st.none() | st.integers(1, 3),
    anchor=st.sampled_from(["", "head_firm:1", "scenario:2"]),
)
steps = st.one_of(
    st.tuples(st.just("project"), st.integers(1, 3), projects, places),
    st.tuples(st.just("receipt"), st.integers(1, 3), st.integers(1, 5), receipts),
    st.tuples(st.just("rules"), st.sampled_from([2025, 2026]), rules_of),
    st.tuples(st.just("close"), st.integers(1, 11)),
    st.tuples(st.just("reopen"), st.integers(0, 11)),
)
histories = st.lists(steps, min_size=4, max_size=25)


class Undone(Exception):
    """Takes an example's writes back."""


@contextmanager
def example(database: Database) -> Iterator[Session]:
    """A write transaction that leaves nothing behind for the next example."""
    try:
        with database.write("test") as session:
            yield session
            raise Undone
    except Undone:
        pass


def live(session: Session, history: list[tuple[object, ...]], districts: list[int]) -> datetime:
    """Go through a history, an hour a step; what is refused changes nothing."""
    now, known = START, set[int]()
    owner: dict[int, int] = {}
    for step in history:
        now += timedelta(hours=1)
        try:
            match step:
                case ("project", int(number), ProjectFacts() as facts, Place() as place):
                    place = replace(place, district=districts[place.district])
                    decide(session, SYSTEM, replace(facts, project=number, place=place), now=now)
                    known.add(number)
                case ("receipt", int(project), int(number), ReceiptFacts() as facts):
                    project = owner.setdefault(number, project)
                    if project in known:
                        line = replace(facts, receipt=number, project=project)
                        decide(session, SYSTEM, line, now=now)
                case ("rules", int(year), rules):
                    row = rule_sets.draft(session, EDITOR, year=year, rules=rules, now=now)  # type: ignore[arg-type]
                    rule_sets.publish(session, EDITOR, row.id, now=now)
                case ("close", int(month)):
                    books.close_month(session, keeper(session), 2025, month, reason="x", now=now)
                case ("reopen", 0):
                    late = datetime(2026, 2, 1, tzinfo=SHANGHAI) + (now - START)
                    books.reopen_year(session, keeper(session), 2025, reason="x", now=late)
                case ("reopen", int(month)):
                    books.reopen_month(session, keeper(session), 2025, month, reason="x", now=now)
        except Refused:
            continue
    return now


def decided_afresh(session: Session) -> list[tuple[Place, Decision]]:
    """Every decision, made again from the stored facts alone."""
    now = in_force(session)
    found = {
        row.project_id: stored.project(session, row.project_id)
        for row in session.scalars(select(CountedProject))
    }
    decisions = [(facts.place, decide_start(facts, now.rules)) for facts in found.values()]
    for number in session.scalars(select(CountedReceipt.receipt_id)):
        (line,) = stored.receipts(session, [number])
        of = found[line.project]
        decisions.append((of.place, decide_receipt(line, of, now.rules, now.books)))
    return decisions


def wanted(decisions: list[tuple[Place, Decision]], measure: Measure, on: date, year: int) -> Sum:
    """A figure, summed in memory."""
    return sum(
        (
            Sum(1, row.amount)
            for _, decision in decisions
            for row in decision.standings
            if row.measure is measure and stands(row, on, year)
        ),
        Sum(),
    )


DATABASE_LAW = settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@DATABASE_LAW
@given(history=histories, on=days, year=st.sampled_from([2025, 2026]))
def test_sums_rows_and_facts_tell_the_same_after_any_history(
    database: Database, city: City, history: list[tuple[object, ...]], on: date, year: int
) -> None:
    districts = [city.district_id(name) for name in DISTRICTS]
    with example(database) as session:
        live(session, history, districts)
        decisions = decided_afresh(session)
        assert differences(session) == []
        for measure in Measure:
            expected = wanted(decisions, measure, on, year)
            rows = session.scalars(figures.rows_of(measure, year=year, on=on)).all()
            assert Sum(len(rows), sum((row.amount for row in rows), Money(0))) == expected
            for dimension in Dimension:
                if dimension in OF_MONEY and measure not in OF_RECEIPTS:
                    continue
                found = figures.figures(session, [measure], year=year, on=on, dimension=dimension)
                assert figures.city(found.items(), measure) == expected
                districts_too = figures.by_district(found, measure).values()
                assert sum(districts_too, Sum()) == expected


@DATABASE_LAW
@given(history=histories)
def test_deciding_again_changes_nothing(
    database: Database, city: City, history: list[tuple[object, ...]]
) -> None:
    districts = [city.district_id(name) for name in DISTRICTS]
    with example(database) as session:
        now = live(session, history, districts)
        before = session.scalar(select(func.max(DecisionRow.id)))
        standing = session.scalar(select(func.max(StandingRow.id)))
        assert redecide(session, SYSTEM, now=now + timedelta(days=400)) == 0
        assert session.scalar(select(func.max(DecisionRow.id))) == before
        assert session.scalar(select(func.max(StandingRow.id))) == standing


@DATABASE_LAW
@given(history=histories, on=days)
def test_as_known_now_is_as_known_today(
    database: Database, city: City, history: list[tuple[object, ...]], on: date
) -> None:
    districts = [city.district_id(name) for name in DISTRICTS]
    with example(database) as session:
        live(session, history, districts)
        for dimension in (Dimension.ALL, Dimension.CHAIN, Dimension.ORIGIN):
            told = figures.figures(
                session, tuple(OF_RECEIPTS), year=2025, on=on, dimension=dimension
            )
            known = figures_as_known(
                session,
                tuple(OF_RECEIPTS),
                year=2025,
                on=on,
                dimension=dimension,
                known=datetime(2027, 1, 1, tzinfo=SHANGHAI),
            )
            assert told == known


@DATABASE_LAW
@given(history=histories, on=days, hours=st.integers(0, 25))
def test_as_known_then_is_the_sum_of_the_rows_that_were_known_then(
    database: Database, city: City, history: list[tuple[object, ...]], on: date, hours: int
) -> None:
    districts = [city.district_id(name) for name in DISTRICTS]
    then = START + timedelta(hours=hours, minutes=30)
    with example(database) as session:
        live(session, history, districts)
        for dimension in (Dimension.ALL, Dimension.NODE):
            told = figures_as_known(
                session, list(Measure), year=2025, on=on, known=then, dimension=dimension
            )
            assert told == known_rows(session, on, then, dimension)
        for measure in FLOWS:
            day_by_day = Counter[date]()
            for day, change in changes_by_day(
                session, measure, year=2025, on=on, known=then
            ) + day_sums(session, measure, on):
                day_by_day[day] += change.count
            assert +day_by_day == +known_edges(session, measure, on, then)
            assert -day_by_day == -known_edges(session, measure, on, then)


def known_rows(
    session: Session, on: date, then: datetime, dimension: Dimension
) -> dict[figures.Part, Sum]:
    """What was known at an instant, summed row by row."""
    found: dict[figures.Part, Sum] = defaultdict(Sum)
    for measure in Measure:
        for row in session.scalars(figures.rows_of(measure, year=2025, on=on, known=then)):
            key = "" if dimension is Dimension.ALL else getattr(row, dimension.value)
            found[figures.Part(measure, key, row.district_id)] += Sum(1, row.amount)
    return {part: told for part, told in found.items() if told != Sum()}


def day_sums(session: Session, measure: Measure, on: date) -> list[tuple[date, Sum]]:
    """A flow's day sums of today, up to a day of 2025."""
    query = select(DaySum.day, DaySum.count, DaySum.fen).where(
        DaySum.measure == measure.value,
        DaySum.dimension == Dimension.ALL.value,
        DaySum.day.between(date(2025, 1, 1), min(on, date(2025, 12, 31))),
    )
    return [(day, Sum(count, Money(fen))) for day, count, fen in session.execute(query)]


def known_edges(session: Session, measure: Measure, on: date, then: datetime) -> Counter[date]:
    """The days on which a flow's rows that were known then begin and end, in 2025 up to a day."""
    last, found = min(on, date(2025, 12, 31)), Counter[date]()
    for row in session.scalars(select(StandingRow).where(StandingRow.measure == measure)):
        if row.known_from <= then < row.known_until and row.day_from >= date(2025, 1, 1):
            found.update([row.day_from] if row.day_from <= last else [])
            found.subtract([row.day_until] if row.day_until <= last else [])
    return found
