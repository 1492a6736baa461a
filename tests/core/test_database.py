"""Readers cannot write, writers lose nothing."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from crm.core import clock, once
from crm.core.database import Database
from crm.core.once import FormKey, Repeated


def test_a_reader_is_kept_from_writing_by_the_database_itself(empty_database: Database) -> None:
    with empty_database.read() as session, pytest.raises(DBAPIError):
        session.execute(text("DELETE FROM unit"))


def test_a_reader_sees_one_snapshot_however_long_it_reads(empty_database: Database) -> None:
    with empty_database.read() as session:
        before = session.scalar(select(func.count()).select_from(FormKey))
        with empty_database.write("test") as writer:
            once.claim(writer, once.new_key(), 1, clock.now())
        assert session.scalar(select(func.count()).select_from(FormKey)) == before


def test_a_writer_after_a_reader_on_the_same_connection_can_write(empty_database: Database) -> None:
    for _ in range(20):
        with empty_database.read() as session:
            session.execute(text("SELECT 1"))
        with empty_database.write("test") as writer:
            once.claim(writer, once.new_key(), 1, clock.now())


def test_concurrent_read_then_write_updates_are_all_kept(empty_database: Database) -> None:
    key = once.new_key()
    with empty_database.write("test") as session:
        once.claim(session, key, 0, clock.now())

    def add_one() -> None:
        for _ in range(20):
            with empty_database.write("test") as session:
                row = session.get(FormKey, key, with_for_update=True)
                assert row is not None
                row.person_id += 1

    threads = [threading.Thread(target=add_one) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with empty_database.read() as session:
        assert session.get_one(FormKey, key).person_id == 120


def test_of_five_parallel_claims_of_one_key_one_takes_effect(empty_database: Database) -> None:
    key, outcomes, gate = once.new_key(), [], threading.Barrier(5)

    def post() -> None:
        gate.wait()
        try:
            with empty_database.write("test") as session:
                once.claim(session, key, 7, clock.now())
                once.settle(session, key, "/leads/42")
            outcomes.append("made")
        except Repeated as repeated:
            outcomes.append(repeated.location)

    threads = [threading.Thread(target=post) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["/leads/42"] * 4 + ["made"]


def test_the_key_of_another_person_answers_nothing_of_his(empty_database: Database) -> None:
    key = once.new_key()
    with empty_database.write("test") as session:
        once.claim(session, key, 7, clock.now())
        once.settle(session, key, "/leads/42")
    with pytest.raises(Repeated) as repeated, empty_database.write("test") as session:
        once.claim(session, key, 8, clock.now())
    assert repeated.value.location == "/"
