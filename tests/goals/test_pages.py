"""The board's pages by HTTP: who sees what, figures that equal their rows, addresses that cannot be read."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from crm.core.database import Database
from crm.counting.rules.decisions import Measure
from crm.counting.rules.dimensions import Dimension
from crm.counting.rules.goals import Sum
from crm.goals.queries.splits import parts
from crm.goals.rules.look import TABS
from crm.goals.rules.tracks import TRACK_OF, WAY, Track
from crm.ledger.queries.rows import Figure, behind
from crm.values.money import Money
from tests.counting.given import day
from tests.factories.city import City
from tests.house.test_queries import counted
from tests.ledger.town import SHADOW, Town, open_town

READERS = ("city_manager", "leader", "kunqu_reviewer", "kunqu_officer", "qingshan_officer", "admin")
ROWS = re.compile(r'href="(/goals/rows\?[^"#]+)"')


@pytest.fixture
def town(city: City) -> Town:
    return open_town(city)


def text_of(page: str) -> str:
    """What a reader sees of it."""
    shown = re.sub(r"<(script|style|svg)\b.*?</\1>", "", page, flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", "", shown)).split())


@pytest.mark.parametrize("reader", READERS)
def test_who_works_on_projects_or_sets_targets_reads_the_same_board(
    client: FlaskClient, town: Town, reader: str
) -> None:
    town.city.sign_in(client, reader)
    page = client.get("/goals?on=2025-06-30")
    assert page.status_code == 200
    assert "2,600万元" in text_of(page.text)
    assert SHADOW not in page.text


def test_an_auditor_reads_no_board_and_a_stranger_is_asked_to_sign_in(
    client: FlaskClient, town: Town
) -> None:
    town.city.sign_in(client, "auditor")
    addresses = ("/goals", "/goals/rows?measure=funds_counted", "/goals/others", "/goals/wall")
    for address in addresses:
        assert (address, client.get(address).status_code) == (address, 403)
    with client.session_transaction() as cookie:
        cookie.clear()
    for address in addresses:
        assert (address, client.get(address).status_code) == (address, 302)


@pytest.mark.parametrize("reader", READERS)
def test_every_part_of_every_split_equals_the_rows_it_opens(town: Town, reader: str) -> None:
    on, actor = day("12-31"), town.city.actor(reader)
    with town.city.database.read() as session:
        for track in Track:
            for tab in TABS[1:]:
                found = parts(session, actor, track, tab, year=2025, on=on)
                whole = {measure: Sum() for measure in WAY[track]}
                for part in found:
                    for measure, told in part.way.items():
                        figure = Figure(measure, 2025, on, dimension=tab, key=part.key)
                        rows = behind(session, actor, figure)
                        read = [line.standing.amount for line in rows.lines.rows]
                        away = sum((fold.sum for fold in rows.folds), Sum())
                        assert rows.whole == told
                        assert Sum(len(read), sum(read, Money(0))) + away == told
                        whole[measure] += told
                for measure, told in whole.items():
                    assert told == behind(session, actor, Figure(measure, 2025, on)).whole


def test_node_and_anchor_of_a_confidential_project_are_nobodys_business(
    client: FlaskClient, town: Town
) -> None:
    for reader, hidden in (("leader", True), ("kunqu_officer", True), ("city_manager", False)):
        town.city.sign_in(client, reader)
        for tab in ("node", "anchor"):
            page = client.get(f"/goals?on=2025-06-30&tab={tab}&track=funds").text
            assert ("保密" in text_of(page)) is hidden
            assert SHADOW not in page
        page = client.get("/goals?on=2025-06-30&tab=chain&track=funds").text
        assert "保密" not in text_of(page)


@pytest.mark.parametrize("reader", ["city_manager", "leader", "kunqu_officer", "admin"])
def test_every_figure_of_the_board_opens_its_rows_which_add_up(
    client: FlaskClient, town: Town, reader: str
) -> None:
    town.city.sign_in(client, reader)
    seen = set()
    for tab in TABS:
        page = client.get(f"/goals?on=2025-06-30&tab={tab.value}&track=funds").text
        seen |= {unescape(address) for address in ROWS.findall(page)}
    assert len(seen) > 60
    for address in sorted(seen):
        answer = client.get(address)
        assert (address, answer.status_code) == (address, 200)
        assert "为什么" in answer.text or "这个数是怎么来的" in answer.text


def test_another_districts_officer_finds_one_line_a_district_and_no_name(
    client: FlaskClient, town: Town
) -> None:
    town.city.sign_in(client, "qingshan_officer")
    page = client.get("/goals/rows?measure=funds_counted&on=2025-12-31")
    shown = text_of(page.text)
    assert "单晶硅片项目" in shown
    assert "磁材电机项目" not in page.text
    assert "昆都仑区3 笔1,000万元" in shown
    assert "可查看 2 · 1,600万元 + 其余 3 · 1,000万元 = 5 · 2,600万元" in shown


def test_as_of_a_day_and_as_known_then_stand_in_the_address(
    client: FlaskClient, town: Town
) -> None:
    town.city.sign_in(client, "leader")
    assert "2,300万元" in text_of(client.get("/goals?on=2025-03-31").text)
    known = text_of(client.get("/goals?on=2025-12-31&known=2025-04-01").text)
    assert "2,300万元" in known
    assert "按 2025-04-01 所知" in known


def test_a_year_without_targets_says_so_and_what_to_do_and_shows_no_rate(
    client: FlaskClient, town: Town
) -> None:
    town.city.sign_in(client, "leader")
    shown = text_of(client.get("/goals?year=2024").text)
    assert "未下达目标" in shown
    assert "请科长或管理员录入年度目标" in shown
    assert "0.00%" not in shown
    assert "2024年未下达目标" in text_of(client.get("/goals/others?year=2024").text)


@pytest.mark.parametrize(
    "query",
    [
        "measure=", "measure=nothing", "measure=funds_counted&dimension=origin",
        "measure=funds_counted&district=99999",
        f"measure=funds_counted&dimension=node&key={'9' * 50}",
    ],
)  # fmt: skip
def test_a_figure_that_there_is_none_of_is_no_page(
    client: FlaskClient, town: Town, query: str
) -> None:
    town.city.sign_in(client, "leader")
    assert client.get(f"/goals/rows?{query}").status_code == 404
    assert client.get("/goals/others/nothing?year=2025").status_code == 404
    assert client.get("/goals/reported/999999").status_code == 404


@pytest.mark.parametrize(
    "query", ["on=2025-13-99", "on=9999-12-31", "year=20x5", "year=0000", "known=x", "tab=origin"]
)
def test_what_cannot_be_read_in_an_address_is_left_out(
    client: FlaskClient, town: Town, query: str
) -> None:
    town.city.sign_in(client, "leader")
    assert client.get(f"/goals?{query}").status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/goals?tab=node&on=2025-06-30",
        "/goals/rows?measure=funds_counted&on=2025-12-31",
        "/goals/others?year=2025",
    ],
)
def test_pages_with_arguments_ask_the_same_of_few_and_of_many(
    client: FlaskClient, town: Town, database: Database, address: str
) -> None:
    def asked() -> int:
        with counted(database) as said:
            assert client.get(address).status_code == 200
        return len(said)

    town.city.sign_in(client, "kunqu_manager")
    asked()
    few = asked()
    for project in ("motor", "battery", "crystal"):
        town.money(project, 100, "5-10", confirmed="5-12")
    assert asked() == few
    assert few <= 45


def test_every_measure_has_a_track_and_a_rule_in_words() -> None:
    from crm.counting.labels import FIGURES

    assert set(TRACK_OF) == set(FIGURES) == set(Measure)
    assert Dimension.ALL in TABS
