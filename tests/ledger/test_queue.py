"""The queues of money: what waits for whom, several handled together, all or none."""

from __future__ import annotations

from flask.testing import FlaskClient

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


def states(database: Database, numbers: list[int]) -> list[ReceiptState]:
    with database.read() as session:
        return [session.get_one(Receipt, number).state for number in numbers]
