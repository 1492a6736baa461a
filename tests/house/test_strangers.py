"""Two strangers find nothing: another district's officer, and another unit's of the same district."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from config import Config
from crm.core.database import Base, Database
from tests.factories.city import City
from tests.factories.deals import SECRET, Deal, make_deal

STRANGERS = ("qingshan_officer", "kunqu_second")
BOOKKEEPING = {
    "sign_in",
    "person",
    "form_key",
    "audit_entry",
    "audit_seal",
    "audit_head",
    "sign_in_attempt",
}
"""Tables that change when anybody so much as looks around."""

PRIVATE = {"lead_id", "project_id", "company_id", "receipt_id", "problem_id"}
"""An address that names one of these belongs to the deal."""


@pytest.fixture
def deal(city: City, config: Config) -> Deal:
    """A deal of an officer of 昆区一科."""
    return make_deal(city, config.files_dir, "kunqu_officer")


def addresses(app: Flask, deal: Deal) -> Iterator[tuple[str, str, set[str]]]:
    """Every route that names the deal's lead, project or firm: endpoint, address, methods."""
    known = {
        "lead_id": deal.lead_id,
        "project_id": deal.project_id,
        "company_id": deal.company_id,
        "receipt_id": deal.receipt_id,
        "problem_id": deal.problem_id,
    }
    files = {
        "lead_id": deal.lead_file_id,
        "project_id": deal.project_file_id,
        "receipt_id": deal.receipt_file_id,
    }
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if not rule.arguments & PRIVATE:
                continue
            values: dict[str, Any] = {name: known.get(name, 1) for name in rule.arguments}
            if "file_id" in rule.arguments:
                (owner,) = rule.arguments & files.keys()
                values["file_id"] = files[owner]
            for name, kind in rule._converters.items():
                if name not in known and type(kind).__name__ == "UnicodeConverter":
                    values[name] = "started"
                if type(kind).__name__ == "AnyConverter":
                    values[name] = next(iter(kind.items))
            yield rule.endpoint, app.url_for(rule.endpoint, **values), set(rule.methods or ())


