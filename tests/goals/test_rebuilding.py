"""What `crm recount` and the nightly comparison do: everything handed over again, drift found and mended."""

from __future__ import annotations

import logging
from typing import cast

import pytest
from sqlalchemy import update

from config import Config
from crm.counting.jobs import compare_sums
from crm.counting.models import CountedProject, DaySum
from crm.counting.operations.recounting import recount
from crm.counting.queries.stored import decided_at
from crm.goals.operations import rebuilding
from tests.counting.given import at
from tests.factories.city import SYSTEM, City
from tests.ledger.scene import Scene, open_scene

NOON = at("4-01")


def again(city: City, scene: Scene, receipts: list[int]) -> tuple[int, int, int, int]:
    """Facts of projects and receipts that differed, answers that changed, sums that were wrong."""
    with city.write() as session:
        projects = rebuilding.hand_projects(session, SYSTEM, [scene.project_id], now=NOON)
        lines = rebuilding.hand_receipts(session, SYSTEM, receipts, now=NOON)
        return projects, lines, decided_at(session, NOON), recount(session, SYSTEM, now=NOON)


def test_what_is_well_stays_as_it_is(city: City) -> None:
    scene = open_scene(city)
    number = scene.settled()
    assert again(city, scene, [number]) == (0, 0, 0, 0)


def test_facts_that_drifted_are_handed_over_and_decided_again(city: City) -> None:
    scene = open_scene(city)
    number = scene.settled()
    before = scene.funds()
    with city.write() as session:
        row = session.get_one(CountedProject, scene.project_id)
        row.facts = row.facts | {"kind": "real_estate"}
        row.fingerprint = "x" * 64
    assert again(city, scene, [number])[0] == 1
    assert again(city, scene, [number]) == (0, 0, 0, 0)
    assert scene.funds() == before


def test_the_nightly_comparison_names_what_differs(
    city: City, caplog: pytest.LogCaptureFixture
) -> None:
    scene = open_scene(city)
    scene.settled()
    config = cast(Config, None)
    with caplog.at_level(logging.INFO, "crm.counting.jobs"):
        compare_sums(city.database, config, NOON)
    assert [record.levelname for record in caplog.records] == ["INFO"]
    caplog.clear()
    with city.write() as session:
        session.execute(update(DaySum).where(DaySum.dimension == "all").values(fen=DaySum.fen + 1))
    compare_sums(city.database, config, NOON)
    assert {record.levelname for record in caplog.records} == {"ERROR"}
    assert "funds_counted" in caplog.text
