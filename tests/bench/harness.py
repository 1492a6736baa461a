"""Data built once and kept, requests timed through the application, bars that are met or missed.

Server time is measured: from the request's entry into the WSGI application to the last byte of its answer,
in one process, with the client on the same thread. What a suite measures is a table of visits.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median, quantiles

from flask import Flask
from flask.testing import FlaskClient

from config import HOUSE, Config
from crm.app import create_app
from crm.audit.operations import seal
from crm.core import migrations
from crm.core.database import Database
from tests import postgres
from tests.factories.city import City

KEPT = HOUSE / "var" / "bench"
BACKENDS = ("sqlite", "postgresql")
WARM, RUNS, ROUNDS = 3, 40, 3
"""Requests before those that are timed; those; and rounds of them, the best of which is told: a neighbour
on the machine may spoil one."""

TIMES, MORE_MS = 1.5, 30.0
"""At ten times the data a page may take so many times as long, or so much longer."""


@dataclass(frozen=True)
class Visit:
    """A page that somebody opens, and how long its answer may take.

    Attributes:
        bar: the 95th percentile of server time, in ms.
        grows: held to what it takes at a tenth of the data, too.
        data: what is posted to it; without any it is opened.
    """

    name: str
    who: str
    address: str
    bar: float
    grows: bool = True
    data: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Suite:
    """What is measured on which data.

    Attributes:
        fill: makes the data of a size in an empty database; changed data needs a new `edition`.
        visits: the table, read off the filled database.
    """

    name: str
    size: int
    edition: int
    fill: Callable[[Database, int], None]
    visits: Callable[[City], Sequence[Visit]]


@dataclass(frozen=True)
class Row:
    """What a visit took, in ms, and whether its bar was met.

    Attributes:
        cpu: the median of the time that this process worked; beside p50 it tells how long it waited, for
            PostgreSQL or for its neighbours on the machine.
    """

    suite: str
    backend: str
    size: int
    name: str
    who: str
    bar: float
    p50: float
    p95: float
    cpu: float
    status: int
    met: bool


def run(suite: Suite, backend: str, size: int) -> list[Row]:
    """The large data measured, beside a tenth of it."""
    small = {row.name + row.who: row for row in _measured(suite, backend, size // 10)}
    grows = {visit.name + visit.who: visit.grows for visit in _table(suite, backend, size)}
    found = []
    for row in _measured(suite, backend, size):
        key = row.name + row.who
        most = max(small[key].p95 * TIMES, small[key].p95 + MORE_MS)
        met = row.met and (not grows[key] or row.p95 <= most)
        found.append(Row(**asdict(row) | {"met": met}))
    return [*small.values(), *found]


def _table(suite: Suite, backend: str, size: int) -> Sequence[Visit]:
    with filled(suite, backend, size) as database:
        return suite.visits(City(database))


def _measured(suite: Suite, backend: str, size: int) -> list[Row]:
    with filled(suite, backend, size) as database:
        app = application(database)
        return [
            _visited(app, database, suite, backend, size, one)
            for one in suite.visits(City(database))
        ]


def _visited(
    app: Flask, database: Database, suite: Suite, backend: str, size: int, visit: Visit
) -> Row:
    client = app.test_client()
    City(database).sign_in(client, visit.who)
    best, status = _timed(client, visit.address)
    for _ in range(ROUNDS - 1):
        if status == 200 and best[1] > visit.bar:
            best = min(best, _timed(client, visit.address)[0], key=lambda cuts: cuts[1])
    return Row(
        suite.name, backend, size, visit.name, visit.who, visit.bar, *best, status,
        met=status == 200 and best[1] <= visit.bar,
    )  # fmt: skip


def _timed(client: FlaskClient, address: str) -> tuple[tuple[float, float, float], int]:
    """Median and 95th percentile of a page's server time, median of its work, in ms; its status."""
    times, work = [], []
    for _ in range(WARM + RUNS):
        begun, idle = time.perf_counter(), time.process_time()
        answer = client.get(address)
        times.append((time.perf_counter() - begun) * 1000)
        work.append((time.process_time() - idle) * 1000)
        answer.close()
    cuts = quantiles(times[WARM:], n=20)
    told = (round(cuts[9], 1), round(cuts[18], 1), round(median(work[WARM:]), 1))
    return told, answer.status_code


def application(database: Database) -> Flask:
    """The application as production builds it, on a database that is filled."""
    url = database.engine.url.render_as_string(hide_password=False)
    app = create_app(Config("only for measuring " * 3, KEPT, url, demo=False), database)
    app.config["WTF_CSRF_ENABLED"] = False
    return app


# --- data ------------------------------------------------------------------------------------------


@contextmanager
def filled(suite: Suite, backend: str, size: int) -> Iterator[Database]:
    """The suite's data of a size: built the first time, kept under var/bench, its schema brought up."""
    name = f"{suite.name}_{suite.edition}_{size}"
    with _SERVERS[backend](name) as (url, fresh):
        database = Database(url, seal)
        try:
            if fresh:
                say(f"building {name} on {backend} ...")
                suite.fill(database, size)
            else:
                migrations.upgrade(database)
            yield database
        finally:
            database.dispose()


@contextmanager
def _sqlite(name: str) -> Iterator[tuple[str, bool]]:
    KEPT.mkdir(parents=True, exist_ok=True)
    path, half = KEPT / f"{name}.db", KEPT / f"{name}.unfinished.db"
    fresh = not path.exists()
    if fresh:
        for ending in ("", "-wal", "-shm"):
            Path(f"{half}{ending}").unlink(missing_ok=True)
    yield f"sqlite:///{half if fresh else path}", fresh
    if fresh:
        half.rename(path)


@contextmanager
def _postgresql(name: str) -> Iterator[tuple[str, bool]]:
    """A cluster of its own for each, so that one that was cut short is thrown away whole."""
    data = KEPT / f"{name}.pg"
    fresh = not (data / "whole").exists()
    if fresh:
        shutil.rmtree(data, ignore_errors=True)
    server = postgres.start(keep=data)
    try:
        if fresh:
            postgres.create(server, "bench")
        yield server.url("bench"), fresh
        (data / "whole").touch()
    finally:
        server.stop()


_SERVERS = {"sqlite": _sqlite, "postgresql": _postgresql}


# --- telling ---------------------------------------------------------------------------------------


def say(line: str) -> None:
    """A line for whoever waits."""
    print(line, flush=True)


def table(rows: Sequence[Row]) -> str:
    """The rows as people read them, missed bars marked."""
    lines = [
        f"{'' if row.met else 'MISSED ':7}{row.backend:11}{row.size:>9,} {row.name:28}{row.who:18}"
        f"p50 {row.p50:7.1f}  p95 {row.p95:7.1f}  cpu {row.cpu:6.1f}  bar {row.bar:6.0f} ms"
        + ("" if row.status == 200 else f"  status {row.status}")
        for row in rows
    ]
    return "\n".join(lines)


def keep(rows: Sequence[Row], path: Path) -> None:
    """The rows as JSON, with the machine and what ran on it."""
    told = {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, {platform.platform()}",
        "python": sys.version.split()[0],
        "sqlite": sqlite3.sqlite_version,
        "libraries": {name: version(name) for name in ("flask", "sqlalchemy", "psycopg")},
        "load_average": os.getloadavg(),
        "rows": [asdict(row) for row in rows],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
