"""Background runs in real processes: killed, too long, too large, two schedulers at once."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from config import HOUSE, Config
from crm.accounts.labels import RUNS
from crm.core import clock, runs
from crm.core.actor import Actor
from crm.core.crew import AT_ONCE, Crew
from crm.core.database import Database
from crm.core.runs import LEASE, MOST_ATTEMPTS, BackgroundRun, RunState
from crm.scheduler import KINDS as REAL_KINDS
from tests.doors import chores
from tests.doors.command import SECONDS, gone

SOMEBODY = Actor(7, "张", 1, "/1/", "officer", frozenset())


@pytest.fixture
def crew(config: Config, database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Crew]:
    """A scheduler's crew in this process; its children are real."""
    for name, value in environment(config).items():
        monkeypatch.setenv(name, value)
    crew = Crew(database, chores.KINDS, chores.COMMAND)
    yield crew
    crew.end(clock.now())


def environment(config: Config) -> dict[str, str]:
    """What a child reads."""
    return {
        "CRM_DATA_DIR": str(config.data_dir),
        "CRM_DATABASE_URL": config.database_url,
        "CRM_SECRET_KEY": config.secret_key,
    }


def ask(database: Database, kind: str, **arguments: object) -> int:
    """A run that waits."""
    with database.write("test") as session:
        return runs.enqueue(session, SOMEBODY, kind, arguments, now=clock.now())


def read(database: Database, number: int) -> BackgroundRun:
    """A run as it is now."""
    with database.read() as session:
        return runs.get(session, number)


def until(
    crew: Crew, number: int, seen: Callable[[BackgroundRun], object], ahead: timedelta = timedelta()
) -> BackgroundRun:
    """Turn until a run is as wanted; `ahead` moves the scheduler's clock."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        crew.turn(clock.now() + ahead)
        row = read(crew._database, number)
        if seen(row):
            return row
        time.sleep(0.1)
    raise AssertionError(f"it stays {row.state}: {row.sentence} {row.error} {row.detail}")


def over(row: BackgroundRun) -> bool:
    """Whether it has ended."""
    return not row.open


def told(row: BackgroundRun) -> int:
    """The number of the process that has begun to sleep; 0 before it says so."""
    return int(row.sentence or 0) if row.state is RunState.RUNNING else 0


def test_every_kind_has_its_words() -> None:
    assert set(REAL_KINDS) == set(RUNS)


def test_it_is_done_in_a_process_of_its_own(crew: Crew, database: Database) -> None:
    row = until(crew, ask(database, "count", to=3, name="a"), over)
    assert (row.state, row.result, row.error) == (RunState.DONE, {"counted": 3}, "")
    assert (row.total, row.attempts) == (3, 1)
    crew.turn(clock.now())
    assert crew.children == []


def test_a_killed_process_is_tried_again(crew: Crew, database: Database) -> None:
    row = until(crew, ask(database, "die", times=1), over)
    assert (row.state, row.result, row.attempts) == (RunState.DONE, {"deaths": 1}, 2)


def test_one_that_is_always_killed_has_failed_in_the_end(crew: Crew, database: Database) -> None:
    row = until(crew, ask(database, "die", times=99), over)
    assert (row.state, row.attempts) == (RunState.FAILED, MOST_ATTEMPTS)
    assert "-9" in row.detail


def test_kill_9_of_what_may_not_be_repeated_is_shown_as_failed(
    crew: Crew, database: Database
) -> None:
    number = ask(database, "sleep once")
    os.kill(told(until(crew, number, told)), signal.SIGKILL)
    row = until(crew, number, over)
    assert (row.state, row.attempts) == (RunState.FAILED, 1)
    assert row.error


def test_what_takes_too_long_is_ended_and_has_failed(crew: Crew, database: Database) -> None:
    number = ask(database, "sleep")
    process = told(until(crew, number, told))
    limit = timedelta(seconds=chores.KINDS["sleep"].seconds)
    crew.turn(clock.now() + limit / 2)
    assert read(database, number).open
    row = until(crew, number, over, ahead=limit)
    assert (row.state, row.error) == (RunState.FAILED, "It took longer than it may.")
    assert gone([process])


def test_what_takes_too_much_memory_is_ended_and_has_failed(crew: Crew, database: Database) -> None:
    row = until(crew, ask(database, "eat"), over)
    assert (row.state, row.error) == (RunState.FAILED, "It needed more memory than it may have.")


@pytest.mark.parametrize(
    ("kind", "error", "detail"),
    [
        ("refuse", "This task is over already.", ""),
        ("stumble", "It ended with an error of the system.", "ZeroDivisionError: by nothing"),
        ("unheard of", "This kind of task is not known here.", ""),
    ],
)
def test_what_cannot_be_done_says_why_and_is_not_tried_again(
    crew: Crew, database: Database, kind: str, error: str, detail: str
) -> None:
    row = until(crew, ask(database, kind), over)
    assert (row.state, row.error, row.detail) == (RunState.FAILED, error, detail)
    assert row.attempts == 1


def test_a_cancelled_run_loses_its_process(crew: Crew, database: Database) -> None:
    number = ask(database, "sleep")
    process = told(until(crew, number, told))
    with database.write("test") as session:
        runs.cancel(session, number, clock.now())
    crew.turn(clock.now())
    assert gone([process])
    assert read(database, number).state is RunState.CANCELLED


def test_no_more_than_a_few_run_at_once(crew: Crew, database: Database) -> None:
    for _ in range(AT_ONCE + 2):
        ask(database, "sleep")
    crew.turn(clock.now())
    crew.turn(clock.now())
    assert len(crew.children) == AT_ONCE


def test_what_a_stopped_scheduler_leaves_waits_for_the_next(crew: Crew, database: Database) -> None:
    number, once_only = ask(database, "sleep"), ask(database, "sleep once")
    processes = [told(until(crew, one, told)) for one in (number, once_only)]
    crew.end(clock.now())
    assert gone(processes)
    assert read(database, number).state is RunState.WAITING
    assert read(database, once_only).state is RunState.FAILED


def scheduler(config: Config) -> subprocess.Popen[bytes]:
    """A whole scheduler as a process."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.Popen(
        chores.COMMAND,
        env=kept | environment(config) | {"PYTHONPATH": str(HOUSE)},
        stdin=subprocess.DEVNULL,
    )


