"""The administrator keeps the words and the limits; everybody reads the map."""

from __future__ import annotations

import uuid

import pytest
from flask.testing import FlaskClient

from crm.catalog import queries
from crm.catalog.models import Term
from crm.catalog.rules import TermKind
from crm.core.database import Database
from tests.factories.city import City


def names(database: Database, kind: TermKind) -> list[str]:
    """A dictionary's entries in their order."""
    with database.read() as session:
        return [term.name for term in queries.terms(session, kind, inactive=True)]


def limits(**changed: object) -> dict[str, object]:
    """The settings form as it comes back."""
    return {
        "appraise": 3,
        "silence_key": 7,
        "silence": 14,
        "silence_explain": 30,
        "stage_identified": 15,
        "stage_contacted": 45,
        "stage_negotiating": 120,
        "stage_drafted": 60,
        "owed_signed": 15,
        "owed_registered": 15,
        "owed_started": 30,
        "owed_commissioned": 60,
        "protect_reserve": 15,
        "protect_days": 180,
        "protect_silence": 60,
        "protect_warn": 30,
        "key_lead_yi": 10,
        "version": "0",
        **changed,
    }


@pytest.mark.parametrize("address", ["/places", "/chains", "/head-firms"])
@pytest.mark.parametrize("person", ["kunqu_officer", "leader", "admin", "auditor"])
def test_the_map_of_the_city_is_open_to_everybody(
    client: FlaskClient, city: City, person: str, address: str
) -> None:
    city.sign_in(client, person)
    assert client.get(address).status_code == 200


@pytest.mark.parametrize(
    "address", ["/dictionaries", "/dictionaries/source", "/settings", "/places/2/unit"]
)
def test_only_the_administrator_changes_the_catalog(
    client: FlaskClient, city: City, address: str
) -> None:
    city.sign_in(client, "city_manager")
    assert client.get(address).status_code == 403
    city.sign_in(client, "admin")
    assert client.get(address).status_code == 200


def test_an_entry_is_added_moved_renamed_and_switched_off(
    client: FlaskClient, city: City, database: Database
) -> None:
    city.sign_in(client, "admin")
    assert client.post("/dictionaries/source", data={"name": "招商顾问"}).status_code == 303
    assert names(database, TermKind.SOURCE)[-1] == "招商顾问"
    added = city.term_id("招商顾问")
    client.post(f"/dictionaries/terms/{added}/up")
    assert names(database, TermKind.SOURCE)[-2] == "招商顾问"
    renamed = {"name": "招商大使", "version": "2"}
    assert client.post(f"/dictionaries/terms/{added}/edit", data=renamed).status_code == 303
    client.post(f"/dictionaries/terms/{added}/off")
    with database.read() as session:
        row = session.get_one(Term, added)
        assert (row.name, row.active) == ("招商大使", False)


def test_a_dictionary_has_no_entry_twice(client: FlaskClient, city: City) -> None:
    city.sign_in(client, "admin", "en")
    answer = client.post("/dictionaries/source", data={"name": "展会"})
    assert answer.status_code == 422
    assert "has that entry already" in answer.text


def test_an_unknown_dictionary_does_not_exist(client: FlaskClient, city: City) -> None:
    city.sign_in(client, "admin")
    assert client.get("/dictionaries/secrets").status_code == 404


def test_a_main_model_stays(client: FlaskClient, city: City, database: Database) -> None:
    city.sign_in(client, "admin")
    client.post(f"/dictionaries/models/{city.model_id('chain')}/off")
    client.post(f"/dictionaries/models/{city.model_id('fund')}/off")
    with database.read() as session:
        active = {model.code for model in queries.models(session)}
    assert "chain" in active
    assert "fund" not in active


def test_the_limits_are_saved_and_show_who_changed_them(
    client: FlaskClient, city: City, database: Database
) -> None:
    city.sign_in(client, "admin")
    assert client.post("/settings", data=limits(silence=21)).status_code == 303
    with database.read() as session:
        assert queries.clocks(session).silence == 21
    assert "管理员" in client.get("/settings").text


@pytest.mark.parametrize(
    ("field", "typed"),
    [("silence", "0"), ("silence", "-5"), ("silence", "1e3"), ("silence", ""), ("silence", "5")],
)
def test_a_limit_that_means_nothing_is_refused_beside_its_field(
    client: FlaskClient, city: City, database: Database, field: str, typed: str
) -> None:
    city.sign_in(client, "admin")
    answer = client.post("/settings", data=limits(**{field: typed}))
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    with database.read() as session:
        assert queries.clocks(session).silence == 14


def test_the_second_of_two_administrators_is_told_what_changed(
    client: FlaskClient, city: City
) -> None:
    city.sign_in(client, "admin")
    client.post("/settings", data=limits(appraise=4, form_key=uuid.uuid4().hex))
    answer = client.post("/settings", data=limits(appraise=9, form_key=uuid.uuid4().hex))
    assert answer.status_code == 409
    assert 'value="9"' in answer.text


def test_the_unit_of_a_district_is_changed(
    client: FlaskClient, city: City, database: Database
) -> None:
    city.sign_in(client, "admin")
    district = city.district_id("青山区")
    unit = city.unit_id("昆都仑区招商局")
    answer = client.post(f"/places/{district}/unit", data={"unit_id": unit, "version": "1"})
    assert answer.status_code == 303
    with database.read() as session:
        assert queries.district(session, district).unit_id == unit
