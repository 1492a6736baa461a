"""A post that another site sent is refused everywhere; the cookies are what keeps it so."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flask import Flask

from config import Config
from crm.app import create_app
from crm.core.database import Database
from tests.factories.city import PASSWORD, City
from tests.factories.deals import make_deal
from tests.house.test_strangers import addresses, contents

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@pytest.fixture
def house(config: Config, database: Database) -> Flask:
    """The application exactly as production builds it."""
    app = create_app(config, database)
    app.config["TESTING"] = True
    return app


def test_no_address_takes_a_post_without_the_token(
    house: Flask, city: City, config: Config, database: Database
) -> None:
    deal = make_deal(city, config.files_dir, "kunqu_officer")
    browser = house.test_client()
    city.sign_in(browser, "kunqu_manager")
    before = contents(database)
    posts = [address for _one, address, methods in addresses(house, deal) if "POST" in methods]
    with house.test_request_context():
        posts += [
            house.url_for(rule.endpoint)
            for rule in house.url_map.iter_rules()
            if "POST" in (rule.methods or ()) and not rule.arguments
        ]
    assert len(posts) > 40
    answers = {
        (address, browser.post(address, data=sent).status_code)
        for address in posts
        for sent in ({}, {"csrf_token": "x" * 40})
    }
    assert {one for one in answers if one[1] != 400} == set()
    assert contents(database) == before


def test_the_token_of_one_session_opens_nothing_in_another(house: Flask, city: City) -> None:
    stranger, browser = house.test_client(), house.test_client()
    stolen = TOKEN.search(stranger.get("/sign-in").text)
    own = TOKEN.search(browser.get("/sign-in").text)
    assert stolen
    assert own
    sent = {"username": "kunqu_officer", "password": PASSWORD}
    assert browser.post("/sign-in", data=sent | {"csrf_token": stolen[1]}).status_code == 400
    assert browser.post("/sign-in", data=sent | {"csrf_token": own[1]}).status_code == 303


@pytest.mark.parametrize("secure", [False, True])
def test_a_sign_in_starts_a_new_cookie_that_scripts_and_other_sites_do_not_get(
    config: Config, database: Database, city: City, secure: bool
) -> None:
    house = create_app(replace(config, secure_cookies=secure), database)
    browser = house.test_client()
    base = "https://localhost" if secure else "http://localhost"
    answer = browser.get("/sign-in", base_url=base)
    own = TOKEN.search(answer.text)
    assert own
    planted = browser.get_cookie("crm_session")
    answer = browser.post(
        "/sign-in",
        base_url=base,
        headers={"Referer": f"{base}/sign-in"},
        data={"username": "kunqu_officer", "password": PASSWORD, "csrf_token": own[1]},
    )
    assert answer.status_code == 303
    given = browser.get_cookie("crm_session")
    assert planted
    assert given
    assert planted.value != given.value
    cookies = answer.headers.getlist("Set-Cookie")
    assert len(cookies) >= 2
    for cookie in cookies:
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert ("Secure" in cookie) is secure
