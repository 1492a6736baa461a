"""Nothing that a request can hold breaks a page: every address, as every role, on both databases."""

from __future__ import annotations

import io
import os
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from config import Config
from tests.factories.city import City
from tests.factories.deals import Deal, make_deal
from tests.house.source import modules

HUGE = "9" * 30
HIDDEN = "0" * 20 + HUGE
"""A number whose first twenty digits are harmless."""

JUNK = (
    "a\x00b",
    "\x00",
    HUGE,
    HIDDEN,
    "9" * 5000,
    str(2**63),
    str(2**63 - 1),
    "-1",
    "1e309",
    "NaN",
    "²",
    "１２３",
    "0001-01-01",
    "9999-12-31",
    "0000-00-00",
    "%",
    "'\"\\<",
    "\u202e𠮷😀",
    "[]",
    "字" * 3000,
)
ROLES = (
    "kunqu_officer",
    "kunqu_manager",
    "city_reviewer",
    "leader",
    "auditor",
    "admin",
)
WIDE = ("kunqu_manager", "admin")
"""Who between them may open nearly every door."""

ENDING_PATHS = re.compile(r"sign-out|language|/end\b|sessions|disable")

ENDING = {"accounts.sign_out", "accounts.enter_demo", "accounts.end_sign_in"}
"""Doors that would put the one who asks outside."""

SHARE = float(os.environ.get("CRM_JUNK_SHARE", "0.01"))
"""How much of all that could be posted is posted; 1 to try everything by hand."""

FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.S)
FIELD = re.compile(
    r"<(input|select|textarea)\b([^>]*)>(.*?)(?=<(?:input|select|textarea|/form)\b|$)", re.S
)
OPTION = re.compile(r"<option\b([^>]*)>")
ATTRIBUTE = re.compile(r'([\w-]+)(?:="([^"]*)")?')


@dataclass
class Prober:
    """Asks, and keeps what broke."""

    client: FlaskClient
    broken: dict[str, str]

    def ask(self, method: str, address: str, what: str, **arguments: Any) -> str:
        """The answer's text; a failure is written down."""
        key = f"{method} {address.partition('?')[0]} {what}"
        try:
            answer = self.client.open(address, method=method, **arguments)
        except Exception as error:  # the application lets them through in tests
            self.broken[key] = f"{type(error).__name__}: {error}"[:300]
            return ""
        with answer:
            if answer.status_code >= 500:
                self.broken[key] = str(answer.status_code)
            html = answer.mimetype == "text/html"
            return answer.text if html and answer.status_code == 200 else ""


@pytest.fixture
def deal(city: City, config: Config) -> Deal:
    """Something to be junk about."""
    return make_deal(city, config.files_dir, "kunqu_officer")


def addresses(app: Flask, deal: Deal) -> list[tuple[str, str, set[str]]]:
    """One address of every route: endpoint, address, methods."""
    known: dict[str, Any] = {
        "lead_id": deal.lead_id,
        "project_id": deal.project_id,
        "company_id": deal.company_id,
        "file_id": deal.lead_file_id,
        "receipt_id": deal.receipt_id,
        "filename": "css/frame.css",
    }
    found = []
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            values = {name: known.get(name, 1) for name in rule.arguments}
            if "project_id" in rule.arguments and "file_id" in rule.arguments:
                values["file_id"] = deal.project_file_id
            if "receipt_id" in rule.arguments and "file_id" in rule.arguments:
                values["file_id"] = deal.receipt_file_id
            for name, kind in rule._converters.items():
                if type(kind).__name__ == "UnicodeConverter":
                    values[name] = "a\x00b"
                if type(kind).__name__ == "AnyConverter":
                    values[name] = next(iter(kind.items))  # type: ignore[attr-defined]
            found.append(
                (rule.endpoint, app.url_for(rule.endpoint, **values), rule.methods or set())
            )
    return [one for one in found if one[0] not in ENDING and one[0] != "static"]


