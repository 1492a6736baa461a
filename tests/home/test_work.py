"""A counter equals the rows it opens, and nobody's work page shows what he may not know of."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from crm.agenda.queries.matters import at
from crm.agenda.queries.one import Whose, lines, loads, may_act, planned
from crm.agenda.rules import Kind, Line
from crm.home.queries.overview import Overview, overview
from crm.home.queries.work import Wish
from crm.leads.models import Lead
from crm.leads.rules.kinds import Stage
from crm.projects.models import Owed
from crm.values.money import Money
from tests.factories import work
from tests.factories.city import City

DAY = timedelta(days=1)

STEPS = (Kind.OVERDUE, Kind.TODAY, Kind.WEEK, Kind.NO_STEP, Kind.EVIDENCE)
"""What the busy officer below has; the other kinds are shown with the agenda's own tests."""


def _planned(city: City, username: str, title: str, days: int | None, **draft: object) -> int:
    """A lead whose next step is so many days away; None: none is planned."""
    step = "" if days is None else "拜访"
    day = None if days is None else work.today() + max(days, 0) * DAY
    number = work.lead(city, username, title, next_step=step, next_step_on=day, **draft)
    if days is not None and days < 0:
        with city.write() as session:
            late = update(Lead).where(Lead.id == number)
            session.execute(late.values(next_step_on=work.today() + days * DAY))
    return number


def _counts(city: City, username: str, wish: Wish) -> Counter[Kind]:
    with city.database.read() as session:
        found = loads(session, wish.whose(city.actor(username)), at(session, work.today()))
    return sum((load.counts for load in found), Counter[Kind]())


def _items(city: City, username: str, wish: Wish) -> list[Line]:
    with city.database.read() as session:
        whose, day = wish.whose(city.actor(username)), at(session, work.today())
        return lines(session, whose, day, wish.kinds, day=wish.day)


@pytest.fixture
def busy(city: City) -> int:
    """Two overdue, one today, one far ahead, one without a step, one signed with everything owed."""
    for title, days in (("甲", -40), ("乙", -1), ("丙", 0), ("丁", 30), ("戊", None)):
        _planned(city, "kunqu_officer", title, days)
    lead_id = _planned(city, "kunqu_officer", "己", 0)
    _planned(city, "kunqu_colleague", "庚", -3)
    return work.project(city, "kunqu_officer", lead_id)


@pytest.mark.parametrize("kind", STEPS)
@pytest.mark.parametrize(("username", "whole"), [("kunqu_officer", False), ("kunqu_manager", True)])
def test_a_counter_equals_the_rows_it_opens(
    city: City, busy: int, username: str, whole: bool, kind: Kind
) -> None:
    counted = _counts(city, username, Wish(whole=whole))[kind]

    assert counted == len(_items(city, username, Wish(kind=kind, whole=whole)))
    assert counted or kind is Kind.WEEK


def test_an_officer_sees_his_own_work_a_manager_the_units(city: City, busy: int) -> None:
    own = _items(city, "kunqu_officer", Wish(kind=Kind.OVERDUE))
    units = _items(city, "kunqu_manager", Wish(kind=Kind.OVERDUE, whole=True))

    assert [item.title for item in own] == ["甲", "乙"]
    assert [item.title for item in units] == ["甲", "庚", "乙"]
    manager, officer = city.actor("kunqu_manager"), city.actor("kunqu_officer")
    assert all(may_act(manager, line) for line in units)
    assert [line.title for line in units if may_act(officer, line)] == ["甲", "乙"]


def test_an_officer_who_asks_for_the_unit_gets_his_own(city: City) -> None:
    assert not Wish.from_args({"scope": "unit"}, city.actor("kunqu_officer")).whole
    assert Wish.from_args({}, city.actor("kunqu_manager")).whole
    assert not Wish.from_args({"scope": "mine"}, city.actor("kunqu_manager")).whole


@pytest.mark.parametrize("text", ["x", "-1", "9" * 30, "１", ""])
def test_what_cannot_be_read_in_the_address_is_left_out(city: City, text: str) -> None:
    actor = city.actor("kunqu_manager")

    assert Wish.from_args({"owner": text, "day": text, "filter": text}, actor) == Wish(whole=True)


def test_strangers_see_nothing_of_it(city: City, busy: int) -> None:
    for stranger in ("qingshan_officer", "qingshan_manager"):
        for whole in (False, True):
            assert _items(city, stranger, Wish(whole=whole)) == []
            assert _counts(city, stranger, Wish(whole=whole)) == Counter()


def test_a_confidential_lead_is_on_the_managers_page_and_on_no_reviewers(city: City) -> None:
    _planned(city, "kunqu_officer", "密", -1, confidential=True)

    assert _items(city, "kunqu_manager", Wish(whole=True))
    assert _items(city, "kunqu_reviewer", Wish(whole=True)) == []


def test_the_calendar_counts_what_its_day_opens(city: City, busy: int) -> None:
    with city.database.read() as session:
        whose = Whose(city.actor("kunqu_officer"))
        counts = planned(session, whose, at(session, work.today()))

    for day, count in counts.items():
        assert count == len(_items(city, "kunqu_officer", Wish(day=day)))
    assert counts[work.today()] >= 1


def _overview(city: City, username: str) -> Overview:
    with city.database.read() as session:
        return overview(session, city.actor(username), work.today())


def test_every_split_of_the_pipeline_has_the_same_sum(city: City, busy: int) -> None:
    seen = _overview(city, "leader")

    assert seen.pipeline.count == 6
    assert seen.pipeline.amount == Money.yi(18)
    assert [part.of for part in seen.stages] == [one for one in Stage if one is not Stage.SIGNED]
    for parts in (seen.models, seen.positions):
        assert sum(part.count for part in parts) == 6
        assert sum(part.amount.fen for part in parts) == Money.yi(18).fen
    assert (seen.signed.count, seen.signed.amount) == (1, Money.yi(3))
    assert seen.owed == 2
    assert seen.late == 0


def test_a_paper_that_is_late_counts_as_overdue_and_as_owed(city: City, busy: int) -> None:
    before = _counts(city, "kunqu_officer", Wish())
    with city.write() as session:
        first = select(func.min(Owed.id)).where(Owed.project_id == busy).scalar_subquery()
        session.execute(update(Owed).where(Owed.id == first).values(due_on=work.today() - DAY))

    after = _counts(city, "kunqu_officer", Wish())
    assert after[Kind.OVERDUE] == before[Kind.OVERDUE] + 1
    assert after[Kind.EVIDENCE] == before[Kind.EVIDENCE] == 2
    assert len(_items(city, "kunqu_officer", Wish(kind=Kind.OVERDUE))) == after[Kind.OVERDUE]


def test_another_districts_manager_would_see_an_empty_overview(city: City, busy: int) -> None:
    seen = _overview(city, "qingshan_manager")

    assert (seen.pipeline.count, seen.signed.count, seen.owed) == (0, 0, 0)


def test_an_owner_that_the_database_cannot_hold_narrows_nothing(city: City) -> None:
    for text in ("0" * 20 + "9" * 30, "9" * 30, "9" * 5000, str(2**63), "²"):
        assert Wish.from_args({"owner": text}, city.actor("city_manager")).owner is None
