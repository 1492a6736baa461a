"""A page asks the database a constant number of questions, however many rows there are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from config import Config
from crm.core.database import Database
from tests.factories.city import City
from tests.factories.deals import make_deal
from tests.house.test_strangers import plain_pages

MOST = 40
"""Questions a page may ask at all."""


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """The statements that ran in the block, transaction control apart."""
    said: list[str] = []

    def note(_c: object, _cur: object, statement: str, *_rest: object) -> None:
        if not statement.lstrip().upper().startswith(("PRAGMA", "BEGIN", "SAVEPOINT")):
            said.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def asked(client: FlaskClient, database: Database, pages: list[str]) -> dict[str, int]:
    """How many statements each page takes."""
    found = {}
    for address in pages:
        with counted(database) as said:
            client.get(address)
        found[address] = len(said)
    return found


@pytest.mark.parametrize("person", ["city_manager", "kunqu_officer", "admin", "auditor", "leader"])
def test_every_page_without_a_row_asks_the_same_of_few_and_of_many(
    app: Flask, client: FlaskClient, city: City, config: Config, database: Database, person: str
) -> None:
    pages = [page for page in plain_pages(app) if page not in {"/healthz", "/readyz"}]
    make_deal(city, config.files_dir, "kunqu_officer")
    make_deal(city, config.files_dir, "kunqu_colleague")
    city.sign_in(client, person)
    asked(client, database, pages)  # caches of the process fill
    few = asked(client, database, pages)
    for _ in range(6):
        make_deal(city, config.files_dir, "kunqu_officer")
        make_deal(city, config.files_dir, "city_officer")
    many = asked(client, database, pages)
    assert many == few
    assert {page: number for page, number in many.items() if number > MOST} == {}
