"""Funds in place: figures lead to their rows, strangers see sums alone, tables go out audited."""

from __future__ import annotations

import io
import re
from html import unescape

import openpyxl
import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from crm.audit.models import Entry
from tests.counting.given import at
from tests.factories.city import City
from tests.house.test_queries import counted
from tests.ledger.town import SHADOW, Town, open_town

SPLITS = (
    "district", "project", "cluster", "chain", "node", "position", "model", "anchor", "origin", "cohort",
)  # fmt: skip
JUNE = at("6-30")


@pytest.fixture
def town(city: City) -> Town:
    return open_town(city)


def links(page: str, path: str) -> list[str]:
    return sorted({unescape(one) for one in re.findall(r'href="([^"]+)"', page) if path in one})


@time_machine.travel(JUNE, tick=False)
def test_every_figure_of_the_page_opens_rows_that_add_up_to_it(
    client: FlaskClient, town: Town
) -> None:
    town.money("motor", 40, "5-10", confirmed=None)
    town.city.sign_in(client, "kunqu_officer")
    opened = 0
    for by in SPLITS:
        page = client.get(f"/funds?by={by}").text
        assert "2,600" in page
        for address in links(page, "/funds/rows"):
            shown = re.search(
                rf'href="{re.escape(address).replace("&", "&amp;")}"[^>]*>.*?title="([\d.,]+)',
                page,
                re.S,
            )
            rows = client.get(address)
            assert rows.status_code == 200
            heading = re.search(r"<h1>.*?title=\"([\d.,]+)", rows.text, re.S)
            if shown and heading:
                opened += 1
                assert heading[1] == shown[1], address
            assert SHADOW not in rows.text
    assert opened > 40


@time_machine.travel(JUNE, tick=False)
def test_strangers_see_sums_and_no_names(client: FlaskClient, town: Town) -> None:
    for who in ("kunqu_officer", "leader", "admin", "auditor", "city_officer"):
        town.city.sign_in(client, who)
        for by in SPLITS:
            page = client.get(f"/funds?by={by}").text
            assert SHADOW not in page
            assert ("保密" in page) is (by in {"node", "anchor"})
        rows = client.get("/funds/rows").text
        assert SHADOW not in rows
        assert "（无权查看的明细）" in rows
    town.city.sign_in(client, "qingshan_officer")
    assert SHADOW in client.get("/funds/rows").text
    assert SHADOW in client.get("/funds?by=project").text


@time_machine.travel(JUNE, tick=False)
def test_the_filter_stays_in_the_address_and_nonsense_is_left_out(
    client: FlaskClient, town: Town
) -> None:
    town.city.sign_in(client, "city_manager")
    page = client.get("/funds?year=2025&on=2025-04-20&by=chain").text
    assert 'value="2025-04-20"' in page
    assert links(page, "/funds/rows")[0].count("on=2025-04-20") == 1
    for junk in (
        "year=9&on=x&district=7777&by=no",
        "on=9999-12-31",
        "on=0001-01-01",
        "district=-1",
    ):
        assert client.get(f"/funds?{junk}").status_code == 200
        assert (
            client.get(f"/funds/rows?{junk}&measure=no&month=13&key=²&by=node").status_code == 200
        )
        assert client.get(f"/funds/signed?{junk}&fate=no").status_code == 200
    assert client.get(f"/funds/rows?by=node&key={'9' * 30}").status_code == 200


@time_machine.travel(JUNE, tick=False)
def test_a_rate_opens_the_projects_it_is_made_of(client: FlaskClient, town: Town) -> None:
    town.city.sign_in(client, "kunqu_officer")
    page = client.get("/funds/signed?fate=signed").text
    assert "磁材电机项目" in page
    assert "单晶硅片项目" not in page
    assert SHADOW not in page
    assert "（无权查看的明细）" in page


# Out of the house


def book(answer: object) -> list[tuple[object, ...]]:
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active  # type: ignore[attr-defined]
    assert sheet is not None
    return [tuple(cell.value for cell in row) for row in sheet.iter_rows()]


@time_machine.travel(JUNE, tick=False)
def test_tables_go_out_as_numbers_and_leave_a_trace(client: FlaskClient, town: Town) -> None:
    town.city.sign_in(client, "kunqu_officer")
    answer = client.get("/funds/download/parts?by=district&on=2025-06-30")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    rows = book(answer)
    assert rows[0][0] == "到位资金（按旗县区）"
    assert "2025-06-30" in str(rows[1][0])
    head = rows[3]
    assert head[:5] == ("旗县区", "本月 (万元)", "本月 (元)", "累计 (万元)", "累计 (元)")
    qingshan = next(row for row in rows if row[0] == "青山区")
    assert qingshan[3:6] == (1_600, 16_000_000, 2)
    assert rows[-1][3:6] == (2_600, 26_000_000, 5)
    with town.city.database.read() as session:
        entry = session.scalars(select(Entry).where(Entry.action == "table.downloaded")).one()
    assert entry.actor_id == town.city.person_id("kunqu_officer")
    assert entry.after["rows"] == 10
    assert "2025-06-30" in entry.after["conditions"]


@time_machine.travel(JUNE, tick=False)
def test_what_goes_out_is_what_the_reader_may_read(client: FlaskClient, town: Town) -> None:
    for who, named in (("qingshan_officer", True), ("kunqu_officer", False), ("leader", False)):
        town.city.sign_in(client, who)
        for what in ("rows", "projects", "parts?by=anchor", "parts?by=node", "months"):
            rows = book(client.get(f"/funds/download/{what}"))
            text = str(rows)
            assert (SHADOW in text) is (named and what in {"rows", "projects"})
            if what in {"rows", "projects"}:
                assert 26_000_000 in rows[-1]
    assert client.get("/funds/download/parts?by=project").status_code == 404


@time_machine.travel(JUNE, tick=False)
def test_a_name_that_looks_like_a_formula_stays_a_name(client: FlaskClient, town: Town) -> None:
    with town.city.write() as session:
        from crm.projects.models import Project

        session.get_one(Project, town.projects["motor"]).name = "=1+1"
    town.city.sign_in(client, "kunqu_officer")
    answer = client.get("/funds/download/rows")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    assert sheet is not None
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value == "=1+1"]
    assert cells
    assert {cell.data_type for cell in cells} == {"s"}


@time_machine.travel(JUNE, tick=False)
@pytest.mark.parametrize("who", ["city_manager", "kunqu_officer"])
def test_the_pages_ask_as_much_of_many_as_of_few(client: FlaskClient, town: Town, who: str) -> None:
    town.city.sign_in(client, who)

    def asked() -> dict[str, int]:
        found = {}
        for address in (*(f"/funds?by={by}" for by in SPLITS), "/funds/rows", "/funds/signed"):
            with counted(town.city.database) as said:
                client.get(address)
            found[address] = len(said)
        return found

    asked()
    few = asked()
    for number in range(8):
        town.money("motor", 1 + number)
        town.money("crystal", 1 + number, "5-10")
    assert asked() == few
    assert max(few.values()) <= 45


@time_machine.travel(JUNE, tick=False)
def test_money_confirmed_after_its_month_stands_in_the_next_and_says_so(
    client: FlaskClient, town: Town
) -> None:
    town.money("motor", 11, "3-25", confirmed="4-02")
    town.city.sign_in(client, "kunqu_officer")
    march = client.get("/funds/rows?month=3").text
    april = client.get("/funds/rows?month=4").text
    assert march.count("补报") == 1  # how they are dated says the word
    assert april.count("补报") == 2  # and the row that was late
    assert "2025-03-25" in april
    assert "2025-03-26" in april
