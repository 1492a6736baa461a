"""Coming in and going out, through the browser's door."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from config import Config
from crm.accounts import login, operations
from crm.accounts.models import Attempt, Person, SignIn
from crm.accounts.operations import SYSTEM
from crm.accounts.rules import FREE_TRIES
from crm.app import create_app
from crm.audit.models import Entry
from crm.core import clock, passwords
from crm.core.database import Database
from tests.factories.city import PASSWORD, City

KNOWN: dict[tuple[str | None, str], bool] = {}
"""Hashes looked at before: the city's people share one."""


def knock(
    client: FlaskClient, username: str, password: str, address: str = "127.0.0.1", next: str = ""
) -> TestResponse:
    """Try to sign in."""
    return client.post(
        "/sign-in" + (f"?next={next}" if next else ""),
        data={"username": username, "password": password},
        environ_base={"REMOTE_ADDR": address},
    )


def fail(client: FlaskClient, times: int, address: str, username: str = "kunqu_officer") -> None:
    """Guess wrong some times, with no memory of it in the browser."""
    for _ in range(times):
        assert knock(client, username, "wrong password", address).status_code == 422


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A try takes no argon2 time here but in the test that looks at it."""
    real = passwords.matches

    def matches(password_hash: str | None, password: str) -> bool:
        key = (password_hash, password)
        if key not in KNOWN:
            KNOWN[key] = real(password_hash, password)
        return KNOWN[key]

    monkeypatch.setattr("crm.accounts.views.sign_in.matches", matches)
    monkeypatch.setattr("crm.accounts.views.account.matches", matches)


# --- coming in ---------------------------------------------------------------------------------


@pytest.mark.parametrize("username", ["kunqu_officer", "Kunqu_Officer", "ｋunqu_officer "])
def test_the_right_password_lets_in_and_is_audited(
    client: FlaskClient, city: City, username: str
) -> None:
    answer = knock(client, username, PASSWORD)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert client.get("/account").status_code == 200
    with city.database.read() as session:
        entry = session.scalars(select(Entry).where(Entry.action == "person.signed_in")).one()
        assert (entry.actor_name, entry.subject_id) == (
            "昆区张专员",
            city.person_id("kunqu_officer"),
        )


def test_a_page_asked_for_before_is_shown_after(client: FlaskClient, city: City) -> None:
    answer = client.get("/account?x=1")
    assert answer.headers["Location"] == "/sign-in?next=/account?x%3D1"
    answer = knock(client, "kunqu_officer", PASSWORD, next="/account?x%3D1")
    assert answer.headers["Location"] == "/account?x=1"


@pytest.mark.parametrize(
    "next", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_another_host_is_never_where_one_lands(client: FlaskClient, city: City, next: str) -> None:
    answer = knock(client, "kunqu_officer", PASSWORD, next=next)
    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize(
    ("username", "password"),
    [
        ("kunqu_officer", "wrong"),
        ("nobody_here", PASSWORD),
        ("disabled", PASSWORD),
        ("x' OR 1=1 --", "x"),
        ("𠮷", "\u202e"),
    ],
)
def test_a_wrong_password_and_no_account_get_the_same_answer(
    client: FlaskClient, city: City, username: str, password: str
) -> None:
    with city.write() as session:
        session.execute(
            update(Person)
            .where(Person.username == "kunqu_second")
            .values(username="disabled", active=False)
        )
    answer = knock(client, username, password)
    assert answer.status_code == 422
    assert "账号或密码不对" in answer.text or "wrong" in answer.text
    assert "crm_device" not in answer.headers.get("Set-Cookie", "")


def test_an_account_that_is_not_there_is_looked_at_as_long(
    client: FlaskClient, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str | None] = []

    def matches(password_hash: str | None, password: str) -> bool:
        looked.append(password_hash)
        return False

    monkeypatch.setattr("crm.accounts.views.sign_in.matches", matches)
    knock(client, "nobody_here", "x")
    knock(client, "kunqu_officer", "x")
    assert looked[0] is None
    assert len(looked) == 2


def test_a_hash_of_nobody_costs_as_much_as_one_of_somebody() -> None:
    assert passwords._NOBODY.split("$")[:4] == passwords.hash_password("x").split("$")[:4]
    assert passwords.matches(None, "nobody has this password") is False


def test_the_cookie_before_is_worth_nothing_after(client: FlaskClient, city: City) -> None:
    with client.session_transaction() as cookie:
        cookie["_user_id"] = "planted"
        cookie["left"] = "behind"
    knock(client, "kunqu_officer", PASSWORD)
    with client.session_transaction() as cookie:
        first = cookie["_user_id"]
        assert first != "planted"
        assert "left" not in cookie
    knock(client, "kunqu_officer", PASSWORD)
    with client.session_transaction() as cookie:
        assert cookie["_user_id"] != first
    with city.database.read() as session:
        rows = session.scalars(select(SignIn).order_by(SignIn.id)).all()
        assert [row.ended_at is None for row in rows] == [False, True]


def test_the_device_cookie_is_hidden_from_scripts_and_strangers(
    client: FlaskClient, city: City
) -> None:
    cookies = knock(client, "kunqu_officer", PASSWORD).headers.getlist("Set-Cookie")
    device = next(one for one in cookies if one.startswith("crm_device="))
    assert "HttpOnly" in device
    assert "SameSite=Lax" in device


# --- waiting -----------------------------------------------------------------------------------


def test_too_many_tries_from_one_place_wait_and_say_how_long(
    client: FlaskClient, city: City
) -> None:
    fail(client, FREE_TRIES, "203.0.113.9")
    answer = knock(client, "kunqu_officer", PASSWORD, "203.0.113.9")
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 30
    assert re.search(r"\d+ (秒后|seconds)", answer.text)


def test_a_rightful_person_elsewhere_is_let_in_at_once(app: Flask, city: City) -> None:
    fail(app.test_client(), FREE_TRIES, "203.0.113.9")
    assert knock(app.test_client(), "kunqu_officer", PASSWORD, "10.0.0.7").status_code == 303


def test_a_rightful_person_in_his_own_browser_is_let_in_at_once(app: Flask, city: City) -> None:
    own = app.test_client()
    knock(own, "kunqu_officer", PASSWORD, "10.0.0.7")
    own.post("/sign-out")
    fail(app.test_client(), FREE_TRIES, "10.0.0.7")
    assert knock(app.test_client(), "kunqu_officer", PASSWORD, "10.0.0.7").status_code == 429
    assert knock(own, "kunqu_officer", PASSWORD, "10.0.0.7").status_code == 303


def test_a_browser_known_to_another_account_is_no_place_of_its_own(app: Flask, city: City) -> None:
    thief = app.test_client()
    knock(thief, "qingshan_officer", PASSWORD, "10.0.0.7")
    thief.post("/sign-out")
    fail(app.test_client(), FREE_TRIES, "10.0.0.7")
    assert knock(thief, "kunqu_officer", "guess", "10.0.0.7").status_code == 429


def test_guesses_in_any_case_are_guesses_at_one_account(client: FlaskClient, city: City) -> None:
    for name in (
        "Kunqu_officer",
        "KUNQU_OFFICER",
        "kunqu_officer ",
        "ｋunqu_officer",
        "kunqu_officeR",
    ):
        fail(client, 1, "203.0.113.9", name)
    assert knock(client, "kunqu_officer", "x", "203.0.113.9").status_code == 429


def test_an_account_that_is_not_there_waits_as_well(client: FlaskClient, city: City) -> None:
    fail(client, FREE_TRIES, "203.0.113.9", "nobody_here")
    assert knock(client, "nobody_here", "x", "203.0.113.9").status_code == 429


def test_a_right_password_forgives_the_wrong_ones(client: FlaskClient, city: City) -> None:
    fail(client, FREE_TRIES - 1, "10.0.0.7")
    assert knock(client, "kunqu_officer", PASSWORD, "10.0.0.7").status_code == 303
    with city.database.read() as session:
        assert session.scalars(select(Attempt)).all() == []


def test_tries_are_forgotten_after_an_hour(city: City) -> None:
    now = clock.now()
    with city.write() as session:
        for _ in range(FREE_TRIES):
            assert login.count_try(session, "x", "10.0.0.7", now) is None
        assert login.count_try(session, "x", "10.0.0.7", now) is not None
        assert login.count_try(session, "x", "10.0.0.7", now + timedelta(minutes=61)) is None


def test_a_hundred_parallel_tries_are_not_more_than_five(database: Database) -> None:
    now, gate, looked = clock.now(), threading.Barrier(10), []

    def guess() -> None:
        gate.wait()
        for _ in range(3):
            with database.write("test") as session:
                if login.count_try(session, "victim", "10.0.0.7", now) is None:
                    looked.append(1)

    threads = [threading.Thread(target=guess) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(looked) == FREE_TRIES


def test_a_failed_try_is_no_matter_of_the_audit(client: FlaskClient, city: City) -> None:
    with city.database.read() as session:
        before = len(session.scalars(select(Entry.id)).all())
    fail(client, 2, "10.0.0.7")
    with city.database.read() as session:
        assert len(session.scalars(select(Entry.id)).all()) == before


# --- being in, and going out -------------------------------------------------------------------


def test_signing_out_ends_the_session_on_the_server(app: Flask, city: City) -> None:
    client = app.test_client()
    knock(client, "kunqu_officer", PASSWORD)
    with client.session_transaction() as cookie:
        token = cookie["_user_id"]
    assert client.post("/sign-out").headers["Location"] == "/sign-in"
    thief = app.test_client()
    with thief.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = token, True
    assert thief.get("/account").status_code == 302


def test_a_get_signs_nobody_out(client: FlaskClient, city: City) -> None:
    city.sign_in(client, "kunqu_officer")
    assert client.get("/sign-out").status_code == 405
    assert client.get("/account").status_code == 200


def end_by_disabling(city: City, person: int, now: datetime) -> None:
    with city.write() as session:
        operations.disable(session, SYSTEM, person, now=now)


def end_by_an_administrator(city: City, person: int, now: datetime) -> None:
    with city.write() as session:
        operations.end_sessions(session, SYSTEM, person, now=now)


def end_by_reset(city: City, person: int, now: datetime) -> None:
    with city.write() as session:
        operations.invite(session, SYSTEM, person, now=now)


def end_by_idleness(city: City, person: int, now: datetime) -> None:
    with city.write() as session:
        session.execute(
            update(SignIn)
            .where(SignIn.person_id == person)
            .values(seen_at=now - timedelta(hours=12, minutes=1))
        )


@pytest.mark.parametrize(
    "end", [end_by_disabling, end_by_an_administrator, end_by_reset, end_by_idleness]
)
def test_who_was_put_out_is_out_at_the_next_request(
    client: FlaskClient, city: City, end: Callable[[City, int, datetime], None]
) -> None:
    city.sign_in(client, "kunqu_officer")
    assert client.get("/account").status_code == 200
    end(city, city.person_id("kunqu_officer"), clock.now())
    assert client.get("/account").status_code == 302
    assert client.post("/account/password").status_code == 302
    asked = client.get("/account", headers={"HX-Request": "true"})
    assert (asked.status_code, asked.headers["HX-Redirect"]) == (401, "/sign-in")


def test_being_active_keeps_one_in_and_is_noted_now_and_then(
    client: FlaskClient, city: City
) -> None:
    city.sign_in(client, "kunqu_officer")
    an_hour_ago = clock.now() - timedelta(hours=1)
    with city.write() as session:
        session.execute(update(SignIn).values(seen_at=an_hour_ago))
    assert client.get("/account").status_code == 200
    with city.database.read() as session:
        seen = session.scalars(select(SignIn.seen_at)).one()
        assert seen > an_hour_ago
    client.get("/account")
    with city.database.read() as session:
        assert session.scalars(select(SignIn.seen_at)).one() == seen


# --- one's own account -------------------------------------------------------------------------


NEW = "a quite different one"


def change(client: FlaskClient, current: str, new: str = NEW, again: str = "") -> TestResponse:
    return client.post(
        "/account/password", data={"current": current, "password": new, "again": again or new}
    )


def test_a_new_password_works_and_the_old_one_and_other_sessions_do_not(
    app: Flask, city: City
) -> None:
    here, there = app.test_client(), app.test_client()
    knock(here, "kunqu_officer", PASSWORD)
    knock(there, "kunqu_officer", PASSWORD)
    assert change(here, PASSWORD).status_code == 303
    assert here.get("/account").status_code == 200
    assert there.get("/account").status_code == 302
    fresh = app.test_client()
    assert knock(fresh, "kunqu_officer", PASSWORD).status_code == 422
    assert knock(fresh, "kunqu_officer", NEW).status_code == 303


@pytest.mark.parametrize(
    ("current", "new", "again"),
    [
        ("wrong", NEW, NEW),
        (PASSWORD, "short", "short"),
        (PASSWORD, NEW, "something else here"),
        (PASSWORD, "kunqu_officer 1", "kunqu_officer 1"),
        (PASSWORD, "x" * 201, "x" * 201),
        ("", NEW, NEW),
    ],
)
def test_a_new_password_that_will_not_do_changes_nothing(
    client: FlaskClient, city: City, current: str, new: str, again: str
) -> None:
    city.sign_in(client, "kunqu_officer")
    answer = change(client, current, new, again)
    assert answer.status_code == 422
    assert f'value="{new}"' not in answer.text
    client.post("/sign-out")
    assert knock(client, "kunqu_officer", PASSWORD).status_code == 303


def test_guessing_the_current_password_has_to_wait(client: FlaskClient, city: City) -> None:
    city.sign_in(client, "kunqu_officer")
    for _ in range(FREE_TRIES):
        change(client, "guess")
    change(client, PASSWORD)
    client.post("/sign-out")
    assert knock(client, "kunqu_officer", NEW).status_code == 422


def test_one_ends_ones_own_sign_ins_and_nobody_elses(app: Flask, city: City) -> None:
    mine, phone, stranger = app.test_client(), app.test_client(), app.test_client()
    city.sign_in(mine, "kunqu_officer")
    city.sign_in(phone, "kunqu_officer")
    city.sign_in(stranger, "qingshan_officer")
    with city.database.read() as session:
        rows = {row.id: row.person_id for row in session.scalars(select(SignIn))}
    of_phone = list(rows)[1]
    assert stranger.post(f"/account/sign-ins/{of_phone}/end").status_code == 404
    assert phone.get("/account").status_code == 200
    assert mine.post(f"/account/sign-ins/{of_phone}/end").status_code == 303
    assert phone.get("/account").status_code == 302
    assert mine.get("/account").status_code == 200


def test_the_language_is_kept_in_the_browser_and_with_the_person(app: Flask, city: City) -> None:
    client = app.test_client()
    assert "登录" in client.get("/sign-in").text
    answer = client.post("/language", data={"language": "en", "back": "/sign-in"})
    assert answer.headers["Location"] == "/sign-in"
    assert "Sign in" in client.get("/sign-in").text
    city.sign_in(client, "kunqu_officer")
    assert "我的账号" in client.get("/account").text
    client.post("/language", data={"language": "en", "back": "/account"})
    elsewhere = app.test_client()
    city.sign_in(elsewhere, "kunqu_officer")
    assert "My account" in elsewhere.get("/account").text


@pytest.mark.parametrize("data", [{"language": "xx"}, {"language": "../en"}])
def test_a_language_that_is_not_there_is_refused(
    client: FlaskClient, database: Database, data: dict[str, str]
) -> None:
    assert client.post("/language", data=data).status_code == 400


# --- links -------------------------------------------------------------------------------------


def test_an_invited_person_sets_his_password_and_is_in(app: Flask, city: City) -> None:
    with city.write() as session:
        token = operations.invite(session, SYSTEM, city.person_id("kunqu_second"), now=clock.now())
    guest = app.test_client()
    assert "昆区郑专员" in guest.get(f"/invitation/{token}").text
    weak = guest.post(f"/invitation/{token}", data={"password": "short", "again": "short"})
    assert weak.status_code == 422
    answer = guest.post(f"/invitation/{token}", data={"password": NEW, "again": NEW})
    assert answer.status_code == 303
    assert "昆区郑专员" in guest.get("/account").text
    assert guest.get(f"/invitation/{token}").status_code == 404
    assert knock(app.test_client(), "kunqu_second", NEW).status_code == 303


def test_a_made_up_link_is_told_from_no_other(client: FlaskClient, database: Database) -> None:
    for token in ("x", "x" * 64, "𠮷"):
        assert client.get(f"/invitation/{token}").status_code == 404
        data = {"password": NEW, "again": NEW}
        assert client.post(f"/invitation/{token}", data=data).status_code == 404


# --- the demonstration -------------------------------------------------------------------------


@pytest.fixture
def stage(config: Config, database: Database, city: City) -> FlaskClient:
    """A demonstration on this machine with one person to play."""
    with city.write() as session:
        session.execute(update(Person).where(Person.username == "leader").values(demo=True))
    app = create_app(replace(config, demo=True), database)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return app.test_client()


def test_a_role_of_the_demonstration_is_one_click_away(stage: FlaskClient, city: City) -> None:
    leader = city.person_id("leader")
    assert f"/sign-in/demo/{leader}" in stage.get("/sign-in").text
    assert stage.post(f"/sign-in/demo/{leader}").status_code == 303
    assert "王市长" in stage.get("/account").text


def test_only_people_of_the_demonstration_are_played(stage: FlaskClient, city: City) -> None:
    assert stage.post(f"/sign-in/demo/{city.person_id('admin')}").status_code == 404


@pytest.mark.parametrize(
    "extra",
    [
        {"environ_base": {"REMOTE_ADDR": "192.168.1.5"}},
        {"headers": {"X-Forwarded-For": "127.0.0.1"}},
        {"headers": {"Forwarded": "for=127.0.0.1"}},
        {"headers": {"Host": "crm.example"}},
    ],
)
def test_nobody_plays_from_another_machine(
    stage: FlaskClient, city: City, extra: dict[str, dict[str, str]]
) -> None:
    leader = city.person_id("leader")
    assert "/sign-in/demo/" not in stage.get("/sign-in", **extra).text  # type: ignore[arg-type]
    assert stage.post(f"/sign-in/demo/{leader}", **extra).status_code == 404  # type: ignore[arg-type]


@pytest.mark.parametrize("change", [{"demo": False}, {"demo": True, "host": "0.0.0.0"}])  # noqa: S104
def test_nobody_plays_without_demo_data_or_on_an_open_server(
    config: Config, database: Database, city: City, change: dict[str, object]
) -> None:
    with city.write() as session:
        session.execute(update(Person).where(Person.username == "leader").values(demo=True))
    app = create_app(replace(config, **change), database)  # type: ignore[arg-type]
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    leader = city.person_id("leader")
    assert app.test_client().post(f"/sign-in/demo/{leader}").status_code == 404
