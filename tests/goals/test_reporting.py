"""Figures that departments report: with period, method and source, corrected by a new one, none erased."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from crm.audit.models import Entry
from crm.core.database import Database
from crm.goals.queries import targets
from tests.factories.city import City
from tests.goals.given import goal_of, yi

TYPED = {"month": "6", "value": "512.5", "method": "快报", "source": "市工信局7月3日快报"}


@pytest.fixture
def steel(database: Database) -> int:
    """钢铁产业产值, which nobody measures here."""
    with database.read() as session:
        return goal_of(session, "steel_output").id


@pytest.fixture(autouse=True)
def _july() -> object:
    """It is 3 July 2025: six months are over."""
    with time_machine.travel("2025-07-03T09:00:00+08:00", tick=True):
        yield


@pytest.mark.parametrize(
    ("person", "may"),
    [
        ("city_manager", True), ("city_reviewer", True), ("kunqu_manager", False),
        ("kunqu_reviewer", False), ("kunqu_officer", False), ("leader", False), ("admin", False),
    ],
)  # fmt: skip
def test_the_bureau_reports(
    client: FlaskClient, city: City, database: Database, steel: int, person: str, may: bool
) -> None:
    city.sign_in(client, person)
    assert (f"/goals/targets/{steel}/report" in client.get(f"/goals/reported/{steel}").text) == may
    assert client.get(f"/goals/targets/{steel}/report").status_code == (200 if may else 403)
    answer = client.post(f"/goals/targets/{steel}/report", data=TYPED)
    assert answer.status_code == (303 if may else 403)
    with database.read() as session:
        assert len(targets.history(session, steel)) == may


def test_a_figure_stands_until_a_later_one_of_its_month_and_stays_readable(
    client: FlaskClient, city: City, database: Database, steel: int
) -> None:
    city.sign_in(client, "city_reviewer")
    client.post(f"/goals/targets/{steel}/report", data=TYPED)
    client.post(
        f"/goals/targets/{steel}/report", data=TYPED | {"value": "515", "method": "更正后快报"}
    )
    with database.read() as session:
        stands = targets.reported(session, [steel], year=2025, on=date(2025, 7, 3))[steel]
        assert (stands.value, stands.method) == (yi(515), "更正后快报")
        assert stands.reported_by == city.person_id("city_reviewer")
        entries = session.scalars(select(Entry).where(Entry.action == "figure.reported")).all()
    assert [entry.after["value"] for entry in entries] == ["512.5 亿元", "515 亿元"]
    page = client.get(f"/goals/reported/{steel}").text
    assert page.count("市工信局7月3日快报") == 2
    assert "512.5" in page


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"value": "500亿元以上"}, "请只填数字"),
        ({"value": "约500"}, "请只填数字"),
        ({"value": ""}, ""),
        ({"value": "-3"}, "只有增长类可以为负"),
        ({"value": "0.00000000001"}, "最小单位"),
        ({"month": "7"}, ""),
        ({"month": "0"}, ""),
        ({"month": "x"}, ""),
        ({"method": " "}, ""),
        ({"source": ""}, ""),
        ({"source": "长" * 201}, "200"),
    ],
)
def test_a_figure_without_what_makes_it_one_is_refused_beside_its_field(
    client: FlaskClient,
    city: City,
    database: Database,
    steel: int,
    typed: dict[str, str],
    says: str,
) -> None:
    city.sign_in(client, "city_manager")
    answer = client.post(f"/goals/targets/{steel}/report", data=TYPED | typed)
    assert answer.status_code == 422
    (field,) = typed
    assert "field-error" in answer.text.split(f'data-field="{field}"')[1].split('data-field="')[0]
    assert says in answer.text
    if field != "source":
        assert "市工信局7月3日快报" in answer.text
    with database.read() as session:
        assert targets.history(session, steel) == []


def test_growth_may_be_below_nothing(client: FlaskClient, city: City, database: Database) -> None:
    city.sign_in(client, "city_manager")
    with database.read() as session:
        number = goal_of(session, "major_investment_growth").id
    client.post(f"/goals/targets/{number}/report", data=TYPED | {"value": "-1.25"})
    with database.read() as session:
        assert [row.value for row in targets.history(session, number)] == [-12_500]


def test_what_is_measured_here_is_reported_by_nobody(
    client: FlaskClient, city: City, database: Database
) -> None:
    city.sign_in(client, "city_manager")
    with database.read() as session:
        number = goal_of(session, "new_start_100m").id
    assert client.get(f"/goals/targets/{number}/report").status_code == 404
    assert client.post(f"/goals/targets/{number}/report", data=TYPED).status_code == 404
