"""The trail is append-only and sealed; whoever goes round the triggers is found."""

from __future__ import annotations

import json
import threading
from datetime import datetime

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from crm.accounts.models import Unit
from crm.accounts.rules import UnitKind
from crm.audit import rules
from crm.audit.models import Entry, Seal
from crm.audit.operations import TOGETHER, record, seal_chapter
from crm.audit.queries import verify
from crm.audit.triggers import create_triggers, drop_triggers
from crm.core import clock
from crm.core.actor import Actor
from crm.core.database import Database
from crm.values.money import Money

WHO = Actor(None, "system", None, "/", "system", frozenset())


def write(database: Database, *names: str) -> None:
    """One transaction that adds units."""
    with database.write("test") as session:
        for name in names:
            unit = Unit(name=name, kind=UnitKind.TEAM, path=f"/{name}/")
            record(session, WHO, "unit.added", unit, now=clock.now())


def broken(database: Database) -> str:
    with database.read() as session:
        return verify(session).broken


@pytest.fixture
def chain(empty_database: Database) -> Database:
    """Three transactions: entries 1 and 2, entry 3, entries 4 and 5."""
    write(empty_database, "甲", "乙")
    write(empty_database, "丙")
    write(empty_database, "丁", "戊")
    assert broken(empty_database) == ""
    return empty_database


@pytest.mark.parametrize("table", ["audit_entry", "audit_seal"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {table} SET transaction_id = 'x'",
        "DELETE FROM {table}",
        "DELETE FROM {table} WHERE id = 1",
    ],
)
def test_the_database_itself_refuses_to_change_the_trail(
    chain: Database, table: str, statement: str
) -> None:
    with pytest.raises(DBAPIError, match="append-only"), chain.engine.begin() as connection:
        connection.execute(text(statement.format(table=table)))
    assert broken(chain) == ""


@pytest.mark.parametrize("table", ["audit_entry", "audit_seal"])
def test_nor_can_a_row_be_written_over(chain: Database, table: str) -> None:
    columns = ", ".join(
        f'"{column.name}"'
        for column in (Entry if table == "audit_entry" else Seal).__table__.columns
    )
    copy = f"SELECT {columns} FROM {table} WHERE id = 1"
    if chain.sqlite:
        statement = f"INSERT OR REPLACE INTO {table} ({columns}) {copy}"
    else:
        statement = (
            f"INSERT INTO {table} ({columns}) {copy} "
            "ON CONFLICT (id) DO UPDATE SET transaction_id = 'x'"
        )
    with pytest.raises(DBAPIError, match="append-only"), chain.engine.begin() as connection:
        connection.execute(text(statement))


def test_nor_emptied(chain: Database) -> None:
    empty = "DELETE FROM {}" if chain.sqlite else "TRUNCATE {} CASCADE"
    for table in ("audit_entry", "audit_seal"):
        with pytest.raises(DBAPIError, match="append-only"), chain.engine.begin() as connection:
            connection.execute(text(empty.format(table)))


def behind_the_triggers(database: Database, *statements: str) -> None:
    """What somebody with the database's own password could do."""
    with database.migrating().begin() as connection:
        drop_triggers(connection)
        for statement in statements:
            connection.execute(text(statement))
        create_triggers(connection)


TRANSACTION = "(SELECT transaction_id FROM audit_entry WHERE id = {})"


