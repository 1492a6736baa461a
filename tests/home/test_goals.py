"""Both goals on the first pages, what awaits whoever judges, what is stuck; nothing of it for a stranger."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient

from crm.agenda.queries.awaits import awaits
from crm.agenda.queries.matters import at
from crm.core import clock
from crm.counting.rules.goals import Sum
from crm.goals.operations.plan import carry_over
from crm.home.queries.stuck import stuck
from crm.leads.models import Lead
from crm.projects.models import Project
from tests.factories import work
from tests.factories.city import SYSTEM, City
from tests.ledger.town import SHADOW, open_town


def shown(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


@pytest.fixture
def targets(city: City) -> None:
    with city.write() as session:
        carry_over(session, SYSTEM, year=2025, to=work.today().year, now=clock.now())


def test_the_leader_sees_both_goals_the_districts_and_what_binds(
    city: City, client: FlaskClient, targets: None
) -> None:
    city.sign_in(client, "leader")
    page = shown(client.get("/").text)
    for words in (
        "新开工亿元以上产业类项目",
        "到位资金量",
        "目标 ≥ 200",
        "> 1,200.00",
        "昆区",
        "暂无卡点",
    ):
        assert words in page
    assert "缺上年同期数" in page


def test_without_targets_the_leader_is_told_and_sees_no_rate(
    city: City, client: FlaskClient
) -> None:
    city.sign_in(client, "leader")
    page = shown(client.get("/").text)
    assert page.count("请科长或管理员录入年度目标") == 2
    assert "%" not in page


def test_the_pipeline_has_its_own_page(city: City, client: FlaskClient) -> None:
    work.lead(city, "kunqu_officer")
    city.sign_in(client, "leader")
    assert "3.00" in shown(client.get("/pipeline").text)
    city.sign_in(client, "admin")
    assert client.get("/pipeline").status_code == 403


def test_a_manager_sees_his_piles_and_slim_bars_an_officer_does_not(
    city: City, client: FlaskClient, targets: None
) -> None:
    for who, sees in (("city_manager", True), ("kunqu_reviewer", True), ("kunqu_officer", False)):
        city.sign_in(client, who)
        page = shown(client.get("/").text)
        assert ("开工待认定" in page) is sees
        assert ("两项目标" in page) is sees


def test_what_awaits_is_what_he_may_judge(city: City) -> None:
    town = open_town(city, money=False)
    town.money("motor", 500, confirmed=None)
    town.money("crystal", 700, confirmed=None)
    with city.database.read() as session:
        told = {
            who: awaits(session, city.actor(who))
            for who in ("city_manager", "kunqu_manager", "qingshan_reviewer", "kunqu_officer")
        }
    assert told["kunqu_officer"].review is told["kunqu_officer"].confirm is None
    assert told["qingshan_reviewer"].confirm is None
    assert told["qingshan_reviewer"].review == Sum()
    confirm = told["city_manager"].confirm
    assert confirm is not None
    assert (confirm.count, confirm.amount.fen) == (2, 12_000_000_00)
    assert told["kunqu_manager"].confirm is None


def test_what_is_stuck_is_told_in_the_readers_scope_the_largest_first(city: City) -> None:
    town = open_town(city, money=False)
    with city.write() as session:
        for number in town.projects.values():
            session.get_one(Project, number).planned_start = date(2025, 6, 1)
        old = work.today() - timedelta(days=100)
    lead = work.lead(city, "kunqu_officer", next_step="", next_step_on=None)
    with city.write() as session:
        session.get_one(Lead, lead).silent_from = old
    told = {}
    with city.database.read() as session:
        for who in ("city_manager", "leader", "kunqu_officer", "qingshan_officer"):
            found = stuck(session, city.actor(who), at(session, work.today()))
            names = {one.title for one in found.projects.lines}
            told[who] = (found.projects.count, SHADOW in names, found.leads.count)
    assert told == {
        "city_manager": (4, True, 1),
        "leader": (3, False, 1),
        "kunqu_officer": (1, False, 1),
        "qingshan_officer": (2, True, 0),
    }
    with city.write() as session:
        session.get_one(Project, town.projects["motor"]).planned_start = work.today()
    with city.database.read() as session:
        assert (
            stuck(session, city.actor("city_manager"), at(session, work.today())).projects.count
            == 3
        )
