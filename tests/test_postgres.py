"""The test server itself: what the other tests lean on when they say PostgreSQL."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, text

from tests import postgres


@pytest.fixture(scope="module")
def server() -> Iterator[postgres.OwnServer]:
    running = postgres.start()
    yield running
    running.stop()


def test_the_server_is_postgresql_18_and_sorts_by_bytes(server: postgres.OwnServer) -> None:
    engine = create_engine(server.url("postgres"))
    with engine.connect() as connection:
        version = connection.execute(text("SHOW server_version_num")).scalar_one()
        words = connection.execute(
            text("SELECT string_agg(w, '' ORDER BY w) FROM unnest(ARRAY['b', 'A', 'a', 'B']) w")
        ).scalar_one()
        folded = connection.execute(text("SELECT 'Ａé' ILIKE 'ａÉ'")).scalar_one()
    engine.dispose()

    assert int(version) // 10000 == 18
    assert words == "ABab"
    assert folded is True


def test_a_template_is_built_once_and_cloned_without_ties(server: postgres.OwnServer) -> None:
    built = []

    def build(url: str) -> None:
        built.append(url)
        engine = create_engine(url)
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE lead (name text)"))
            connection.execute(text("INSERT INTO lead VALUES ('一')"))
        engine.dispose()

    postgres.ensure_template(server, "migrated", build)
    postgres.ensure_template(server, "migrated", build)
    for name in ("first", "second"):
        postgres.create_from_template(server, "migrated", name)
    with server.connect("first") as connection:
        connection.execute("DELETE FROM lead")
    with server.connect("second") as connection:
        left = connection.execute("SELECT name FROM lead").fetchall()

    assert len(built) == 1
    assert left == [("一",)]


def test_a_database_is_dropped_with_whoever_is_connected(server: postgres.OwnServer) -> None:
    postgres.create(server, "busy")
    guest = server.connect("busy")

    postgres.drop(server, "busy")
    postgres.drop(server, "busy")

    with pytest.raises(psycopg.OperationalError):
        guest.execute("SELECT 1")
    guest.close()


def test_a_server_that_cannot_start_says_why_and_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(postgres.SETTINGS, "fsync", "perhaps")
    with tempfile.TemporaryDirectory(prefix="crm-no-", dir="/tmp") as parent:
        Path(parent).chmod(0o755)

        with pytest.raises(postgres.Unavailable, match="fsync"):
            postgres.start(Path(parent) / "p")

        assert list(Path(parent).iterdir()) == []


def test_the_server_goes_when_the_one_who_started_it_is_killed() -> None:
    code = (
        "import time; from tests import postgres; s = postgres.start();"
        "print(s.directory, s.data, s._process.pid, flush=True); time.sleep(60)"
    )
    starter = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert starter.stdout is not None
    directory, data, pid = starter.stdout.readline().split()
    starter.stdout.close()

    starter.send_signal(signal.SIGKILL)
    starter.wait()
    deadline = time.monotonic() + 15
    while (Path(directory).exists() or Path(data).exists()) and time.monotonic() < deadline:
        time.sleep(0.1)

    assert not Path(directory).exists()
    assert not Path(data).exists()
    assert not _serves(int(pid))


def _serves(pid: int) -> bool:
    """Whether the process is there and not merely waiting to be buried by a lazy init."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    return not state.exists() or state.read_text().rpartition(")")[2].split()[0] != "Z"