def contents(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table that a change could show in."""
    with database.read() as session:
        return {
            table.name: sorted(map(tuple, session.execute(select(table))), key=repr)
            for table in Base.metadata.sorted_tables
            if table.name not in BOOKKEEPING
        }


def test_the_owner_finds_all_of_it(app: Flask, client: FlaskClient, city: City, deal: Deal) -> None:
    """The test that shows that the others can fail."""
    city.sign_in(client, "kunqu_officer")
    assert SECRET in client.get("/leads").text
    assert SECRET in client.get("/projects").text
    assert SECRET in client.get("/companies").text
    assert SECRET in client.get("/problems").text
    assert SECRET in client.get(f"/problems/{deal.problem_id}").text
    assert SECRET in client.get("/search", query_string={"q": SECRET[:2]}).text
    assert SECRET in client.get(f"/leads/{deal.lead_id}").text
    assert SECRET in client.get(f"/projects/{deal.project_id}").text
    assert SECRET in client.get(f"/projects/{deal.project_id}/funds").text
    assert SECRET in client.get(f"/receipts/{deal.receipt_id}").text
    download = client.get(f"/leads/{deal.lead_id}/files/{deal.lead_file_id}")
    assert download.data == b"%PDF-1.4 secret"
    download.close()
    assert len({endpoint for endpoint, _a, _m in addresses(app, deal)}) > 30


@pytest.mark.parametrize("stranger", STRANGERS)
def test_no_address_of_it_answers_and_nothing_changes(
    app: Flask, client: FlaskClient, city: City, database: Database, deal: Deal, stranger: str
) -> None:
    city.sign_in(client, stranger)
    before = contents(database)
    answered = {}
    for endpoint, address, methods in addresses(app, deal):
        for method in methods & {"GET", "POST"}:
            answer = client.open(
                address, method=method, data={"note": "x"} if method == "POST" else None
            )
            if answer.status_code not in {403, 404} or SECRET in answer.text:
                answered[f"{method} {endpoint}"] = answer.status_code
    assert answered == {}
    assert contents(database) == before


@pytest.mark.parametrize("stranger", STRANGERS)
def test_what_a_stranger_may_do_elsewhere_he_is_told_does_not_exist_here(
    client: FlaskClient, city: City, deal: Deal, stranger: str
) -> None:
    city.sign_in(client, stranger)
    for address in (
        f"/leads/{deal.lead_id}",
        f"/leads/{deal.lead_id}/edit",
        f"/leads/{deal.lead_id}/log",
        f"/leads/{deal.lead_id}/sign",
        f"/leads/{deal.lead_id}/files/{deal.lead_file_id}",
        f"/projects/{deal.project_id}",
        f"/projects/{deal.project_id}/files/{deal.project_file_id}",
        f"/projects/{deal.project_id}/funds",
        f"/projects/{deal.project_id}/funds/report",
        f"/receipts/{deal.receipt_id}",
        f"/receipts/{deal.receipt_id}/correct",
        f"/receipts/{deal.receipt_id}/give",
        f"/receipts/{deal.receipt_id}/files/{deal.receipt_file_id}",
        f"/companies/{deal.company_id}",
    ):
        assert (address, client.get(address).status_code) == (address, 404)


@pytest.mark.parametrize("stranger", STRANGERS)
@pytest.mark.parametrize("confidential", [False, True])
def test_it_is_absent_from_every_page_that_names_nobody(
    app: Flask,
    client: FlaskClient,
    city: City,
    config: Config,
    stranger: str,
    confidential: bool,
) -> None:
    make_deal(city, config.files_dir, "kunqu_officer", confidential=confidential)
    city.sign_in(client, stranger)
    showing = [
        address
        for address in plain_pages(app)
        if SECRET
        in client.get(address, query_string={"q": SECRET[:2]}).text.replace(
            f'value="{SECRET[:2]}"', ""
        )
    ]
    assert showing == []


def test_a_confidential_one_is_hidden_from_the_next_desk_and_seen_by_the_manager(
    app: Flask, client: FlaskClient, city: City, config: Config
) -> None:
    deal = make_deal(city, config.files_dir, "kunqu_officer", confidential=True)
    seen = {}
    for person in (
        "kunqu_colleague",
        "leader",
        "kunqu_reviewer",
        "kunqu_manager",
        "city_manager",
        "qingshan_manager",
    ):
        city.sign_in(client, person)
        seen[person] = (
            client.get(f"/leads/{deal.lead_id}").status_code,
            client.get(f"/projects/{deal.project_id}").status_code,
            SECRET in client.get("/leads").text + client.get("/projects").text,
        )
    hidden, shown = (404, 404, False), (200, 200, True)
    assert seen == {
        "kunqu_colleague": hidden,
        "leader": hidden,
        "kunqu_reviewer": hidden,
        "kunqu_manager": shown,
        "city_manager": shown,
        "qingshan_manager": hidden,
    }


def test_nobody_without_a_session_gets_further_than_the_door(
    app: Flask, client: FlaskClient, deal: Deal
) -> None:
    for _endpoint, address, methods in addresses(app, deal):
        for method in methods & {"GET", "POST"}:
            answer = client.open(address, method=method)
            assert (address, answer.status_code) == (address, 302)
            assert "/sign-in" in answer.location


@pytest.mark.parametrize("reader", ["leader", "auditor"])
def test_who_only_reads_writes_nowhere(
    app: Flask, client: FlaskClient, city: City, database: Database, deal: Deal, reader: str
) -> None:
    city.sign_in(client, reader)
    before = contents(database)
    for _endpoint, address, methods in addresses(app, deal):
        if "POST" in methods:
            assert (address, client.post(address).status_code) == (address, 403)
    assert contents(database) == before


def plain_pages(app: Flask) -> list[str]:
    """Every address that names no row and is safe to ask for."""
    with app.test_request_context():
        return sorted(
            app.url_for(rule.endpoint)
            for rule in app.url_map.iter_rules()
            if not rule.arguments and "GET" in (rule.methods or ()) and rule.endpoint != "static"
        )


def test_an_id_beyond_the_database_is_no_row(client: FlaskClient, city: City) -> None:
    city.sign_in(client, "kunqu_officer")
    for number in (0, 2**63, 10**30, "-1", "x"):
        assert client.get(f"/leads/{number}").status_code == 404
        assert client.get(f"/projects/{number}").status_code == 404
        assert client.post(f"/leads/{number}/edit").status_code == 404
    assert client.get(f"/leads/{2**63 - 1}").status_code == 404
