"""Laws of money on generated histories: what is reported, confirmed and reversed, and every figure of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import example as always
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from crm.core.actor import Actor
from crm.core.errors import Refused
from crm.counting.queries import figures
from crm.counting.queries.recounting import differences
from crm.counting.rules.decisions import Measure
from crm.counting.rules.dimensions import Dimension
from crm.counting.rules.facts import MoneyFrom
from crm.counting.rules.goals import Sum
from crm.counting.rules.plain import SHANGHAI
from crm.ledger.operations import judging, papers, reporting, reversing
from crm.ledger.operations.papers import Given
from crm.ledger.queries.rows import Figure
from crm.ledger.queries.statistics import frame, months
from crm.ledger.queries.statistics_parts import table
from crm.ledger.queries.statistics_projects import projects
from crm.ledger.rules import Paper, Price
from crm.values.money import Money
from tests.counting.test_histories import example
from tests.factories.city import City
from tests.ledger.scene import DRAFT, SLIP
from tests.ledger.test_rows import check_cells
from tests.ledger.town import OWNERS, Town, open_town

NEW_YEAR = date(2025, 1, 1)


@dataclass(frozen=True)
class Arrival:
    """Money of a project: arrived so many days into the year, confirmed so many days later, or not."""

    project: str
    wan: int
    day: int
    lag: int | None
    origin: MoneyFrom
    reversed: bool


histories = st.lists(
    st.builds(
        Arrival,
        st.sampled_from(sorted(OWNERS)),
        st.integers(1, 5_000),
        st.integers(0, 364),
        st.none() | st.integers(1, 60),
        st.sampled_from(MoneyFrom),
        st.booleans(),
    ),
    min_size=2,
    max_size=6,
)
some = settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


class Office:
    """Everybody's part in the life of a receipt, in one transaction."""

    def __init__(self, town: Town, session: Session) -> None:
        self._town, self.session = town, session
        city = town.city
        names = [*OWNERS.values(), "kunqu_manager", "qingshan_manager", "city_manager"]
        self.people = {name: city.actor(name) for name in names}

    def report(self, told: Arrival) -> int:
        """Reported, proved and reviewed on the day of arrival."""
        owner = OWNERS[told.project]
        at = noon(told.day)
        draft = replace(
            DRAFT,
            arrived_on=at.date(),
            price=Price("CNY", Decimal(told.wan * 10_000)),
            origin=told.origin,
            why_late="补报",
            why_above="追加",
            sure=True,
        )
        session = self.session
        number = self._town.projects[told.project]
        row = reporting.report(session, self.people[owner], number, draft, now=at)
        papers.give(session, self.people[owner], row.id, [Given(Paper.BANK_SLIP, SLIP)], now=at)
        self.review(row.id, told, at)
        return row.id

    def review(self, number: int, told: Arrival, at: datetime) -> None:
        """By the owner's manager."""
        manager = self.people[f"{OWNERS[told.project].split('_')[0]}_manager"]
        judging.review(self.session, manager, number, now=at)

    def confirm(self, number: int, at: datetime) -> None:
        """By the city."""
        judging.confirm(self.session, self.people["city_manager"], number, now=at)

    def take_back(self, number: int, told: Arrival, at: datetime) -> bool:
        """Reversed and confirmed; a closed year refuses."""
        owner = self.people[OWNERS[told.project]]
        try:
            row = reversing.reverse(self.session, owner, number, reason="重复", now=at)
        except Refused:
            return False
        self.review(row.id, told, at)
        self.confirm(row.id, at)
        return True


def noon(day: int) -> datetime:
    return datetime.combine(NEW_YEAR + timedelta(days=day), time(12), SHANGHAI)


def live(office: Office, history: Sequence[Arrival]) -> None:
    for told in history:
        number = office.report(told)
        if told.lag is not None:
            office.confirm(number, noon(told.day + told.lag))
            if told.reversed:
                office.take_back(number, told, noon(told.day + told.lag + 1))