def argument_names() -> list[str]:
    """Every argument that any page's address takes."""
    names = set()
    for path in modules():
        text = path.read_text("utf-8")
        names |= set(re.findall(r"args\.get\(\s*\"(\w+)\"", text))
        names |= set(re.findall(r"_FILTERS?\b.*?\"(\w+)\"", text))
    return sorted(names | {"q", "after", "before", "sort", "tab"})


def attributes(text: str) -> dict[str, str]:
    return {name: unescape(value) for name, value in ATTRIBUTE.findall(text)}


def forms(page: str) -> Iterator[tuple[str, MultiDict[str, str]]]:
    """The posted forms of a page: where to (\"\": here), and what they would send untouched."""
    for opening, inside in FORM.findall(page):
        of = attributes(opening)
        if of.get("method", "get").lower() != "post":
            continue
        sent: MultiDict[str, str] = MultiDict()
        for tag, told, rest in FIELD.findall(inside + "</form"):
            field = attributes(told)
            name = field.get("name")
            if not name or field.get("type") in {"submit", "file"}:
                continue
            if tag == "select":
                options = [attributes(one) for one in OPTION.findall(rest)]
                chosen = [one.get("value", "") for one in options if "selected" in one]
                sent.setlist(name, chosen or [one.get("value", "") for one in options[:1]])
            elif field.get("type") in {"checkbox", "radio"} and "checked" not in field:
                sent.setlist(name, sent.getlist(name))
            else:
                sent.add(name, field.get("value", rest.strip() if tag == "textarea" else ""))
        yield of.get("action", ""), sent


def test_no_argument_of_any_page_breaks_it(
    app: Flask, client: FlaskClient, city: City, deal: Deal
) -> None:
    names = argument_names()
    assert len(names) > 20
    dice, prober = random.Random(1), Prober(client, {})
    safe = [address for _one, address, methods in addresses(app, deal) if "GET" in methods]
    for role in ROLES:
        city.sign_in(client, role)
        for address in safe:
            for junk in JUNK if SHARE == 1 else ["a\x00b", dice.choice(JUNK)]:
                if SHARE < 1 and role not in WIDE and dice.random() > 0.1:
                    continue
                query = dict.fromkeys(names, junk)  # all at once: a page reads its own
                prober.ask("GET", address, f"{role} ?*={junk[:20]!r}", query_string=query)
    assert prober.broken == {}


def test_no_field_of_any_form_breaks_it(
    app: Flask, client: FlaskClient, city: City, deal: Deal
) -> None:
    dice, prober = random.Random(2), Prober(client, {})
    tried, keyless = set(), set()
    for role in ROLES if SHARE == 1 else WIDE:
        city.sign_in(client, role)
        for _endpoint, address, methods in addresses(app, deal):
            shown = prober.ask("GET", address, role) if "GET" in methods else ""
            for action, sent in forms(shown):
                where = action or address
                if ENDING_PATHS.search(where):
                    continue
                if "form_key" not in sent:
                    keyless.add(where)
                for name in sent:
                    for junk in JUNK:
                        if dice.random() < SHARE:
                            tried.add((where, name))
                            body = sent.copy()
                            body.setlist(name, [junk, junk])
                            prober.ask("POST", where, f"{role} {name}={junk[:20]!r}", data=body)
            for what, arguments in BODIES.items() if "POST" in methods else ():
                if dice.random() < max(SHARE, 0.1):
                    prober.ask("POST", address, f"{role} {what}", **arguments())
    assert len(tried) > 20
    assert prober.broken == {}
    assert keyless == set()  # a form without its one-time key can be acted upon twice


BODIES: dict[str, Any] = {
    "nothing": dict,
    "json": lambda: {"json": {"form_key": [], "name": {}}},
    "no boundary": lambda: {"data": b"x", "content_type": "multipart/form-data"},
    "binary": lambda: {
        "data": b"\xff\xfe\x00name=%ff&%ed%a0%80=1",
        "content_type": "application/x-www-form-urlencoded",
    },
    "nameless file": lambda: {
        "data": {"files": (io.BytesIO(b"x"), ""), "file": (io.BytesIO(b""), "a\x00.pdf")}
    },
    "keys": lambda: {"data": {"form_key": "\x00" * 32, "version": HUGE, "back": "http://["}},
}
