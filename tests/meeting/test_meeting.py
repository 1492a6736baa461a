"""A meeting is run, closed and opened again as it was; what it decided waits until it is done."""

from __future__ import annotations

import io
from datetime import timedelta

import docx
import openpyxl
import pytest
import time_machine
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from crm.core import clock
from crm.core.errors import Forbidden, Missing, Refused
from crm.counting.rules.goals import Sum
from crm.leads.operations import moving
from crm.meeting import operations
from crm.meeting.rules import Item, differences, frozen, thawed
from crm.values.money import Money
from tests.factories.city import City
from tests.factories.work import lead, today

sums = st.builds(Sum, st.integers(-99, 99), st.integers(-(10**18), 10**18).map(Money))
figures = st.dictionaries(st.sampled_from(Item), sums)


@given(figures, figures)
def test_frozen_figures_come_back_as_they_were_and_only_what_differs_is_said(
    then: dict[Item, Sum], now: dict[Item, Sum]
) -> None:
    assert thawed(frozen(then)) == then
    assert differences(then, then) == []
    assert {one.item for one in differences(then, now)} == {
        item for item in then.keys() & now.keys() if then[item] != now[item]
    }


def decision(city: City, who: str, owner: str, text: str = "三日内上门") -> int:
    with city.write() as session:
        row = operations.decide(
            session,
            city.actor(who),
            text=text,
            owner_id=city.person_id(owner),
            due_on=today() + timedelta(days=3),
            now=clock.now(),
        )
        return row.id


def test_a_manager_runs_and_closes_a_meeting_and_it_opens_as_it_was(
    client: FlaskClient, city: City
) -> None:
    number = lead(city, "kunqu_officer", "磁材一期")
    city.sign_in(client, "kunqu_manager", "en")
    since = today() - timedelta(days=7)
    shown = client.get("/meeting").text
    assert "Weekly meeting" in shown
    assert "term=new" in shown
    answer = client.post("/meeting/close", data={"since": since.isoformat(), "note": "按计划推进"})
    assert answer.status_code == 303
    closed = answer.location
    before = client.get(closed).text
    assert "按计划推进" in before
    assert "the figures of these days are the same" in before
    assert "磁材一期" in client.get(f"{closed}/leads?item=new").text
    with city.write() as session:
        moving.lose(session, city.actor("kunqu_officer"), number, note="x", now=clock.now())
    after = client.get(closed).text
    assert "What differs today" in after
    assert "Given up as lost" in after
    assert "磁材一期" in client.get(f"{closed}/leads?item=new").text
    again = client.post("/meeting/close", data={"since": since.isoformat()})
    assert again.status_code == 422
    assert "closed already" in again.text
    with client.get(f"{closed}/download/docx") as paper:
        text = "\n".join(one.text for one in docx.Document(io.BytesIO(paper.data)).paragraphs)
    assert "按计划推进" in text
    with client.get(f"{closed}/download/xlsx") as book:
        sheet = openpyxl.load_workbook(io.BytesIO(book.data)).active
    assert 300_000_000 in [cell.value for row in sheet.iter_rows() for cell in row]


def test_a_decision_waits_on_its_owners_work_page_and_in_the_next_meeting_until_done(
    client: FlaskClient, city: City
) -> None:
    city.sign_in(client, "kunqu_manager", "en")
    answer = client.post(
        "/meeting/decisions",
        data={
            "text": "三日内上门",
            "owner_id": str(city.person_id("kunqu_officer")),
            "due_on": (today() + timedelta(days=3)).isoformat(),
        },
    )
    assert answer.status_code == 303
    assert "三日内上门" in client.get("/meeting").text
    assert client.post("/meeting/decisions", data={"text": ""}).status_code == 422
    for person, sees in (("kunqu_officer", True), ("kunqu_colleague", False)):
        city.sign_in(client, person)
        assert ("三日内上门" in client.get("/").text) is sees
    city.sign_in(client, "qingshan_manager")
    assert "三日内上门" not in client.get("/meeting").text
    assert client.post("/decisions/1/done").status_code == 404
    city.sign_in(client, "kunqu_officer")
    client.post("/decisions/1/done", data={"form_key": "a" * 32, "result": "已上门"})
    assert "三日内上门" not in client.get("/").text


def test_who_may_not_run_a_meeting_reads_none(client: FlaskClient, city: City) -> None:
    with city.write() as session:
        row = operations.close(
            session, city.actor("kunqu_manager"), since=today() - timedelta(days=7), now=clock.now()
        )
        number = row.id
    city.sign_in(client, "city_manager")
    assert client.get(f"/meeting/{number}").status_code == 200
    city.sign_in(client, "qingshan_manager")
    assert client.get(f"/meeting/{number}").status_code == 404
    assert client.get(f"/meeting/{number}/leads").status_code == 404
    for person in ("kunqu_officer", "kunqu_reviewer", "leader", "admin", "auditor"):
        city.sign_in(client, person)
        assert client.get("/meeting").status_code == 403
        assert client.get(f"/meeting/{number}").status_code == 403


def test_what_cannot_be_is_refused(city: City) -> None:
    mine = decision(city, "kunqu_manager", "kunqu_officer")
    with pytest.raises(Refused, match="colleague"):
        decision(city, "kunqu_manager", "qingshan_officer")
    with pytest.raises(Forbidden):
        decision(city, "kunqu_officer", "kunqu_officer")
    with pytest.raises(Missing), city.write() as session:
        operations.carry_out(session, city.actor("kunqu_colleague"), mine, now=clock.now())
    with pytest.raises(Refused, match="before its own"), city.write() as session:
        operations.close(session, city.actor("kunqu_manager"), since=today(), now=clock.now())
    with city.write() as session:
        operations.carry_out(session, city.actor("kunqu_officer"), mine, now=clock.now())
    with pytest.raises(Refused, match="already"), city.write() as session:
        operations.carry_out(session, city.actor("kunqu_officer"), mine, now=clock.now())


def test_the_minutes_of_a_closed_meeting_name_the_decisions_of_its_day(
    client: FlaskClient, city: City
) -> None:
    with time_machine.travel("2026-11-16T10:00:00+08:00", tick=False):
        first = decision(city, "kunqu_manager", "kunqu_officer", "first")
        city.sign_in(client, "kunqu_manager", "en")
        closed = client.post("/meeting/close", data={"since": "2026-11-09"}).location
    with time_machine.travel("2026-11-23T10:00:00+08:00", tick=False):
        decision(city, "kunqu_manager", "kunqu_officer", "second")
        with city.write() as session:
            operations.carry_out(
                session, city.actor("kunqu_officer"), first, result="", now=clock.now()
            )
        city.sign_in(client, "kunqu_manager", "en")
        with client.get(f"{closed}/download/docx") as paper:
            lines = [one.text for one in docx.Document(io.BytesIO(paper.data)).paragraphs]
    assert any(line.startswith("first") for line in lines)
    assert not any(line.startswith("second") for line in lines)
