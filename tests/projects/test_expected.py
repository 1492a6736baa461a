"""The plan's named projects and the boundary of 1亿, entered through the form: what their rows decide."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient

from crm.core.database import Database
from crm.core.once import new_key
from crm.counting.models import DecisionRow, Subject
from crm.counting.queries import stored
from tests.factories.city import City
from tests.projects import facts as told
from tests.projects.facts import Story

SIGNED = date(2025, 2, 10)


def form(city: City, **typed: str) -> dict[str, str]:
    """What a reviewer types of a project without a lead."""
    return {
        "form_key": new_key(),
        "origin": "backfilled",
        "origin_note": "2025年签约台账",
        "owner_id": str(city.person_id("kunqu_officer")),
        "agreement": "investment",
        "signed_on": SIGNED.isoformat(),
        "signing_party": "甲公司",
        "signing_country": "CN",
        "new_company": "甲公司",
        "name": "基地",
        "kind": "industrial",
        "construction": "new",
        "funding": "enterprise",
        "agreed": "3亿",
        "district_id": str(city.district_id("昆都仑区")),
    } | typed


def enter(client: FlaskClient, city: City, **typed: str) -> int:
    """The number of the project that the form made."""
    city.sign_in(client, "kunqu_reviewer")
    answer = client.post("/projects/new", data=form(city, **typed))
    assert answer.status_code == 303, answer.text
    return int(answer.location.rsplit("/", 1)[1])


def go_on(city: City, number: int, *acts: Callable[[Story], Any]) -> None:
    """What happens to it afterwards, a day each."""
    with city.write() as session:
        story = told.open_story(session, city)
        story.projects, story.day = [number], SIGNED
        for act in acts:
            story.pass_days()
            act(story)


def decision(database: Database, number: int) -> DecisionRow:
    """What counting says of it."""
    with database.read() as session:
        found = stored.decision(session, Subject.PROJECT, number)
    assert found is not None
    return found


GOOD = (told.start, told.recognise, told.give)

CASES: list[tuple[str, dict[str, str], tuple[Callable[[Story], Any], ...], str]] = [
    ("a new factory of 3亿", {}, GOOD, "counts started 2025"),
    (
        "亚新隆顺高炉绿色升级技术改造",
        {"construction": "upgrade"},
        GOOD,
        "does_not_count upgrade None",
    ),
    (
        "北方稀土绿色冶炼升级改造",
        {"construction": "upgrade"},
        GOOD,
        "does_not_count upgrade None",
    ),
    ("华电输氢管线", {"kind": "grid"}, GOOD, "does_not_count infrastructure None"),
    ("美岱抽水蓄能, not started", {"kind": "new_energy"}, (), "pending not_started None"),
    ("美岱抽水蓄能, once started", {"kind": "new_energy"}, GOOD, "counts started 2025"),
    ("exactly 1亿", {"agreed": "1亿"}, GOOD, "counts started 2025"),
    ("a fen less", {"agreed": "99,999,999.99元"}, GOOD, "does_not_count below_minimum None"),
    ("phase one of 1亿", {"phase_one": "1亿"}, GOOD, "counts started 2025"),
    (
        "phase one a fen less",
        {"phase_one": "99999999.99元"},
        GOOD,
        "does_not_count below_minimum None",
    ),
    (
        "mixed money, 1亿 of it not fiscal",
        {"funding": "mixed", "fiscal": "2亿"},
        GOOD,
        "counts started 2025",
    ),
    (
        "mixed money, a fen less",
        {"funding": "mixed", "fiscal": "200,000,000.01元"},
        GOOD,
        "does_not_count below_minimum None",
    ),
    (
        "mixed money of unknown parts",
        {"funding": "mixed"},
        GOOD,
        "pending fiscal_part_unknown None",
    ),
    ("wholly fiscal", {"funding": "fiscal"}, GOOD, "does_not_count wholly_fiscal None"),
    ("PPP", {"funding": "ppp"}, GOOD, "does_not_count ppp None"),
    ("real estate", {"kind": "real_estate"}, GOOD, "does_not_count real_estate None"),
    (
        "moved within the city",
        {"construction": "relocation", "moved_from": "city"},
        GOOD,
        "does_not_count moved_within_city None",
    ),
    (
        "moved from elsewhere",
        {"construction": "relocation", "moved_from": "elsewhere"},
        GOOD,
        "counts started 2025",
    ),
    (
        "moved from who knows where",
        {"construction": "relocation"},
        GOOD,
        "pending moved_from_unknown None",
    ),
    (
        "rebuilt inside an old plant",
        {"construction": "relocation", "inside_old_plant": "y"},
        GOOD,
        "does_not_count moved_inside_plant None",
    ),
    ("recognised and something owed", {}, GOOD[:2], "pending evidence_owed None"),
    ("reported alone", {}, GOOD[:1], "pending not_recognised None"),
    (
        "ended in the year it counted",
        {},
        (*GOOD, told.terminate),
        "does_not_count terminated_in_year None",
    ),
]


@pytest.mark.parametrize(
    ("typed", "acts", "says"), [one[1:] for one in CASES], ids=[one[0] for one in CASES]
)
def test_what_is_typed_decides(
    client: FlaskClient,
    city: City,
    database: Database,
    typed: dict[str, str],
    acts: tuple[Callable[[Story], Any], ...],
    says: str,
) -> None:
    number = enter(client, city, **typed)
    go_on(city, number, *acts)
    found = decision(database, number)
    assert f"{found.verdict.value} {found.reason.value} {found.year}" == says
