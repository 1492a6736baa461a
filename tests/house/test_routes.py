"""Every route is gated, bar a short named list."""

from __future__ import annotations

import pytest
from flask import Flask

from config import Config
from crm.app import create_app
from crm.core.gate import gate_of

OPEN_TO_ALL = {
    "static",
    "accounts.sign_in",
    "accounts.sign_out",
    "accounts.enter_demo",
    "accounts.accept_invitation",
    "accounts.set_language",
    "home.health",
    "home.ready",
}
OPEN_TO_SIGNED_IN = {
    # one's own account
    "accounts.account",
    "accounts.change_password",
    "accounts.end_sign_in",
    "lists.columns",
    "lists.edit",
    "lists.new",
    "lists.remove",
    "lists.view",
    "letters.mine",
    "letters.preview",
    # pages that scope everything they show
    "home.index",
    "search.index",
    # counts and sums of the city, rows in the reader's scope
    "books.index",
    "books.late",
    "funds.base.index",
    "funds.index",
    "funds.rows",
    "funds.cohort_rows",
    "funds.download",
    # how far the work is that one asked for oneself
    "runs.show",
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application without a database behind it."""
    folder = tmp_path_factory.mktemp("house")
    return create_app(Config("x" * 40, folder, f"sqlite:///{folder / 'none.db'}"))


def test_every_route_says_who_may_pass(house: Flask) -> None:
    endpoints = {rule.endpoint for rule in house.url_map.iter_rules()}
    assert {one for one in endpoints if gate_of(house, one) is None} == set()


def test_what_is_open_to_all_is_a_short_list(house: Flask) -> None:
    endpoints = {rule.endpoint for rule in house.url_map.iter_rules()}
    gates = {one: gate_of(house, one) for one in endpoints}
    assert {one for one, gate in gates.items() if gate and not gate.signed_in} <= OPEN_TO_ALL


def test_what_asks_for_no_permission_is_a_short_list(house: Flask) -> None:
    endpoints = {rule.endpoint for rule in house.url_map.iter_rules()}
    gates = {one: gate_of(house, one) for one in endpoints}
    free = {one for one, gate in gates.items() if gate and gate.signed_in and not gate.permissions}
    assert free <= OPEN_TO_SIGNED_IN


def test_an_address_that_changes_something_is_never_a_get(house: Flask) -> None:
    verbs = ("delete", "remove", "sign-out", "disable", "end", "settle", "withdraw")
    changing = {
        rule.rule
        for rule in house.url_map.iter_rules()
        if "GET" in (rule.methods or set()) and rule.rule.rsplit("/", 1)[-1] in verbs
    }
    assert changing == set()