@pytest.mark.parametrize(
    ("statements", "named"),
    [
        (["UPDATE audit_entry SET actor_name = '别人' WHERE id = 3"], "entry 3 was changed"),
        (["UPDATE audit_entry SET note = 'x' WHERE id = 2"], "entry 2 was changed"),
        (["UPDATE audit_entry SET after = '{}' WHERE id = 5"], "entry 5 was changed"),
        (["UPDATE audit_entry SET at = '2020-01-01 00:00:00' WHERE id = 1"], "entry 1 was changed"),
        (["DELETE FROM audit_entry WHERE id = 2"], "entry 2 was removed"),
        (["DELETE FROM audit_entry WHERE id = 5"], "entry 5 was removed"),
        (
            [
                "UPDATE audit_entry SET id = 99 WHERE id = 1",
                "UPDATE audit_entry SET id = 1 WHERE id = 2",
                "UPDATE audit_entry SET id = 2 WHERE id = 99",
            ],
            "entry 1 was changed",
        ),
        (
            [
                "UPDATE audit_seal SET id = 99 WHERE id = 2",
                "UPDATE audit_seal SET id = 2 WHERE id = 3",
                "UPDATE audit_seal SET id = 3 WHERE id = 99",
            ],
            "entry 4: seal 2 does not follow",
        ),
        (
            [
                f"DELETE FROM audit_entry WHERE transaction_id = {TRANSACTION.format(3)}",
                "DELETE FROM audit_seal WHERE id = 2",
            ],
            "entry 4: seal 3 does not follow",
        ),
        (
            ["DELETE FROM audit_seal WHERE id = 3", "DELETE FROM audit_entry WHERE id IN (4, 5)"],
            "cut after entry 3",
        ),
        (["DELETE FROM audit_seal WHERE id = 3"], "entry 4 stands under no seal"),
        (["UPDATE audit_seal SET hash = previous WHERE id = 2"], "entry 3: seal 2 was changed"),
        (["UPDATE audit_seal SET marks = '[]' WHERE id = 2"], "entry 3 was put under seal 2"),
        (["DELETE FROM audit_head"], "head was removed"),
        (["DELETE FROM audit_seal", "DELETE FROM audit_head"], "entry 1 stands under no seal"),
        (
            [f"UPDATE audit_entry SET transaction_id = {TRANSACTION.format(1)} WHERE id = 3"],
            "entry 3 was put under seal 1",
        ),
    ],
)
def test_whoever_goes_round_the_triggers_is_found(
    chain: Database, statements: list[str], named: str
) -> None:
    behind_the_triggers(chain, *statements)
    assert named in broken(chain)


def test_an_entry_put_in_between_is_found(chain: Database) -> None:
    columns = [column.name for column in Entry.__table__.columns if column.name != "id"]
    names = ", ".join(f'"{name}"' for name in columns)
    behind_the_triggers(
        chain,
        f"INSERT INTO audit_entry (id, {names}) SELECT 50, {names} FROM audit_entry WHERE id = 3",
    )
    assert "entry 50 was put under seal 2 later" in broken(chain)


def test_a_changed_entry_with_its_mark_mended_is_found_by_the_hash(chain: Database) -> None:
    from crm.audit.queries import sealed_form

    behind_the_triggers(chain, "UPDATE audit_entry SET note = 'x' WHERE id = 3")
    with chain.read() as session:
        digest = rules.entry_digest(sealed_form(session.get_one(Entry, 3)))
    marks = json.dumps([[3, digest[: rules.SHORT]]])
    behind_the_triggers(chain, f"UPDATE audit_seal SET marks = '{marks}' WHERE id = 2")
    assert "entry 3: seal 2 was changed" in broken(chain)


