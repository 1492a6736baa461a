"""The door to writing: one effect, the same answer, nothing by half, and no way out of the house."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from flask import Flask, Response, url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config import Config
from crm.accounts.models import Unit
from crm.accounts.rules import UnitKind
from crm.app import create_app
from crm.core import once
from crm.core.database import Database
from crm.core.errors import Refused
from crm.core.forms import Form, TidyField
from crm.core.gate import open_to_all, open_to_signed_in
from crm.core.request import here, local_address, write
from tests.factories.city import City


class NameForm(Form):
    """A form with one field."""

    name = TidyField("name")


@pytest.fixture
def app(config: Config, database: Database) -> Flask:
    """The application with one page more, whose form adds a unit."""
    app = create_app(replace(config, secret_key="s" * 40), database)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)

    @open_to_signed_in
    def add() -> Response | str:
        form = NameForm()

        def effect(session: Session) -> str:
            name = form.name.data or ""
            session.add(Unit(name=name, kind=UnitKind.TEAM, path=name))
            session.flush()
            if name.startswith("no"):
                raise Refused("say something else", field="name")
            return url_for("home.index") + "?made=" + name

        if form.validate_on_submit() and (answer := write(form, effect)):
            return answer
        return f"{form.key}|{form.name.data}|{form.all_errors()}"

    @open_to_all
    def where() -> str:
        from flask import request

        return local_address(request.args.get("to"))

    app.add_url_rule("/test/add", "test.add", add, methods=["GET", "POST"])
    app.add_url_rule("/test/where", "test.where", where)
    return app


def units(database: Database, like: str) -> int:
    """How many units with such a name there are."""
    with database.read() as session:
        query = select(func.count()).select_from(Unit).where(Unit.name.like(like))
        return session.scalar(query) or 0


def test_a_form_has_its_effect_and_leads_on(app: Flask, city: City, database: Database) -> None:
    client = app.test_client()
    city.sign_in(client, "city_manager")
    answer = client.post("/test/add", data={"name": "ok", "form_key": once.new_key()})
    assert (answer.status_code, answer.location) == (303, "/?made=ok")
    assert units(database, "ok") == 1


def test_a_refusal_writes_nothing_and_keeps_what_was_typed(
    app: Flask, city: City, database: Database
) -> None:
    client = app.test_client()
    city.sign_in(client, "city_manager")
    answer = client.post("/test/add", data={"name": "no way"})
    assert "no way" in answer.text
    assert "say something else" in answer.text
    assert units(database, "no%") == 0


def test_five_parallel_posts_and_a_late_one_make_one_row_and_one_answer(
    app: Flask, city: City, database: Database
) -> None:
    key, answers, gate = once.new_key(), [], threading.Barrier(5)
    clients = [app.test_client() for _ in range(5)]
    for client in clients:
        city.sign_in(client, "city_manager")

    def post(number: int) -> None:
        gate.wait()
        answer = clients[number].post("/test/add", data={"name": "five", "form_key": key})
        answers.append((answer.status_code, answer.location))

    threads = [threading.Thread(target=post, args=(number,)) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    late = clients[0].post("/test/add", data={"name": "five", "form_key": key})
    assert set(answers) == {(303, "/?made=five")}
    assert late.location == "/?made=five"
    assert units(database, "five") == 1


def test_who_was_put_out_meanwhile_writes_nothing(
    app: Flask, city: City, database: Database
) -> None:
    client = app.test_client()
    city.sign_in(client, "city_manager")

    @app.before_request
    def put_out() -> None:
        from crm.accounts.models import SignIn

        if here.signed_in is not None:
            with database.write("test") as session:
                for sign_in in session.scalars(select(SignIn)):
                    sign_in.ended_at = here.now

    answer = client.post("/test/add", data={"name": "late"})
    assert answer.status_code == 403
    assert units(database, "late") == 0


@pytest.mark.parametrize(
    ("to", "leads"),
    [
        ("/leads/42?tab=files", "/leads/42?tab=files"),
        ("https://evil.example/x", "/"),
        ("//evil.example/x", "/"),
        ("/\\evil.example", "/"),
        ("\\\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/ok\r\nSet-Cookie: a=b", "/"),
        ("leads", "/"),
        ("", "/"),
        ("http://localhost/leads", "/leads"),
        ("http://[", "/"),
        ("/leads?q=" + "9" * 600, "/"),
    ],
)
def test_a_way_back_never_leaves_the_house(app: Flask, to: str, leads: str) -> None:
    assert app.test_client().get("/test/where", query_string={"to": to}).text == leads
