"""Problems of leads and projects: raised, answered, solved, overdue; in the reader's scope."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from crm.activities import operations, queries
from crm.activities.models import Problem
from crm.activities.operations import ProblemDraft
from crm.activities.queries import ProblemFilter
from crm.activities.rules import ProblemKind, ProblemState, problem_state
from crm.catalog.models import Term
from crm.catalog.rules import TermKind
from crm.core import clock
from crm.core.errors import Forbidden, Missing, Refused
from crm.core.versions import VersionBehind
from crm.leads.models import FOREVER, Lead
from crm.leads.operations import care
from tests.factories import work
from tests.factories.city import City

TODAY = work.today()
DAY = timedelta(days=1)


def department(city: City) -> int:
    """Some department."""
    with city.database.read() as session:
        kind = Term.kind == TermKind.DEPARTMENT
        return session.scalars(select(Term.id).where(kind).order_by(Term.id)).first() or 0


def draft(city: City, due_on: date = TODAY + 7 * DAY, **values: object) -> ProblemDraft:
    """A problem as an officer tells it."""
    told = {"kind": ProblemKind.LAND, "asked": "用地指标三百亩", "department_id": department(city)}
    return ProblemDraft(**told | {"due_on": due_on} | values)  # type: ignore[arg-type]


def raised(
    city: City, lead_id: int, who: str = "kunqu_officer", days: int = 7, ago: int = 0
) -> int:
    """A problem of a lead, raised so many days ago, due after so many days from then."""
    now = clock.now() - ago * DAY
    with city.write() as session:
        told = draft(city, clock.day_of(now) + days * DAY)
        return operations.raise_problem(
            session, city.actor(who), told, on=("lead", lead_id), now=now
        ).id


def row(city: City, lead_id: int) -> Lead:
    """The lead as it is stored."""
    with city.database.read() as session:
        return session.get_one(Lead, lead_id)


@pytest.mark.parametrize(
    ("due", "solved", "state"),
    [
        (0, None, ProblemState.OPEN),
        (-1, None, ProblemState.OVERDUE),
        (1, None, ProblemState.OPEN),
        (-9, 0, ProblemState.SOLVED),
    ],
)
def test_a_problem_is_late_from_the_day_after_its_own_until_the_officer_says_it_is_solved(
    due: int, solved: int | None, state: ProblemState
) -> None:
    day = None if solved is None else TODAY + solved * DAY
    assert problem_state(TODAY + due * DAY, day, TODAY) is state


def test_a_lead_knows_how_many_are_open_and_when_the_next_is_due(city: City) -> None:
    lead_id, actor = work.lead(city, "kunqu_officer"), city.actor("kunqu_officer")
    later, sooner = raised(city, lead_id, days=9), raised(city, lead_id, days=3)
    assert (row(city, lead_id).problems, row(city, lead_id).problem_due_on) == (2, TODAY + 3 * DAY)
    with city.write() as session:
        operations.solve_problem(session, actor, sooner, TODAY, "已批", now=clock.now())
    assert (row(city, lead_id).problems, row(city, lead_id).problem_due_on) == (1, TODAY + 9 * DAY)
    with city.write() as session:
        operations.revise_problem(session, actor, later, draft(city, TODAY + DAY), now=clock.now())
    assert row(city, lead_id).problem_due_on == TODAY + DAY
    with city.write() as session:
        operations.solve_problem(session, actor, later, TODAY, now=clock.now())
    assert (row(city, lead_id).problems, row(city, lead_id).problem_due_on) == (0, FOREVER)
    with city.write() as session:
        operations.reopen_problem(
            session, actor, sooner, "批复作废", TODAY + 2 * DAY, now=clock.now()
        )
    assert (row(city, lead_id).problems, row(city, lead_id).problem_due_on) == (1, TODAY + 2 * DAY)


def test_noting_a_problem_makes_nobodys_open_form_stale(city: City) -> None:
    lead_id = work.lead(city, "kunqu_officer")
    version = row(city, lead_id).version
    raised(city, lead_id)
    with city.write() as session:
        care.plan_next_step(
            session, city.actor("kunqu_officer"), lead_id, step="拜访", on=TODAY, version=version,
            now=clock.now(),
        )  # fmt: skip


def test_the_list_of_leads_finds_those_with_problems(city: City, client: FlaskClient) -> None:
    late, open_one = work.lead(city, "kunqu_officer", "迟"), work.lead(city, "kunqu_officer", "开")
    work.lead(city, "kunqu_officer", "无")
    raised(city, late, days=3, ago=20)
    raised(city, open_one)
    city.sign_in(client, "kunqu_officer")

    def found(problems: str) -> set[int]:
        page = client.get(f"/leads?problems={problems}").text
        return {number for number in (late, open_one) if f'href="/leads/{number}"' in page}

    assert found("open") == {late, open_one}
    assert found("overdue") == {late}


def test_an_officer_raises_answers_solves_and_opens_again(city: City, client: FlaskClient) -> None:
    lead_id = work.lead(city, "kunqu_officer")
    city.sign_in(client, "kunqu_officer")
    told = {
        "kind": "energy", "asked": "能耗指标两万吨", "department_id": department(city),
        "due_on": (TODAY + 5 * DAY).isoformat(),
    }  # fmt: skip
    answer = client.post(f"/leads/{lead_id}/problems/new", data=told)
    assert answer.location == f"/leads/{lead_id}?tab=problems"
    assert "能耗指标两万吨" in client.get(f"/leads/{lead_id}/problems").text
    with city.database.read() as session:
        number = session.scalars(select(Problem.id)).one()
    day = TODAY.isoformat()
    said = {"said": "市发改委同意等量替代", "answered_on": day}
    assert client.post(f"/problems/{number}/answer", data=said).status_code == 303
    assert "等量替代" in client.get(f"/problems/{number}").text
    assert client.post(f"/problems/{number}/solve", data={"solved_on": day}).status_code == 303
    assert "能耗指标两万吨" not in client.get("/problems").text
    assert "能耗指标两万吨" in client.get("/problems?state=solved").text
    again = {"why": "指标被收回", "due_on": day}
    assert client.post(f"/problems/{number}/reopen", data=again).status_code == 303
    history = client.get(f"/leads/{lead_id}?tab=history").text
    assert "指标被收回" in history


def test_a_project_has_problems_too(city: City, client: FlaskClient) -> None:
    project_id = work.project(city, "kunqu_officer", work.lead(city, "kunqu_officer"))
    city.sign_in(client, "kunqu_officer")
    told = {
        "kind": "land", "asked": "土地证办理", "department_id": department(city),
        "due_on": TODAY.isoformat(),
    }  # fmt: skip
    answer = client.post(f"/projects/{project_id}/problems/new", data=told)
    assert answer.location == f"/projects/{project_id}?tab=problems"
    assert client.get(answer.location).status_code == 200
    assert "土地证办理" in client.get(f"/projects/{project_id}/problems").text
    assert "永磁电机生产基地" in client.get("/problems").text


CANNOT_BE = (
    ("due_on", (TODAY - DAY).isoformat()),
    ("due_on", ""),
    ("department_id", "1"),
    ("department_id", "9" * 25),
    ("kind", "bogus"),
    ("asked", ""),
    ("asked", "长" * 501),
)


def test_a_problem_that_cannot_be_is_refused_beside_its_field(
    city: City, client: FlaskClient
) -> None:
    lead_id = work.lead(city, "kunqu_officer")
    city.sign_in(client, "kunqu_officer")
    told = {
        "kind": "land", "asked": "用地", "department_id": department(city),
        "due_on": TODAY.isoformat(),
    }  # fmt: skip
    for field, value in CANNOT_BE:
        answer = client.post(f"/leads/{lead_id}/problems/new", data=told | {field: value})
        assert answer.status_code == 422
        assert f'id="{field}-error"' in answer.text or f'href="#{field}"' in answer.text
    with city.database.read() as session:
        assert session.scalars(select(Problem)).all() == []


def test_days_lie_between_the_raising_and_today(city: City) -> None:
    lead_id, actor = work.lead(city, "kunqu_officer"), city.actor("kunqu_officer")
    number = raised(city, lead_id)
    for day in (TODAY + DAY, TODAY - DAY):
        with city.write() as session, pytest.raises(Refused):
            operations.solve_problem(session, actor, number, day, now=clock.now())
        with city.write() as session, pytest.raises(Refused):
            operations.answer_problem(session, actor, number, "x", day, now=clock.now())
    with city.write() as session, pytest.raises(Refused):
        operations.reopen_problem(session, actor, number, "x", TODAY, now=clock.now())
    with city.write() as session, pytest.raises(VersionBehind):
        operations.solve_problem(session, actor, number, TODAY, version=9, now=clock.now())
    with city.write() as session:
        operations.solve_problem(session, actor, number, TODAY, now=clock.now())
    with city.write() as session, pytest.raises(Refused):
        operations.solve_problem(session, actor, number, TODAY, now=clock.now())


DOORS = ("", "/edit", "/answer", "/solve", "/reopen")


def test_a_stranger_finds_nothing_of_a_problem(city: City, client: FlaskClient) -> None:
    lead_id = work.lead(city, "kunqu_officer")
    number = raised(city, lead_id)
    for stranger in ("qingshan_officer", "kunqu_second", "qingshan_manager"):
        city.sign_in(client, stranger)
        for door in DOORS:
            assert client.get(f"/problems/{number}{door}").status_code == 404
            if door:
                answer = client.post(f"/problems/{number}{door}", data={"why": "x"})
                assert answer.status_code == 404
        assert client.get(f"/leads/{lead_id}/problems").status_code == 404
        assert client.post(f"/leads/{lead_id}/problems/new").status_code == 404
        assert "用地指标三百亩" not in client.get("/problems").text
        assert "用地指标三百亩" not in client.get("/problems?state=overdue").text
        with city.write() as session, pytest.raises(Missing):
            operations.solve_problem(session, city.actor(stranger), number, TODAY, now=clock.now())


def test_who_reads_and_may_not_write_changes_nothing(city: City, client: FlaskClient) -> None:
    number = raised(city, work.lead(city, "kunqu_officer"))
    for who in ("kunqu_colleague", "leader"):
        city.sign_in(client, who)
        page = client.get(f"/problems/{number}")
        assert page.status_code == 200
        assert f"/problems/{number}/solve" not in page.text
        for door in DOORS[1:]:
            assert client.post(f"/problems/{number}{door}").status_code == 403
    with city.write() as session, pytest.raises(Forbidden):
        operations.solve_problem(
            session, city.actor("kunqu_colleague"), number, TODAY, now=clock.now()
        )


def test_the_mark_of_a_lead_covers_its_problems(city: City, client: FlaskClient) -> None:
    lead_id = work.lead(city, "kunqu_officer", confidential=True)
    number = raised(city, lead_id)
    for who, seen in {"kunqu_colleague": False, "leader": False, "kunqu_manager": True}.items():
        city.sign_in(client, who)
        assert (client.get(f"/problems/{number}").status_code == 200) is seen
        assert ("用地指标三百亩" in client.get("/problems").text) is seen


def test_the_list_counts_what_it_shows(city: City) -> None:
    lead_id = work.lead(city, "kunqu_officer")
    raised(city, lead_id, days=3, ago=20)
    raised(city, lead_id)
    actor = city.actor("kunqu_manager")
    for wanted, number in {
        ProblemFilter(): 2,
        ProblemFilter(state=ProblemState.OVERDUE): 1,
        ProblemFilter(kind=ProblemKind.WATER): 0,
        ProblemFilter(department=department(city)): 2,
        ProblemFilter(mine=True): 0,
        ProblemFilter(state=ProblemState.SOLVED): 0,
    }.items():
        with city.database.read() as session:
            page = queries.problems(session, actor, wanted, TODAY)
            assert len(page.rows) == number
            assert queries.problem_count(session, actor, wanted, TODAY) == number