def test_writers_at_the_same_time_keep_the_chain_whole(empty_database: Database) -> None:
    gate, failures = threading.Barrier(6), []

    def work(number: int) -> None:
        gate.wait()
        for turn in range(8):
            try:
                write(empty_database, f"{number}-{turn}", f"{number}-{turn}-b")
            except Exception as error:  # told below, in the main thread
                failures.append(error)

    threads = [threading.Thread(target=work, args=[number]) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with empty_database.read() as session:
        verdict = verify(session)
        assert (verdict.broken, verdict.seals, verdict.entries) == ("", 48, 96)
        assert session.scalar(select(func.count()).select_from(Unit)) == 96


def test_what_is_undone_leaves_no_entry_and_no_seal(empty_database: Database) -> None:
    write(empty_database, "甲")

    def fail() -> None:
        with empty_database.write("test") as session:
            unit = Unit(name="乙", kind=UnitKind.TEAM, path="/乙/")
            record(session, WHO, "unit.added", unit, now=clock.now())
            raise RuntimeError("after all not")

    with pytest.raises(RuntimeError):
        fail()
    write(empty_database, "丙")
    with empty_database.read() as session:
        verdict = verify(session)
    assert (verdict.broken, verdict.seals, verdict.entries) == ("", 2, 2)


def test_a_transaction_that_changes_nothing_has_no_seal(empty_database: Database) -> None:
    with empty_database.write("test"):
        pass
    with empty_database.read() as session:
        assert verify(session).seals == 0


def test_a_long_chain_is_walked_in_pieces(empty_database: Database) -> None:
    with empty_database.write("test") as session:
        for number in range(1200):
            unit = Unit(name=f"{number}", kind=UnitKind.TEAM, path=f"/{number}/")
            session.add(unit)
    for number in range(520):
        with empty_database.write("test") as session:
            unit = session.scalars(select(Unit).where(Unit.name == f"{number}")).one()
            unit.name = f"{number}号"
            record(session, WHO, "unit.renamed", unit, now=clock.now())
    with empty_database.read() as session:
        assert (verify(session).broken, verify(session).seals) == ("", 520)


def test_a_transaction_of_many_entries_keeps_their_order(empty_database: Database) -> None:
    count = 2 * TOGETHER + 7
    write(empty_database, *(f"{number}" for number in range(count)))
    with empty_database.read() as session:
        verdict = verify(session)
        entries = session.scalars(select(Entry).order_by(Entry.id)).all()
        ids = session.scalars(select(Unit.id).order_by(Unit.id)).all()
    assert (verdict.broken, verdict.seals, verdict.entries) == ("", 1, count)
    assert [entry.row_id for entry in entries] == ids


def test_a_long_transaction_is_sealed_in_chapters(empty_database: Database) -> None:
    def tell(*chapters: str, fail: bool = False) -> None:
        with empty_database.write("test") as session:
            for chapter in chapters:
                for name in chapter:
                    unit = Unit(name=name, kind=UnitKind.TEAM, path=f"/{name}/")
                    record(session, WHO, "unit.added", unit, now=clock.now())
                seal_chapter(session)
            if fail:
                raise RuntimeError("after all not")

    tell("甲乙", "", "丙")
    with pytest.raises(RuntimeError):
        tell("丁", "戊", fail=True)
    write(empty_database, "己")
    with empty_database.read() as session:
        verdict = verify(session)
        seals = session.scalars(select(Seal).order_by(Seal.id)).all()
    assert (verdict.broken, verdict.seals, verdict.entries) == ("", 3, 4)
    assert [len(seal.marks) for seal in seals] == [2, 1, 1]


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (Money(123), 123),
        (datetime(2025, 6, 30, 12, 0, tzinfo=clock.SHANGHAI), "2025-06-30T04:00:00+00:00"),
        (UnitKind.TEAM, "team"),
        ((1, "x"), [1, "x"]),
        ({"a": Money(1)}, {"a": 1}),
        ("𠮷\u202e👩‍👧", "𠮷\u202e👩‍👧"),
    ],
)
def test_a_value_is_kept_as_plain_json(value: object, plain: object) -> None:
    assert rules.plain(value) == plain


def test_a_value_without_a_plain_form_is_a_mistake_of_ours() -> None:
    with pytest.raises(TypeError):
        rules.plain(object())


def test_any_text_is_sealed_and_holds(empty_database: Database) -> None:
    write(empty_database, "𠮷", "\u202eab", "👩‍👧", "'\"\\", "é", "e\u0301")
    assert broken(empty_database) == ""
