"""Money that comes after its month closed, and money taken back, through the pages as people use them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from crm.core.once import new_key
from tests.factories import money
from tests.factories.city import City
from tests.ledger.scene import open_scene

LATE, LATER = "2025-04-10T10:00:00+08:00", "2025-05-08T10:00:00+08:00"
"""March closed on 1 April, April on 6 May, for the holidays."""

LINE = {
    "lines-0-arrived_on": "2025-03-20",
    "lines-0-kind": "working_capital",
    "lines-0-amount": "500",
    "lines-0-currency": "CNY",
    "lines-0-origin": "outside_region",
    "lines-0-payer": "上海某某投资有限公司",
}


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """A day in April 2025, until somebody travels on."""
    with time_machine.travel(LATE, tick=False) as traveller:
        yield traveller


def post(client: FlaskClient, address: str, **sent: Any) -> TestResponse:
    """Send a form."""
    return client.post(address, data={"form_key": new_key()} | sent)


def passed(client: FlaskClient, city: City, number: int) -> None:
    """Reviewed by the district, confirmed by the city."""
    for who, act, version in (("kunqu_reviewer", "review", 1), ("city_manager", "confirm", 2)):
        city.sign_in(client, who)
        assert post(client, f"/receipts/{number}/{act}", version=version).status_code == 303


def counted(client: FlaskClient, on: str) -> str:
    """The board's figure of money on a day, in 万元."""
    page = client.get(f"/goals?year=2025&on={on}").text
    found = re.search(r'measure=funds_counted[^>]*>\s*<span class="num"[^>]*>([\d,.]+)', page)
    assert found
    return found[1]


def test_late_money_is_booked_to_the_open_month_and_a_reversal_takes_it_back(
    client: FlaskClient, city: City, clock: time_machine.Traveller
) -> None:
    project = open_scene(city).project_id
    city.sign_in(client, "kunqu_officer")
    address = f"/projects/{project}/funds/report"
    refused = post(client, address, **LINE, **{"lines-0-bank_slip": money.upload()})
    assert refused.status_code == 422
    assert 'id="lines-0-why_late-error"' in refused.text
    told = LINE | {"lines-0-why_late": "银行回单晚到", "lines-0-bank_slip": money.upload()}
    assert post(client, address, **told).status_code == 303
    passed(client, city, 1)

    page = client.get("/receipts/1").text
    assert "补报" in page
    assert "2025-04" in page
    rows = {month: client.get(f"/funds/rows?year=2025&month={month}").text for month in (3, 4)}
    assert ["/receipts/1" in rows[month] for month in (3, 4)] == [False, True]
    assert "补报" in rows[4]
    days = ("2025-03-25", "2025-03-26", "2025-04-10")
    assert [counted(client, on) for on in days] == ["0", "500", "500"]

    clock.move_to(LATER)
    city.sign_in(client, "kunqu_officer")
    answer = post(client, "/receipts/1/reverse", reason="重复报送", version=3)
    assert answer.location == "/receipts/2"
    passed(client, city, 2)
    assert "/receipts/2" in client.get("/receipts/1").text
    assert "补报" in client.get("/receipts/2").text
    days = ("2025-03-25", "2025-04-25", "2025-04-26", "2025-05-08")
    assert [counted(client, on) for on in days] == ["0", "500", "0", "0"]
    funds = client.get(f"/projects/{project}/funds").text
    assert "0.00%" in funds
