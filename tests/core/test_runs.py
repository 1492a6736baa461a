"""Background runs as rows: asked for once, claimed by one, told about by whoever holds them."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from config import Config
from crm.core import clock, once, runs
from crm.core.actor import Actor
from crm.core.database import Database
from crm.core.errors import Missing, Refused
from crm.core.jobs import RUNS_KEPT, forget_runs
from crm.core.once import FormKey
from crm.core.running import Kind, Result, Running, perform
from crm.core.runs import LEASE, MOST_ATTEMPTS, BackgroundRun, Claim, Lost, RunState

NOW = clock.now()
SOMEBODY = Actor(7, "张", 1, "/1/", "officer", frozenset())


def ask(database: Database, kind: str = "count", key: str = "") -> int:
    """A run that waits."""
    with database.write("test") as session:
        return runs.enqueue(session, SOMEBODY, kind, {"to": 3}, now=NOW, key=key)


def take(database: Database, now: datetime = NOW) -> Claim | None:
    """Claim what waits longest."""
    with database.write("test") as session:
        return runs.claim(session, now)


def read(database: Database, number: int) -> BackgroundRun:
    """A run as it is now."""
    with database.read() as session:
        return runs.get(session, number)


def test_a_run_knows_who_asked_for_what_and_waits(empty_database: Database) -> None:
    row = read(empty_database, ask(empty_database))
    assert (row.kind, row.arguments, row.actor_id, row.actor_name) == (
        "count", {"to": 3}, 7, "张",
    )  # fmt: skip
    assert (row.state, row.open, row.attempts, row.result) == (RunState.WAITING, True, 0, None)


def test_of_a_kind_and_key_one_is_open_at_a_time(empty_database: Database) -> None:
    first = ask(empty_database, key="a")
    assert ask(empty_database, key="a") == first
    assert ask(empty_database, key="b") != first
    assert ask(empty_database, kind="other", key="a") != first
    assert ask(empty_database) != ask(empty_database)  # without a key each is one of its own
    with empty_database.write("test") as session:
        runs.cancel(session, first, NOW)
    again = ask(empty_database, key="a")
    assert again != first
    with empty_database.read() as session:
        newest = runs.newest(session, "count", "a")
        assert newest is not None
        assert newest.id == again
        assert runs.newest(session, "count", "nothing") is None


def test_many_askers_at_once_get_the_same_run(empty_database: Database) -> None:
    answers: list[int] = []
    gate = threading.Barrier(6)

    def go() -> None:
        gate.wait()
        answers.append(ask(empty_database, key="same"))

    together(go, 6)
    assert len(answers) == 6
    assert len(set(answers)) == 1


def test_many_claimers_at_once_take_each_run_once_and_the_oldest_first(
    empty_database: Database,
) -> None:
    asked = [ask(empty_database) for _ in range(20)]
    taken: list[list[int]] = []

    def go() -> None:
        mine: list[int] = []  # of its own: who commits first need not be who writes it down first
        taken.append(mine)
        while (claim := take(empty_database)) is not None:
            mine.append(claim.id)

    together(go, 6)
    assert sorted(number for mine in taken for number in mine) == asked
    assert all(mine == sorted(mine) for mine in taken)


def together(go: object, number: int) -> None:
    """The same in several threads."""
    threads = [threading.Thread(target=go) for _ in range(number)]  # type: ignore[arg-type]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_who_was_taken_for_dead_says_nothing_more(empty_database: Database) -> None:
    number = ask(empty_database)
    old = take(empty_database)
    assert old is not None
    later = NOW + LEASE + timedelta(seconds=1)
    with empty_database.read() as session:
        assert runs.abandoned(session, NOW + LEASE - timedelta(seconds=1)) == []
        assert runs.abandoned(session, later) == [old]
    with empty_database.write("test") as session:
        assert runs.crashed(session, old, True, later, "gone")
    new = take(empty_database, later)
    assert new is not None
    assert (new.id, new.attempt) == (number, 2)
    with empty_database.write("test") as session:
        assert not runs.renew(session, old, later)
        assert not runs.fail(session, old, "x", later)
        assert not runs.crashed(session, old, True, later, "gone")
        assert runs.held(session, number, 1) is None
        assert runs.held(session, number, 2) == new
    for word in (
        lambda session: runs.tell(session, old, 1, 3, "x"),
        lambda session: runs.finish(session, old, {}, later),
    ):
        with pytest.raises(Lost), empty_database.write("test") as session:
            word(session)
    assert read(empty_database, number).state is RunState.RUNNING


def test_a_renewed_lease_is_left_alone(empty_database: Database) -> None:
    ask(empty_database)
    claim = take(empty_database)
    assert claim is not None
    later = NOW + LEASE / 2
    with empty_database.write("test") as session:
        assert runs.renew(session, claim, later)
    with empty_database.read() as session:
        assert runs.abandoned(session, NOW + LEASE + timedelta(seconds=1)) == []
        assert runs.abandoned(session, later + LEASE + timedelta(seconds=1)) == [claim]


@pytest.mark.parametrize("repeatable", [True, False])
def test_a_crashed_run_is_tried_again_if_it_may_be_and_not_for_ever(
    empty_database: Database, repeatable: bool
) -> None:
    number = ask(empty_database)
    for attempt in range(1, MOST_ATTEMPTS + 1):
        claim = take(empty_database)
        assert claim is not None
        assert claim.attempt == attempt
        with empty_database.write("test") as session:
            runs.crashed(session, claim, repeatable, NOW, "killed")
        if not repeatable:
            break
    row = read(empty_database, number)
    assert (row.state, row.ended_at, row.detail) == (RunState.FAILED, NOW, "killed")
    assert "again" in row.error
    assert row.attempts == (MOST_ATTEMPTS if repeatable else 1)
    assert take(empty_database) is None


def test_a_cancelled_run_is_not_begun_and_one_that_is_over_cannot_be_cancelled(
    empty_database: Database,
) -> None:
    number = ask(empty_database)
    with empty_database.write("test") as session:
        runs.cancel(session, number, NOW)
    assert take(empty_database) is None
    assert read(empty_database, number).state is RunState.CANCELLED
    with pytest.raises(Refused), empty_database.write("test") as session:
        runs.cancel(session, number, NOW)
    with pytest.raises(Missing), empty_database.write("test") as session:
        runs.cancel(session, number + 1, NOW)


def test_what_is_committed_with_the_word_that_it_is_done_is_undone_where_the_run_was_lost(
    empty_database: Database, tmp_path: Path
) -> None:
    number = ask(empty_database)
    claim = take(empty_database)
    assert claim is not None

    def work(database: Database, config: Config, run: Running) -> Result:
        with database.write("test") as session:
            runs.cancel(session, number, NOW)
        with database.write("test") as session:
            once.claim(session, "effect", 7, NOW)
            run.finish(session, {"written": True})
        return None

    config = Config("x" * 40, tmp_path, "unused")
    perform(empty_database, config, Kind(work, repeatable=False), claim)
    row = read(empty_database, number)
    assert (row.state, row.result) == (RunState.CANCELLED, None)
    with empty_database.read() as session:
        assert session.scalar(select(func.count()).select_from(FormKey)) == 0


def test_effect_and_word_come_together_where_it_was_not(
    empty_database: Database, tmp_path: Path
) -> None:
    number = ask(empty_database)
    claim = take(empty_database)
    assert claim is not None

    def work(database: Database, config: Config, run: Running) -> Result:
        run.tell(1, 2, "Half of it")
        with database.write("test") as session:
            once.claim(session, "effect", 7, NOW)
            run.finish(session, {"written": True})
        return {"ignored": "for it is finished"}

    perform(empty_database, Config("x" * 40, tmp_path, ""), Kind(work, repeatable=False), claim)
    row = read(empty_database, number)
    assert (row.state, row.result, row.done, row.total) == (
        RunState.DONE, {"written": True}, 2, 2,
    )  # fmt: skip
    with empty_database.read() as session:
        assert session.scalar(select(func.count()).select_from(FormKey)) == 1


def test_what_was_over_long_ago_is_forgotten_and_nothing_else(
    empty_database: Database, tmp_path: Path
) -> None:
    old, young, waiting = (ask(empty_database) for _ in range(3))
    with empty_database.write("test") as session:
        runs.cancel(session, old, NOW - RUNS_KEPT - timedelta(days=1))
        runs.cancel(session, young, NOW - timedelta(days=1))
    forget_runs(empty_database, Config("x" * 40, tmp_path, ""), NOW)
    with empty_database.read() as session:
        assert sorted(session.scalars(select(BackgroundRun.id))) == [young, waiting]
