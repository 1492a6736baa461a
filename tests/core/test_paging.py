"""Walking all pages shows each row once, in one order on both databases."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from crm.accounts.models import Person, Unit
from crm.accounts.rules import UnitKind
from crm.core.database import Database
from crm.core.paging import Sort, turn
from crm.leads.models import Lead

NAMES = ["包头", "A", "a", "é", "ＡＢ", "𠮷野", "🙂", "", "昆都仑", "Z", "z", "10", "9", "　"]


@pytest.fixture
def filled(empty_database: Database) -> Database:
    """Units with names that collations disagree about."""
    with empty_database.write("test") as session:
        for number, name in enumerate(NAMES):
            session.add(Unit(name=f"{number}", kind=UnitKind.TEAM, path=f"{name}|{number}"))
    return empty_database


def walk(database: Database, *, descending: bool, size: int) -> list[str]:
    """Every path, page after page."""
    seen: list[str] = []
    mark: str | None = None
    sort = Sort(Unit.path, Unit.id, descending)
    with database.read() as session:
        while True:
            page = turn(session, select(Unit), sort, after=mark, size=size)
            seen += [unit.path for unit in page.rows]
            if page.after is None:
                return seen
            mark = page.after


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("size", [1, 3, 50])
def test_all_pages_together_are_the_bytewise_order(
    filled: Database, descending: bool, size: int
) -> None:
    expected = sorted(
        (f"{name}|{number}" for number, name in enumerate(NAMES)),
        key=lambda text: text.encode(),
        reverse=descending,
    )
    assert walk(filled, descending=descending, size=size) == expected


def test_the_way_back_shows_the_same_pages(filled: Database) -> None:
    sort = Sort(Unit.path, Unit.id)
    with filled.read() as session:
        first = turn(session, select(Unit), sort, size=5)
        second = turn(session, select(Unit), sort, after=first.after, size=5)
        back = turn(session, select(Unit), sort, before=second.before, size=5)
    assert [unit.id for unit in back.rows] == [unit.id for unit in first.rows]
    assert first.before is None
    assert back.before is None
    assert back.after is not None


@pytest.mark.parametrize("mark", ["", "x", "!!!!", "WyJkYXkiLDEsMV0", "W10", "A" * 3000, "bnVsbA"])
def test_a_mark_that_cannot_be_read_shows_the_first_page(filled: Database, mark: str) -> None:
    with filled.read() as session:
        page = turn(session, select(Unit), Sort(Unit.path, Unit.id), after=mark, size=3)
    assert len(page.rows) == 3
    assert page.before is None


def mark(*parts: Any) -> str:
    """A paging mark that nobody was given."""
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode()


@pytest.mark.parametrize(
    ("key", "forged"),
    [
        (Unit.path, mark("text", "a\x00", 1)),
        (Unit.path, mark("text", "\ud800", 1)),
        (Unit.path, mark("text", ["a"], 1)),
        (Unit.path, mark("text", "a", -(10**30))),
        (Unit.path, mark("text", "a", 10**30)),
        (Unit.path, mark("text", "a", None)),
        (Unit.path, base64.urlsafe_b64encode(b"[" * 1400).decode()),
        (Unit.path, "é%%%"),
        (Person.created_at, mark("moment", "2025-01-01", 1)),
        (Person.created_at, mark("moment", "0001-01-01T00:00:00+14:00", 1)),
        (Person.created_at, mark("moment", 5, 1)),
        (Lead.amount_low, mark("money", 10**30, 1)),
        (Lead.amount_low, mark("money", 1.5, 1)),
        (Lead.next_step_on, mark("day", "0000-00-00", 1)),
    ],
)
def test_a_forged_mark_is_the_first_page(
    empty_database: Database, key: InstrumentedAttribute[Any], forged: str
) -> None:
    kind: Any = key.class_
    with empty_database.read() as session:
        for way in ({"after": forged}, {"before": forged}):
            page = turn(session, select(kind), Sort(key.expression, kind.id), **way)
            assert page.rows == []
