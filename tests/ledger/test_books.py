"""The page of the books: who closes and reopens what, what waits, what came too late."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from crm.accounts.rules import Permission
from crm.core.errors import Forbidden
from crm.counting.operations import books as operations
from crm.counting.queries.rules import book_events, keeps
from crm.counting.rules.goals import Sum
from crm.ledger.queries import books
from crm.ledger.queries.books import Book
from tests.counting.given import WAN, at, day
from tests.factories.city import City, keeper
from tests.house.test_queries import counted
from tests.ledger.town import SHADOW, Town, open_town

EVERYBODY = (
    "city_manager", "city_reviewer", "leader", "admin", "auditor", "city_officer", "kunqu_manager",
    "kunqu_reviewer", "kunqu_officer",
)  # fmt: skip


@pytest.fixture
def town(city: City) -> Town:
    return open_town(city)


def book(city: City, on: str = "4-20", year: int = 2025) -> Book:
    with city.database.read() as session:
        return books.book(session, year, at=at(on), today=day(on))


def test_each_month_says_what_is_booked_and_what_waits(town: Town) -> None:
    town.money("motor", 40, "3-25", confirmed=None)
    town.money("battery", 60, "3-26", confirmed=None)
    town.money("crystal", 5, "12-31", confirmed=None)
    found = book(town.city)
    assert [month.booked for month in found.months[2:5]] == [
        Sum(4, WAN(2_300)),
        Sum(1, WAN(300)),
        Sum(),
    ]
    assert [month.waiting for month in found.months[2:5]] == [
        Sum(1, WAN(40)),
        Sum(1, WAN(60)),
        Sum(),
    ]
    assert found.months[11].waiting == Sum(1, WAN(5))
    assert found.waiting == Sum(3, WAN(105))
    assert [month.state.open for month in found.months[:5]] == [False, False, False, True, True]
    assert [month.begun for month in found.months[2:6]] == [True, True, False, False]
    assert (found.open, found.reopened, found.closes_on) == (True, False, date(2026, 1, 15))


@pytest.mark.parametrize(
    ("act", "may"),
    [
        ((operations.close_month, 4), {"city_manager"}),
        ((operations.reopen_month, 1), {"city_manager"}),
        ((operations.reopen_year,), {"admin"}),
        ((operations.close_year_again,), {"admin"}),
    ],
)
def test_months_are_the_bureaus_managers_and_years_the_administrators(
    city: City, act: tuple[object, ...], may: set[str]
) -> None:
    operation, *month = act
    done = set()
    for who in EVERYBODY:
        with city.database.write("test") as session:
            try:
                if operation is operations.close_year_again:
                    operations.reopen_year(
                        session, keeper(session), 2024, reason="x", now=at("4-20")
                    )
                year = 2025 if month else 2024
                operation(session, city.actor(who), year, *month, reason="x", now=at("4-20"))  # type: ignore[operator]
                done.add(who)
            except Forbidden:
                pass
            session.rollback()
    assert done == may
    with city.database.read() as session:
        permission = Permission.BOOKS_CLOSE if month else Permission.BOOKS_REOPEN
        assert {who for who in EVERYBODY if keeps(session, city.actor(who), permission)} == may


@time_machine.travel(at("4-20"), tick=False)
def test_the_manager_closes_a_month_early_and_takes_it_back(
    client: FlaskClient, city: City
) -> None:
    city.sign_in(client, "city_manager")
    assert "/books/2025/4/close" in client.get("/books").text
    refused = client.post("/books/2025/4/close", data={"reason": "  "})
    assert (refused.status_code, "请写明原因" in refused.text) == (422, True)
    assert client.post("/books/2025/4/close", data={"reason": "季度汇总"}).status_code == 303
    page = client.get("/books").text
    assert "季度汇总" in page
    assert "/books/2025/4/reopen" in page
    again = client.post("/books/2025/4/close", data={"reason": "又一次"})
    assert (again.status_code, "又一次" in again.text) == (422, True)
    assert client.post("/books/2025/4/reopen", data={"reason": "漏报"}).status_code == 303
    with city.database.read() as session:
        told = [(event.month, event.opens, event.reason) for event in book_events(session, 2025)]
    assert told == [(4, True, "漏报"), (4, False, "季度汇总")]


@time_machine.travel(at("2026-02-01"), tick=False)
def test_the_administrator_reopens_a_closed_year_and_closes_it_again(
    client: FlaskClient, town: Town
) -> None:
    late = town.money("motor", 70, "12-31", confirmed="2026-01-16")
    town.city.sign_in(client, "admin")
    assert "70" in client.get("/books?year=2025").text
    assert client.post("/books/2025/reopen", data={"reason": "审计调整"}).status_code == 303
    found = book(town.city, "2026-02-01")
    assert (found.open, found.reopened, found.late) == (True, True, Sum())
    assert found.months[11].booked == Sum(1, WAN(70))
    assert client.post("/books/2025/close", data={"reason": "调整完毕"}).status_code == 303
    assert not book(town.city, "2026-02-01").open
    assert client.post("/books/2025/close", data={"reason": "再关"}).status_code == 422
    assert late


@pytest.mark.parametrize("who", [one for one in EVERYBODY if one not in {"city_manager", "admin"}])
@time_machine.travel(at("4-20"), tick=False)
def test_nobody_else_is_offered_it_or_can_do_it(client: FlaskClient, city: City, who: str) -> None:
    city.sign_in(client, who)
    page = client.get("/books")
    assert (page.status_code, "/4/close" in page.text, "/reopen" in page.text) == (
        200,
        False,
        False,
    )
    for address in ("/books/2025/4/close", "/books/2025/1/reopen", "/books/2024/reopen"):
        assert client.post(address, data={"reason": "x"}).status_code == 403


@time_machine.travel(at("4-20"), tick=False)
def test_a_month_or_year_that_is_none_is_not_found(client: FlaskClient, city: City) -> None:
    city.sign_in(client, "city_manager")
    for address in (
        "/books/2025/13/close",
        "/books/2025/0/close",
        "/books/1/1/close",
        f"/books/{10**30}/1/close",
    ):
        assert client.get(address).status_code == 404
    assert client.get("/books?year=99999999999").status_code == 200


# Late money


@time_machine.travel(at("2026-02-01"), tick=False)
def test_late_money_is_listed_with_its_sum_and_folded_for_strangers(
    client: FlaskClient, town: Town
) -> None:
    town.money("motor", 70, "12-31", confirmed="2026-01-16")
    town.money("battery", 20, "12-31", confirmed="2026-01-16")
    town.money("shadow", 30, "12-20", confirmed="2026-01-20")
    town.money("crystal", 1, "12-20", confirmed="2026-01-15")
    for who, rows, folds in (
        ("city_manager", [30, 70, 20], {}),
        ("leader", [70, 20], {"青山": 30}),
        ("kunqu_officer", [70], {"昆区": 20, "青山": 30}),
        ("qingshan_officer", [30], {"昆区": 90}),
        ("admin", [], {"昆区": 90, "青山": 30}),
    ):
        with town.city.database.read() as session:
            found = books.late(session, town.city.actor(who), 2025)
        assert [one.amount.fen // 10**6 for one in found.receipts.rows] == rows
        assert {one.district.short: one.sum.amount.fen // 10**6 for one in found.folds} == folds
        assert found.whole == Sum(3, WAN(120))
        town.city.sign_in(client, who)
        page = client.get("/books/late?year=2025").text
        assert (SHADOW in page) is (who in {"city_manager", "qingshan_officer"})
        assert client.get("/books/late?year=2026").status_code == 200


@time_machine.travel(at("2026-02-01"), tick=False)
def test_the_pages_ask_as_much_of_many_as_of_few(
    app: Flask, client: FlaskClient, town: Town
) -> None:
    town.city.sign_in(client, "city_manager")

    def asked() -> list[int]:
        found = []
        for address in ("/books?year=2025", "/books/late?year=2025"):
            with counted(town.city.database) as said:
                assert client.get(address).status_code == 200
            found.append(len(said))
        return found

    town.money("motor", 1, "12-31", confirmed="2026-01-16")
    asked()
    few = asked()
    for number in range(12):
        town.money("motor", 1 + number, "12-31", confirmed="2026-01-16")
        town.money("crystal", 1 + number, confirmed=None)
    assert asked() == few
    assert max(few) <= 20
