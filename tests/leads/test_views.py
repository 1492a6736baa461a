"""Saved views of the list: own and shared, the first one, what others may do with them."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from crm.core import clock
from crm.core.errors import Missing, Refused
from crm.lists import operations
from crm.lists.models import ListChoice, SavedView
from crm.lists.rules import LONGEST, MOST_VIEWS, ListName, kept
from tests.factories import work
from tests.factories.city import City

FILTER = "stage=identified&sort=-amount"


def save(client: FlaskClient, name: str = "在谈大项目", **data: object) -> TestResponse:
    """The filter kept through the page."""
    address = f"/lists/leads/views/new?{FILTER}&after=xyz&view=3"
    return client.post(address, data={"name": name, **data})


def view_id(answer: TestResponse) -> int:
    """The view that a redirect leads to."""
    assert answer.status_code == 303, answer.text
    found = re.search(r"view=(\d+)$", answer.location)
    assert found
    return int(found[1])


def tabs(client: FlaskClient) -> list[str]:
    """The names of the tabs."""
    page = client.get("/leads?view=all").text
    row = page[page.index("lead-tabs") : page.index("</nav>", page.index("lead-tabs"))]
    return re.findall(r">([^<>]+)(?:<span class=\"tab-changed\"[^<]*</span>)?</a>", row)


def test_a_view_keeps_filter_and_order_and_not_the_page(city: City, client: FlaskClient) -> None:
    city.sign_in(client, "kunqu_officer")
    number = view_id(save(client))
    with city.database.read() as session:
        row = session.get_one(SavedView, number)
    assert row.query == kept([("stage", "identified"), ("sort", "-amount")])
    assert client.get(f"/lists/views/{number}").location == f"/leads?{row.query}&view={number}"
    shown = client.get(f"/leads?{row.query}&view={number}").text
    assert "在谈大项目" in tabs(client)
    assert f"/lists/views/{number}/edit" in shown


def test_a_view_shared_with_a_unit_is_a_tab_of_its_people_and_those_below(
    city: City, client: FlaskClient
) -> None:
    city.sign_in(client, "kunqu_manager")
    number = view_id(save(client, "昆区周例会", unit_id=city.unit_id("昆都仑区招商局")))
    own = view_id(save(client, "局长私用"))
    for who, has in {
        "kunqu_officer": True, "kunqu_second": True, "kunqu_reviewer": True,
        "city_manager": False, "qingshan_officer": False, "leader": False,
    }.items():  # fmt: skip
        city.sign_in(client, who)
        assert ("昆区周例会" in tabs(client)) is has, who
        assert "局长私用" not in tabs(client)
        assert client.get(f"/lists/views/{number}").status_code == (302 if has else 404)
        assert client.get(f"/lists/views/{own}").status_code == 404


def test_what_a_shared_view_shows_is_the_readers_own_scope(city: City, client: FlaskClient) -> None:
    work.lead(city, "kunqu_manager", "局长自己的项目")
    work.lead(city, "kunqu_officer", "专员的项目")
    city.sign_in(client, "kunqu_manager")
    number = view_id(save(client, unit_id=city.unit_id("昆区一科")))
    city.sign_in(client, "kunqu_officer")
    address = client.get(f"/lists/views/{number}").location
    assert "专员的项目" in client.get(address).text
    assert "局长自己的项目" not in client.get(address).text


def test_a_view_is_shared_with_ones_own_unit_or_below_only(city: City, client: FlaskClient) -> None:
    city.sign_in(client, "kunqu_officer")
    for unit in ("包头市招商局", "青山区招商局", "昆都仑区招商局"):
        assert save(client, unit_id=city.unit_id(unit)).status_code == 422
        with city.write() as session, pytest.raises(Refused):
            operations.save(
                session, city.actor("kunqu_officer"), ListName.LEADS, "x", "",
                unit_id=city.unit_id(unit), now=clock.now(),
            )  # fmt: skip
    with city.database.read() as session:
        assert session.scalars(select(SavedView)).all() == []


def test_who_only_reads_keeps_views_for_himself_and_shares_none(
    city: City, client: FlaskClient
) -> None:
    city.sign_in(client, "leader")
    assert save(client, unit_id=city.unit_id("包头市招商局")).status_code == 422
    assert save(client).status_code == 303
    assert "在谈大项目" in tabs(client)


def test_another_persons_view_is_not_there_to_be_changed(city: City, client: FlaskClient) -> None:
    city.sign_in(client, "kunqu_manager")
    shared = view_id(save(client, unit_id=city.unit_id("昆区一科")))
    for who in ("kunqu_officer", "qingshan_officer"):
        city.sign_in(client, who)
        assert client.get(f"/lists/views/{shared}/edit").status_code == 404
        changed = client.post(f"/lists/views/{shared}/edit", data={"name": "改名"})
        assert changed.status_code == 404
        assert client.post(f"/lists/views/{shared}/remove").status_code == 404
    with city.database.read() as session:
        assert session.get_one(SavedView, shared).name == "在谈大项目"
    with city.write() as session, pytest.raises(Missing):
        operations.choose_first(
            session, city.actor("qingshan_officer"), ListName.LEADS, shared, now=clock.now()
        )


def test_the_list_opens_with_the_first_view_and_all_is_one_click_away(
    city: City, client: FlaskClient
) -> None:
    city.sign_in(client, "kunqu_officer")
    number = view_id(save(client, first="y"))
    assert client.get("/leads").location == f"/lists/views/{number}"
    assert client.get("/leads?view=all").status_code == 200
    assert client.get("/leads?mine=1").status_code == 200
    edited = client.post(f"/lists/views/{number}/edit", data={"name": "在谈大项目", "version": 1})
    assert edited.status_code == 303
    assert client.get("/leads").status_code == 200


def test_a_view_takes_the_changed_filter_only_when_asked(city: City, client: FlaskClient) -> None:
    city.sign_in(client, "kunqu_officer")
    number = view_id(save(client))
    shown = client.get(f"/leads?stage=contacted&view={number}").text
    assert 'class="tab-changed"' in shown
    address = f"/lists/views/{number}/edit?stage=contacted&view={number}"
    assert 'name="again" type="checkbox" value="y" checked' in _sorted(client.get(address).text)
    client.post(address, data={"name": "改", "version": 1})
    with city.database.read() as session:
        assert "identified" in session.get_one(SavedView, number).query
    client.post(address, data={"name": "改", "again": "y", "version": 2})
    with city.database.read() as session:
        assert session.get_one(SavedView, number).query == "stage=contacted"


def _sorted(page: str) -> str:
    """A switch of a form with its attributes in one order."""
    found = re.search(r"<input[^>]*name=\"again\"[^>]*>", page)
    assert found
    checked = " checked" if re.search(r"\bchecked\b", found[0]) else ""
    return f'name="again" type="checkbox" value="y"{checked}'


def test_the_second_of_two_editors_is_told(city: City, client: FlaskClient) -> None:
    city.sign_in(client, "kunqu_officer")
    number = view_id(save(client))
    first = client.post(f"/lists/views/{number}/edit", data={"name": "甲", "version": 1})
    second = client.post(f"/lists/views/{number}/edit", data={"name": "乙", "version": 1})
    assert (first.status_code, second.status_code) == (303, 409)
    assert 'value="乙"' in second.text


def test_a_removed_view_is_gone_from_whoever_opened_his_list_with_it(
    city: City, client: FlaskClient
) -> None:
    city.sign_in(client, "kunqu_manager")
    number = view_id(save(client, unit_id=city.unit_id("昆区一科")))
    with city.write() as session:
        operations.choose_first(
            session, city.actor("kunqu_officer"), ListName.LEADS, number, now=clock.now()
        )
    assert client.post(f"/lists/views/{number}/remove").status_code == 303
    city.sign_in(client, "kunqu_officer")
    assert client.get("/leads").status_code == 200
    with city.database.read() as session:
        assert session.scalars(select(SavedView)).all() == []
        assert [one.view_id for one in session.scalars(select(ListChoice))] == [None]


def test_too_many_and_too_long_are_refused(city: City, client: FlaskClient) -> None:
    actor = city.actor("kunqu_officer")
    with city.write() as session, pytest.raises(Refused):
        operations.save(session, actor, ListName.LEADS, "x", "q" * (LONGEST + 1), now=clock.now())
    with city.write() as session:
        for number in range(MOST_VIEWS):
            operations.save(session, actor, ListName.LEADS, f"{number}", "", now=clock.now())
    city.sign_in(client, "kunqu_officer")
    assert save(client).status_code == 422
    assert save(client, "").status_code == 422
    assert client.post("/lists/projects/views/new", data={"name": "x"}).status_code == 404