def wait(database: Database, number: int, seen: Callable[[BackgroundRun], object]) -> BackgroundRun:
    """Wait until other processes have brought a run so far."""
    deadline = time.monotonic() + SECONDS
    while not seen(row := read(database, number)):
        assert time.monotonic() < deadline, (row.state, row.sentence, row.error)
        time.sleep(0.1)
    return row


def test_kill_9_of_the_scheduler_ends_its_children_and_another_takes_over(
    config: Config, database: Database, crew: Crew
) -> None:
    number = ask(database, "sleep")
    first = scheduler(config)
    try:
        process = told(wait(database, number, told))
    finally:
        first.kill()
        first.wait()
    assert gone([process])
    crew.turn(clock.now())
    assert read(database, number).attempts == 1, "its lease holds still"
    row = until(crew, number, lambda row: row.attempts == 2, ahead=LEASE + timedelta(seconds=1))
    assert row.state is RunState.RUNNING


def test_two_schedulers_do_each_run_once(config: Config, database: Database) -> None:
    names = {str(number) for number in range(6)}
    asked = [ask(database, "count", to=2, name=name) for name in sorted(names)]
    both = [scheduler(config), scheduler(config)]
    try:
        rows = [wait(database, number, over) for number in asked]
    finally:
        for one in both:
            one.terminate()
        assert [one.wait(SECONDS) for one in both] == [0, 0]
    assert {row.state for row in rows} == {RunState.DONE}
    assert {row.attempts for row in rows} == {1}
    counted = Path(config.data_dir / "counted").read_text(encoding="ascii").split()
    assert sorted(counted) == sorted(names)


def test_the_clock_of_a_run_is_the_houses(crew: Crew, database: Database) -> None:
    before = clock.now()
    row = until(crew, ask(database, "count", to=1, name="x"), over)
    moments: list[datetime] = [row.created_at, row.started_at or before, row.ended_at or before]
    assert moments == sorted(moments)
    assert before <= moments[0]
    assert moments[-1] <= clock.now()
