"""A follow-up is kept, moves the lead's last contact and next step, and carries its files."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from crm.activities import operations, queries
from crm.activities.models import Activity
from crm.activities.operations import ActivityDraft
from crm.activities.rules import ActivityKind
from crm.audit.models import Entry
from crm.core import clock, store
from crm.core.errors import Forbidden, Missing, Refused
from crm.files.operations import Received
from crm.leads.models import FOREVER, Lead
from crm.projects.models import Project
from tests.factories import work
from tests.factories.city import City
from tests.files.contents import PDF

DAY = timedelta(days=1)


def _log(city: City, username: str, on: tuple[str, int], **told: Any) -> int:
    draft = {
        "kind": ActivityKind.VISIT,
        "held_on": work.today(),
        "said": "谈了用地",
        "next_step": "发方案",
        "next_step_on": work.today() + 2 * DAY,
    } | told
    with city.write() as session:
        row = operations.log(
            session, city.actor(username), ActivityDraft(**draft), on=on, now=clock.now()
        )
        return row.id


@pytest.fixture
def lead_id(city: City) -> int:
    return work.lead(city, "kunqu_officer")


def test_a_follow_up_sets_the_last_contact_and_the_next_step(city: City, lead_id: int) -> None:
    _log(city, "kunqu_officer", ("lead", lead_id))

    with city.database.read() as session:
        lead = session.get_one(Lead, lead_id)
    assert lead.last_contact_on == work.today()
    assert (lead.next_step, lead.next_step_on) == ("发方案", work.today() + 2 * DAY)


def test_an_older_follow_up_told_late_does_not_turn_the_last_contact_back(
    city: City, lead_id: int
) -> None:
    _log(city, "kunqu_officer", ("lead", lead_id))
    _log(city, "kunqu_officer", ("lead", lead_id), held_on=work.today() - 20 * DAY)

    with city.database.read() as session:
        assert session.get_one(Lead, lead_id).last_contact_on == work.today()
        found = queries.of_lead(session, city.actor("kunqu_officer"), lead_id).rows
    assert [row.held_on for row in found] == [work.today(), work.today() - 20 * DAY]


def test_without_a_next_step_none_is_planned(city: City, lead_id: int) -> None:
    _log(city, "kunqu_officer", ("lead", lead_id), next_step="", next_step_on=None)

    with city.database.read() as session:
        assert session.get_one(Lead, lead_id).next_step_on == FOREVER


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"held_on": work.today() + DAY}, "held_on"),
        ({"held_on": work.today() - 400 * DAY}, "held_on"),
        ({"next_step_on": work.today() - DAY}, "next_step_on"),
    ],
)
def test_a_day_that_cannot_be_is_refused_beside_its_field_and_nothing_is_written(
    city: City, lead_id: int, told: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as refused:
        _log(city, "kunqu_officer", ("lead", lead_id), **told)

    assert refused.value.field == field
    with city.database.read() as session:
        assert session.scalars(select(Activity)).all() == []


def test_files_of_a_follow_up_hang_on_the_lead_and_are_shown_with_it(
    city: City, lead_id: int, tmp_path: Path
) -> None:
    stored = store.keep(tmp_path, io.BytesIO(PDF), 1000)
    _log(city, "kunqu_officer", ("lead", lead_id), files=(Received(stored, "名片.pdf"),))

    with city.database.read() as session:
        (row,) = queries.of_lead(session, city.actor("kunqu_officer"), lead_id).rows
    assert [(file.name, file.subject_kind, file.subject_id) for file in row.files] == [
        ("名片.pdf", "lead", lead_id)
    ]


def test_a_project_is_followed_up_as_well(city: City, lead_id: int) -> None:
    project_id = work.project(city, "kunqu_officer", lead_id)
    _log(city, "kunqu_officer", ("project", project_id))

    with city.database.read() as session:
        assert session.get_one(Project, project_id).last_contact_on == work.today()
        found = queries.of_project(session, city.actor("kunqu_reviewer"), project_id).rows
    assert [row.said for row in found] == ["谈了用地"]


@pytest.mark.parametrize(
    ("username", "answer"), [("kunqu_colleague", Forbidden), ("qingshan_officer", Missing)]
)
def test_only_who_may_write_the_lead_logs_on_it(
    city: City, lead_id: int, username: str, answer: type[Exception]
) -> None:
    with pytest.raises(answer):
        _log(city, username, ("lead", lead_id))


def test_strangers_read_no_follow_ups(city: City, lead_id: int) -> None:
    _log(city, "kunqu_officer", ("lead", lead_id))

    with city.database.read() as session, pytest.raises(Missing):
        queries.of_lead(session, city.actor("qingshan_manager"), lead_id)


def test_the_leads_trail_tells_of_it(city: City, lead_id: int) -> None:
    _log(city, "kunqu_officer", ("lead", lead_id))

    with city.database.read() as session:
        trail = session.scalars(
            select(Entry.action).where(Entry.subject_kind == "lead", Entry.subject_id == lead_id)
        ).all()
    assert "activity.logged" in trail
