"""The pages of the funnel, as people ask for them."""

from __future__ import annotations

import io
from datetime import timedelta

import openpyxl
from flask.testing import FlaskClient

from crm.companies.rules import Position
from crm.core import clock
from crm.leads.operations import moving
from crm.leads.rules.kinds import Stage
from tests.factories.city import City
from tests.factories.work import firm, lead, project, today


def test_a_manager_opens_the_funnel_a_figure_and_the_leads_behind_it(
    client: FlaskClient, city: City
) -> None:
    company = firm(city, "kunqu_officer", "包头磁材有限公司")
    first = lead(city, "kunqu_officer", "磁材一期", company_id=company)
    lead(city, "qingshan_officer", "青山机械")
    with city.write() as session:
        actor = city.actor("kunqu_officer")
        moving.move(session, actor, first, Stage.NEGOTIATING, now=clock.now())
    city.sign_in(client, "city_manager", "en")
    shown = client.get("/funnel").text
    assert "Funnel" in shown
    assert "of=in_hand&amp;stage=negotiating" in shown
    rows = client.get("/funnel/rows?of=in_hand&stage=negotiating").text
    assert "磁材一期" in rows
    assert "青山机械" not in rows
    yesterday = (today() - timedelta(days=1)).isoformat()
    assert "磁材一期" not in client.get(f"/funnel/rows?of=all&on={yesterday}").text
    assert "No leads here" in client.get(f"/funnel?on={yesterday}&known=then").text


def test_a_district_and_an_officer_see_their_own_funnel(client: FlaskClient, city: City) -> None:
    lead(city, "kunqu_officer", "磁材一期")
    secret = lead(city, "kunqu_officer", "磁材密件", confidential=True)
    lead(city, "qingshan_officer", "青山机械")
    seen = {}
    for person in ("kunqu_manager", "kunqu_officer", "kunqu_colleague", "qingshan_officer"):
        city.sign_in(client, person)
        text = client.get("/funnel/rows?of=all").text
        seen[person] = tuple(name in text for name in ("磁材一期", "磁材密件", "青山机械"))
        assert (f"/leads/{secret}" in text) is seen[person][1]
    assert seen == {
        "kunqu_manager": (True, True, False),
        "kunqu_officer": (True, True, False),
        "kunqu_colleague": (True, False, False),
        "qingshan_officer": (False, False, True),
    }


def test_the_tables_are_taken_away_as_workbooks(client: FlaskClient, city: City) -> None:
    lead(city, "kunqu_officer", "磁材一期")
    city.sign_in(client, "kunqu_manager", "en")
    taken = {}
    for what in ("now", "rows?of=all", "matrix", "cohorts", "bridge", "term?term=new"):
        with client.get(f"/funnel/download/{what}") as answer:
            sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
            taken[what] = [cell.value for row in sheet.iter_rows() for cell in row]
    assert taken["now"].count(300_000_000) == 4  # amount and change, of the stage and together
    assert "磁材一期" in taken["rows?of=all"]
    assert "磁材一期" in taken["term?term=new"]
    assert 300_000_000 in taken["bridge"]
    assert 1 in taken["cohorts"]
    assert "Undecided" in taken["matrix"]


def test_nobody_without_the_right_to_leads_sees_the_funnel(client: FlaskClient, city: City) -> None:
    for person in ("admin", "auditor"):
        city.sign_in(client, person)
        assert client.get("/funnel").status_code == 403
        assert client.get("/funnel/rows").status_code == 403


def test_a_cell_a_step_and_a_term_open_their_leads(client: FlaskClient, city: City) -> None:
    company = firm(city, "kunqu_officer", "包头磁材有限公司")
    first = lead(city, "kunqu_officer", "磁材一期", company_id=company, position=Position.CORE)
    lead(city, "qingshan_officer", "青山机械")
    with city.write() as session:
        actor = city.actor("kunqu_officer")
        moving.move(session, actor, first, Stage.NEGOTIATING, now=clock.now())
    city.sign_in(client, "city_manager", "en")
    since = (today() - timedelta(days=1)).isoformat()
    for page, link in (
        ("/funnel/matrix", "/funnel/rows?of=in_hand&amp;model=none&amp;position=core"),
        ("/funnel/matrix?row=stage&column=district&show=conversion", "stage=negotiating"),
        ("/funnel/cohorts?span=month", "reached=negotiating"),
        (f"/funnel/bridge?since={since}", "term=new"),
    ):
        assert link in client.get(page).text, page
    cell = client.get("/funnel/rows?of=in_hand&model=none&position=core").text
    assert "磁材一期" in cell
    assert "青山机械" not in cell
    step = client.get(
        f"/funnel/rows?of=all&reached=contacted&entered_from={since}&entered_to={since}"
    )
    assert "磁材一期" not in step.text
    term = client.get(f"/funnel/bridge/rows?term=new&since={since}&at_stage=negotiating").text
    assert "磁材一期" in term
    assert "青山机械" not in term
    city.sign_in(client, "qingshan_officer")
    term = client.get(f"/funnel/bridge/rows?term=new&since={since}").text
    assert "磁材一期" not in term
    assert "青山机械" in term


def test_what_is_lost_says_why_and_what_was_written(client: FlaskClient, city: City) -> None:
    number = lead(city, "kunqu_officer", "磁材一期")
    lead(city, "kunqu_officer", "机械二期")
    with city.write() as session:
        moving.lose(
            session, city.actor("kunqu_officer"), number, note="投资方转去外省", now=clock.now()
        )
    city.sign_in(client, "kunqu_manager", "en")
    shown = client.get("/funnel/lost").text
    assert "投资方转去外省" in shown
    assert "reason=none" in shown
    assert "磁材一期" in client.get("/funnel/rows?of=lost&reason=none&stage=identified").text
    assert "投资方转去外省" not in client.get("/funnel/lost?q=本地").text
    pace = client.get("/funnel/pace").text
    assert "of=in_hand&amp;owner=" in pace
    young = client.get("/funnel/rows?of=in_hand&age=week").text
    assert "机械二期" in young
    assert "磁材一期" not in young
    city.sign_in(client, "qingshan_officer")
    assert "投资方转去外省" not in client.get("/funnel/lost").text


def test_after_signing_each_step_and_what_is_due_open_their_projects(
    client: FlaskClient, city: City
) -> None:
    project(city, "kunqu_officer", lead(city, "kunqu_officer", "磁材一期"), "磁材基地")
    party = {"district": "青山区", "party": "青山机械有限公司"}
    project(city, "qingshan_officer", lead(city, "qingshan_officer", "机械"), "机械基地", **party)
    city.sign_in(client, "kunqu_manager", "en")
    shown = client.get("/funnel/signed").text
    assert "what=signed" in shown
    assert "100.00%" in shown  # not terminated of signed
    signed = client.get("/funnel/signed/rows?what=signed").text
    assert "磁材基地" in signed
    assert "机械基地" not in signed
    for what in ("started", "start_late", "commissioning_soon"):
        assert "磁材基地" not in client.get(f"/funnel/signed/rows?what={what}").text
    city.sign_in(client, "leader", "en")
    assert "机械基地" in client.get("/funnel/signed/rows?what=kept").text