def totals(session: Session) -> dict[object, Sum]:
    """Every figure of counted money, by every split, and by month."""
    found: dict[object, Sum] = {}
    for dimension in Dimension:  # a cluster and a chain may have the same number
        parts = figures.figures(
            session,
            [Measure.FUNDS_COUNTED],
            year=2025,
            on=date(2025, 12, 31),
            dimension=dimension,
        )
        found |= {(dimension, part): told for part, told in parts.items()}
    return found | dict(enumerate(figures.by_booking_month(session, 2025)))


@given(history=histories, day=st.integers(0, 364))
@some
def test_every_figure_is_its_parts_its_months_and_its_rows(
    city: City, history: list[Arrival], day: int
) -> None:
    town = settled(city)
    with example(city.database) as session:
        live(Office(town, session), history)
        on = NEW_YEAR + timedelta(days=day)
        at = datetime(2026, 6, 1, tzinfo=SHANGHAI)
        asked = frame(session, 2025, on)
        lines = months(session, asked, at=at)
        begun = [line for line in lines if line.now is not None]
        whole = figures.city(
            figures.figures(session, [Measure.FUNDS_COUNTED], year=2025, on=on).items(),
            Measure.FUNDS_COUNTED,
        )
        assert sum((line.now or Sum() for line in lines), Sum()) == whole == begun[-1].total
        for who in ("city_manager", "leader", "kunqu_officer", "qingshan_manager"):
            check_reader(session, city.actor(who), on, whole, at)
        assert differences(session) == []


def check_reader(session: Session, actor: Actor, on: date, whole: Sum, at: datetime) -> None:
    asked = frame(session, 2025, on)
    for dimension in Dimension:
        told = table(session, actor, asked, dimension, at=at)
        assert sum((line.total for line in told.lines), Sum()) == told.whole.total == whole
        month = sum((line.month for line in told.lines), Sum())
        assert month == told.whole.month
    by_project = projects(session, actor, asked)
    rows = sum((line.total for line in by_project.lines.rows), Sum())
    assert rows + sum((fold.sum for fold in by_project.folds), Sum()) == whole
    if whole.count:
        check_cells(session, actor, Figure(Measure.FUNDS_COUNTED, 2025, on))


@given(history=histories, order=st.randoms(use_true_random=False))
@some
def test_the_order_of_confirming_does_not_matter(
    city: City, history: list[Arrival], order: object
) -> None:
    town = settled(city)
    seen = []
    shuffled = list(range(len(history)))
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    for places in (range(len(history)), shuffled):
        with example(city.database) as session:
            office = Office(town, session)
            numbers = [office.report(told) for told in history]
            for place in places:
                office.confirm(numbers[place], noon(history[place].day + (history[place].lag or 1)))
            seen.append(totals(session))
    assert seen[0] == seen[1]


@given(history=histories)
@always(
    history=[
        Arrival("crystal", 1, 0, None, MoneyFrom.ABROAD, False),
        Arrival("shadow", 1, 0, 1, MoneyFrom.ABROAD, False),
    ]
)
@some
def test_a_reversal_restores_the_total(city: City, history: list[Arrival]) -> None:
    town = settled(city)
    with example(city.database) as session:
        office = Office(town, session)
        first, *others = history
        live(office, others)
        before = amounts(session)
        number = office.report(first)
        office.confirm(number, noon(first.day + 1))
        office.take_back(number, first, noon(first.day + 2))
        assert amounts(session) == before
        assert differences(session) == []


def amounts(session: Session) -> dict[object, Money]:
    """What every split comes to over the year; a reversal may stand in a later month than its receipt."""
    return {
        key: told.amount
        for key, told in totals(session).items()
        if told.amount and not isinstance(key, int)
    }


def settled(city: City) -> Town:
    """The town without money, opened once for all examples of a test."""
    found: Town | None = getattr(city, "_town", None)
    if found is None:
        found = open_town(city, money=False)
        city.__dict__["_town"] = found
    return found
