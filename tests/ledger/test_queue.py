"""The queues of money: what waits for whom, several handled together, all or none."""

from __future__ import annotations

import re

from flask.testing import FlaskClient
from markupsafe import escape

from config import Config
from crm.core.database import Database
from crm.core.once import new_key
from crm.counting.rules.facts import ReceiptState
from crm.ledger.models import Receipt
from tests.factories import money, work
from tests.factories.city import City


def test_several_are_confirmed_after_a_look_and_a_changed_one_is_named(
    client: FlaskClient, city: City, database: Database, config: Config
) -> None:
    project = work.project(city, "kunqu_officer", work.lead(city, "kunqu_officer"))
    paper = money.slip(config.files_dir)
    numbers = [money.reported(city, "kunqu_officer", project, paper) for _ in range(2)]
    city.sign_in(client, "kunqu_reviewer")
    assert "DZ-" in client.get("/receipts?queue=review").text
    chosen = [f"{number}:1" for number in numbers]
    data = {"form_key": new_key(), "chosen": chosen}
    assert client.post("/receipts/review", data=data).location == "/receipts?queue=review"
    city.sign_in(client, "city_manager")
    assert "1,000" in client.get("/receipts?queue=confirm").text

    stale = {"form_key": new_key(), "chosen": [f"{numbers[0]}:2", f"{numbers[1]}:1"]}
    answer = client.post("/receipts/confirm", data=stale, follow_redirects=True)
    assert "在您查看后已有变动" in answer.text
    assert states(database, numbers) == [ReceiptState.REVIEWED] * 2

    fresh = {"form_key": new_key(), "chosen": [f"{number}:2" for number in numbers]}
    client.post("/receipts/confirm", data=fresh)
    assert states(database, numbers) == [ReceiptState.CONFIRMED] * 2


def test_passing_one_leads_to_the_next_of_the_queue(
    client: FlaskClient, city: City, database: Database, config: Config
) -> None:
    project = work.project(city, "kunqu_officer", work.lead(city, "kunqu_officer"))
    paper = money.slip(config.files_dir)
    first, second, third = (money.reported(city, "kunqu_officer", project, paper) for _ in range(3))
    city.sign_in(client, "kunqu_reviewer")
    page = client.get(f"/receipts?queue=review&at={second}").text
    assert_looked_at(page, second, then=third)
    assert_looked_at(client.get("/receipts?queue=review").text, first, then=second)
    assert_looked_at(client.get(f"/receipts/{third}/look?queue=review").text, third, then=first)
    then = f"/receipts?queue=review&at={third}"
    sent = {"form_key": new_key(), "version": "1", "then": then}
    assert client.post(f"/receipts/{second}/review", data=sent).location == then
    abroad = {"form_key": new_key(), "version": "1", "then": "https://example.org/"}
    assert client.post(f"/receipts/{third}/review", data=abroad).location == f"/receipts/{third}"
    page = client.get(f"/receipts/{first}?queue=review").text  # the last one, as on the telephone
    assert 'name="then" value="/receipts?queue=review"' in page
    assert states(database, [first, second, third]) == [
        ReceiptState.REPORTED,
        ReceiptState.REVIEWED,
        ReceiptState.REVIEWED,
    ]


def test_returning_beside_the_list_asks_for_the_reason_there_and_goes_on(
    client: FlaskClient, city: City, database: Database, config: Config
) -> None:
    project = work.project(city, "kunqu_officer", work.lead(city, "kunqu_officer"))
    numbers = [money.reported(city, "kunqu_officer", project) for _ in range(2)]
    city.sign_in(client, "kunqu_reviewer")
    then = f"/receipts?queue=review&at={numbers[1]}"
    address = f"/receipts/{numbers[0]}/return"
    part = client.get(address, query_string={"then": then}, headers={"HX-Request": "true"}).text
    assert "<html" not in part
    assert f'name="then" value="{escape(then)}"' in part
    sent = {"form_key": new_key(), "version": "1", "reason": "", "then": then}
    refused = client.post(address, data=sent)
    assert refused.status_code == 422
    assert "<html" in refused.text
    assert f'name="then" value="{escape(then)}"' in refused.text
    answer = client.post(address, data=sent | {"reason": "金额与回单不符"})
    assert answer.location == then
    city.sign_in(client, "kunqu_officer")
    assert "金额与回单不符" in client.get("/receipts?queue=correct").text


def test_a_receipt_beside_the_list_is_for_whoever_reads_it(client: FlaskClient, city: City) -> None:
    project = work.project(city, "kunqu_officer", work.lead(city, "kunqu_officer"))
    number = money.reported(city, "kunqu_officer", project)
    for who, status in (("kunqu_reviewer", 200), ("qingshan_reviewer", 404)):
        city.sign_in(client, who)
        assert client.get(f"/receipts/{number}/look?queue=review").status_code == status
    assert f"/receipts/{number}" not in client.get(f"/receipts?queue=review&at={number}").text


def test_everybody_sees_the_queues_that_are_his_to_work_off(
    client: FlaskClient, city: City
) -> None:
    shown = {}
    for who in ("kunqu_officer", "kunqu_reviewer", "kunqu_manager", "city_manager"):
        city.sign_in(client, who)
        shown[who] = re.findall(r'href="/receipts\?queue=(\w+)"', client.get("/receipts").text)
    assert shown == {
        "kunqu_officer": ["correct"],
        "kunqu_reviewer": ["review", "correct"],
        "kunqu_manager": ["review", "correct"],
        "city_manager": ["review", "confirm", "correct"],
    }


def assert_looked_at(page: str, number: int, then: int) -> None:
    """The pane shows this receipt, and its acts lead to that one."""
    assert f'action="/receipts/{number}/review"' in page
    assert f'name="then" value="/receipts?queue=review&amp;at={then}"' in page


def states(database: Database, numbers: list[int]) -> list[ReceiptState]:
    with database.read() as session:
        return [session.get_one(Receipt, number).state for number in numbers]
