"""Who reads and writes which project: strangers, landing districts, the mark, promises, hand-over."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from crm.audit.models import Entry
from crm.companies.queries import knows
from crm.core import clock
from crm.core.errors import Forbidden, Missing, Refused
from crm.leads.models import Lead
from crm.leads.operations import care
from crm.projects.models import Project
from crm.projects.operations import changes, handover, promises
from crm.projects.operations.promises import PromiseDraft
from crm.projects.queries import detail, scope
from crm.projects.queries.handover import work_of
from crm.projects.queries.listing import ProjectFilter, projects, total
from tests.factories import work
from tests.factories.city import City

EVERYBODY = {
    "city_manager", "city_reviewer", "leader", "admin", "auditor", "city_officer",
    "kunqu_manager", "kunqu_reviewer", "kunqu_officer", "kunqu_colleague", "kunqu_second",
    "qingshan_manager", "qingshan_reviewer", "qingshan_officer",
}  # fmt: skip


def readers(city: City, project_id: int) -> set[str]:
    """Who finds the project, by its id and in the list alike."""
    found = set()
    for username in EVERYBODY:
        actor = city.actor(username)
        with city.database.read() as session:
            listed = [one.project.id for one in projects(session, actor, ProjectFilter()).rows]
            assert total(session, actor, ProjectFilter()).count == len(listed)
            try:
                detail.project(session, actor, project_id)
                assert project_id in listed
                found.add(username)
            except Missing:
                assert project_id not in listed
    return found


def writers(city: City, project_id: int) -> set[str]:
    """Who may change it."""
    found = set()
    for username in EVERYBODY:
        with city.database.read() as session:
            if detail.may_write(session, city.actor(username), project_id):
                found.add(username)
    return found


CITY = {"city_manager", "city_reviewer", "leader"}


def test_a_project_is_read_in_its_unit_and_above_and_where_it_lands(city: City) -> None:
    lead_id = work.lead(city, "kunqu_officer")
    project_id = work.project(city, "kunqu_officer", lead_id, district="青山区")
    assert readers(city, project_id) == CITY | {
        "kunqu_manager", "kunqu_reviewer", "kunqu_officer", "kunqu_colleague",
        "qingshan_manager", "qingshan_reviewer",
    }  # fmt: skip
    assert writers(city, project_id) == {
        "city_manager", "city_reviewer", "kunqu_manager", "kunqu_reviewer", "kunqu_officer",
        "qingshan_manager", "qingshan_reviewer",
    }  # fmt: skip


def test_two_strangers_find_nothing(city: City) -> None:
    project_id = work.project(city, "kunqu_officer", work.lead(city, "kunqu_officer"))
    assert {"qingshan_officer", "kunqu_second"} & readers(city, project_id) == set()


def test_a_collaborator_of_the_lead_reads_and_writes(city: City) -> None:
    lead_id = work.lead(city, "kunqu_officer")
    with city.write() as session:
        care.set_collaborators(
            session, city.actor("kunqu_officer"), lead_id,
            [city.person_id("qingshan_officer")], now=clock.now(),
        )  # fmt: skip
    project_id = work.project(city, "kunqu_officer", lead_id)
    assert "qingshan_officer" in readers(city, project_id)
    assert "qingshan_officer" in writers(city, project_id)


CONFIDENTIAL = {"city_manager", "kunqu_manager", "kunqu_officer"}


def test_the_leads_mark_covers_the_project_until_it_is_lifted(city: City) -> None:
    lead_id = work.lead(city, "kunqu_officer", confidential=True)
    project_id = work.project(city, "kunqu_officer", lead_id, district="青山区")
    assert readers(city, project_id) == CONFIDENTIAL
    with city.write() as session:
        care.set_confidential(session, city.actor("kunqu_officer"), lead_id, False, now=clock.now())
    assert "qingshan_reviewer" in readers(city, project_id)
    with city.write() as session:
        care.set_confidential(session, city.actor("kunqu_officer"), lead_id, True, now=clock.now())
    assert readers(city, project_id) == CONFIDENTIAL


def test_the_projects_own_mark_covers_it_too(city: City) -> None:
    project_id = work.project(city, "kunqu_officer", work.lead(city, "kunqu_officer"))
    with city.write() as session:
        changes.set_confidential(
            session, city.actor("kunqu_officer"), project_id, True, now=clock.now()
        )
    assert readers(city, project_id) == CONFIDENTIAL


def test_a_mark_set_later_hides_the_company_with_the_project(city: City) -> None:
    lead_id = work.lead(city, "kunqu_officer")
    project_id = work.project(city, "kunqu_officer", lead_id, district="青山区")
    with city.database.read() as session:
        company_id = session.get_one(Project, project_id).company_id
    with city.database.engine.begin() as connection:  # entered by nobody near
        connection.exec_driver_sql(
            f"UPDATE company SET unit_id = {city.unit_id('包头市招商局')} WHERE id = {company_id}"
        )

    def know() -> set[str]:
        people = ("kunqu_colleague", "kunqu_manager", "qingshan_reviewer")
        actors = {username: city.actor(username) for username in people}
        with city.database.read() as session:
            return {name for name, actor in actors.items() if knows(session, actor, company_id)}

    assert know() == {"kunqu_colleague", "kunqu_manager", "qingshan_reviewer"}
    with city.write() as session:
        care.set_confidential(session, city.actor("kunqu_officer"), lead_id, True, now=clock.now())
    assert know() == {"kunqu_manager"}


PROMISE = PromiseDraft(what="三年房租减半", basis="包府发〔2025〕3号")


def test_promises_are_a_managers_and_their_trail_stands_apart(city: City) -> None:
    project_id = work.project(city, "kunqu_officer", work.lead(city, "kunqu_officer"))

    def enter(username: str) -> None:
        with city.write() as session:
            promises.promise(session, city.actor(username), project_id, PROMISE, now=clock.now())

    for username in ("kunqu_officer", "kunqu_reviewer"):
        with pytest.raises(Missing):
            enter(username)
    enter("kunqu_manager")
    with city.database.read() as session:
        for username in ("city_manager", "kunqu_manager", "auditor"):
            actor = city.actor(username)
            assert [one.what for one in detail.promises(session, actor, project_id)] == [
                "三年房租减半"
            ]
            assert len(detail.promised_projects(session, actor)) == 1
        for username in ("kunqu_officer", "kunqu_reviewer", "leader", "qingshan_manager"):
            with pytest.raises(Missing):
                detail.promises(session, city.actor(username), project_id)
            assert detail.promised_projects(session, city.actor(username)) == []
        kinds = session.scalars(
            select(Entry.subject_kind).where(Entry.action == "promise.entered")
        ).all()
        assert kinds == ["promise"]
        assert not scope.may(session, scope.readable(city.actor("auditor")), project_id)


def test_a_review_that_is_claimed_has_its_number(city: City) -> None:
    from crm.projects.rules.kinds import FairReview, PromiseState

    project_id = work.project(city, "kunqu_officer", work.lead(city, "kunqu_officer"))
    for told, field in (
        ({"fair_review": FairReview.REVIEWED}, "fair_review_number"),
        ({"fair_review": FairReview.NOT_NEEDED}, "fair_review_why"),
        ({"state": PromiseState.BROKEN}, "state_note"),
    ):
        with city.write() as session, pytest.raises(Refused) as refusal:
            promises.promise(
                session, city.actor("kunqu_manager"), project_id,
                PromiseDraft(what="地价", basis="纪要", **told),  # type: ignore[arg-type]
                now=clock.now(),
            )  # fmt: skip
        assert refusal.value.field == field


def test_who_leaves_hands_everything_over_in_one_go(city: City) -> None:
    lead_id = work.lead(city, "kunqu_officer")
    project_id = work.project(city, "kunqu_officer", lead_id)
    admin, leaver = city.actor("admin"), city.person_id("kunqu_officer")
    heir = city.person_id("qingshan_officer")
    with city.write() as session, pytest.raises(Refused):
        handover.let_go(session, admin, leaver, None, now=clock.now())
    with city.write() as session, pytest.raises(Refused):
        handover.let_go(session, admin, leaver, city.person_id("leader"), now=clock.now())
    with city.write() as session:
        handover.let_go(session, admin, leaver, heir, now=clock.now())
    with city.database.read() as session:
        assert not work_of(session, leaver).any
        assert session.get_one(Lead, lead_id).owner_id == heir
        project = session.get_one(Project, project_id)
        assert (project.owner_id, project.unit_id) == (heir, city.unit_id("青山一科"))
        from crm.accounts.models import Person

        assert not session.get_one(Person, leaver).active


def test_who_moves_may_take_the_work_along(city: City) -> None:
    project_id = work.project(city, "kunqu_officer", work.lead(city, "kunqu_officer"))
    admin, mover = city.actor("admin"), city.person_id("kunqu_officer")
    unit = city.unit_id("青山一科")
    with city.write() as session:
        handover.move_away(session, admin, mover, mover, unit, now=clock.now())
    with city.database.read() as session:
        project = session.get_one(Project, project_id)
        assert (project.owner_id, project.unit_id) == (mover, unit)


def test_only_an_administrator_lets_people_go(city: City) -> None:
    with city.write() as session, pytest.raises(Forbidden):
        handover.let_go(
            session, city.actor("kunqu_manager"), city.person_id("kunqu_officer"),
            city.person_id("kunqu_colleague"), now=clock.now(),
        )  # fmt: skip


def test_the_mark_is_set_and_lifted_by_the_owner_and_his_managers_alone(city: City) -> None:
    lead_id = work.lead(city, "kunqu_officer")
    with city.write() as session:
        care.set_collaborators(
            session, city.actor("kunqu_officer"), lead_id,
            [city.person_id("qingshan_officer")], now=clock.now(),
        )  # fmt: skip
    project_id = work.project(city, "kunqu_officer", lead_id, district="青山区")
    allowed = set()
    for username in sorted(writers(city, project_id)):
        try:
            with city.write() as session:
                for wanted in (True, False):
                    changes.set_confidential(
                        session, city.actor(username), project_id, wanted, now=clock.now()
                    )
        except Forbidden:
            continue
        allowed.add(username)
    assert allowed == {"city_manager", "kunqu_manager", "kunqu_officer"}
