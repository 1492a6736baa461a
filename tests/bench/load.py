"""`make bench-load`: the production start under load, and with one of its web processes killed.

40 sessions against `crm run` (2 web processes of 4 threads, the scheduler beside them), on data built for
it: 7 of 10 requests read, 3 write; a person thinks 2 to 6 seconds between two acts. First 60 s, whose p95
has a bar; then 20 s in which a web process is killed. After each, everything that people were told is held
against the database: see `reckoning`. Times are the client's, who shares the machine.
"""

from __future__ import annotations

import argparse
import http.client
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from threading import Thread

from sqlalchemy import select

from config import HOUSE, Config
from crm.accounts.operations import SYSTEM
from crm.app import create_app
from crm.audit.operations import record, seal
from crm.catalog.models import Setting
from crm.cli.founding import MARK
from crm.core import clock
from crm.core.database import Database
from crm.leads.models import Lead
from crm.leads.operations.entry import enter
from crm.projects.models import Project
from tests import postgres
from tests.bench import money
from tests.bench.harness import BACKENDS, say
from tests.bench.reckoning import counted, reckon
from tests.bench.visitors import Answer, Desk, Floor, Told, Visitor
from tests.factories import deals
from tests.factories.city import City

PROJECTS = 500
LEADS_EACH = 60
KILLED_SECONDS = 20
START_SECONDS = 120
BACK_SECONDS = 30
BAR_MS = 500.0

OFFICES = {
    "kunqu_officer": "kunqu", "kunqu_colleague": "kunqu", "kunqu_second": "kunqu",
    "qingshan_officer": "qingshan", "kunqu_reviewer": "kunqu", "qingshan_reviewer": "qingshan",
    "city_manager": "", "leader": "",
}  # fmt: skip
SHARE = {
    "kunqu_officer": 6, "kunqu_colleague": 5, "kunqu_second": 5, "qingshan_officer": 6,
    "kunqu_reviewer": 6, "qingshan_reviewer": 4, "city_manager": 6, "leader": 2,
}  # fmt: skip
"""Sessions of each person, of 40."""


def main() -> int:
    """Both databases, or the one that is asked for."""
    parser = argparse.ArgumentParser(prog="make bench-load ARGS=…")
    parser.add_argument("--backend", choices=BACKENDS, action="append")
    parser.add_argument("--seconds", type=int, default=60)
    asked = parser.parse_args()
    good = [_measure(backend, asked.seconds) for backend in asked.backend or BACKENDS]
    return 0 if all(good) else 1


def _measure(backend: str, seconds: int) -> bool:
    """Both spells on one database; whether every bar was met."""
    with _house() as folder, _DATABASES[backend](folder) as url:
        say(f"building {PROJECTS:,} projects on {backend} ...")
        database = Database(url, seal)
        try:
            config = _fill(database, folder)
            desks = _desks(database, config)
            with _running(config) as run:
                quiet = _under_load(desks, config.port, seconds, None)
                wrong = _reckoned(database, quiet.told)
                killed = _under_load(desks, config.port, KILLED_SECONDS, run)
            wrong += _reckoned(database, [*quiet.told, *killed.told])
        finally:
            database.dispose()
    _say(backend, f"{seconds} s", quiet)
    _say(backend, "one killed", killed)
    wrong += _faults(quiet) + _faults(killed)
    wrong += [] if quiet.p95 <= BAR_MS else [f"p95 {quiet.p95:.0f} ms, bar {BAR_MS:.0f}"]
    for one in wrong[:20]:
        say(f"  WRONG: {one}")
    say(f"{backend}: {'missed' if wrong else 'all well'}; load average {os.getloadavg()[0]:.1f}")
    return not wrong


def _reckoned(database: Database, told: Sequence[Told]) -> list[str]:
    with database.read() as session:
        sums, rows, said = counted(session)
        say(f"counted by sums {sums:,} fen, by rows {rows:,}, by decisions {said:,}")
        return reckon(session, told)


# --- the house ---------------------------------------------------------------------------------------


@contextmanager
def _house() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="crm-load-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _sqlite(folder: Path) -> Iterator[str]:
    yield f"sqlite:///{folder / 'crm.db'}"


@contextmanager
def _postgresql(_folder: Path) -> Iterator[str]:
    server = postgres.start()
    try:
        postgres.create(server, "load")
        yield server.url("load")
    finally:
        server.stop()


_DATABASES = {"sqlite": _sqlite, "postgresql": _postgresql}


def _fill(database: Database, folder: Path) -> Config:
    """Projects with their money, leads to move; and the mark of a house that was founded."""
    money.fill(database, PROJECTS)
    city, now = City(database), clock.now()
    with database.write("bench") as session:
        mark = Setting(key=MARK, value={"with": "plan", "at": now.isoformat()})
        record(session, SYSTEM, "house.founded", mark, now=now)
        for who in OFFICES:
            if who.endswith(("_officer", "_colleague", "_second")):
                actor = city.actor(who)
                for number in range(LEADS_EACH):
                    enter(session, actor, deals.draft(title=f"量测线索{who}{number}"), now=now)
    url = database.engine.url.render_as_string(hide_password=False)
    return Config(secrets.token_hex(32), folder, url, port=_free_port(), demo=False)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _desks(database: Database, config: Config) -> list[Desk]:
    """Forty sessions, each signed in by itself; the leads of a person are shared out once."""
    city, app = City(database), create_app(config, database)
    leads = {who: deque(_leads_of(city, who)) for who in SHARE}
    desks = []
    for who, sessions in SHARE.items():
        with database.read() as session:
            owned = select(Project.id).where(Project.owner_id == city.person_id(who))
            projects = list(session.scalars(owned.order_by(Project.id)))
        for _ in range(sessions):
            client = app.test_client()
            city.sign_in(client, who)
            name = app.config["SESSION_COOKIE_NAME"]
            cookie = client.get_cookie(name)
            if cookie is None:
                raise LookupError(f"signing in set no cookie {name}")
            desk = Desk(who, OFFICES[who], f"{name}={cookie.value}", projects, leads[who])
            desks.append(desk)
    return desks


def _leads_of(city: City, who: str) -> list[int]:
    with city.database.read() as session:
        return list(session.scalars(select(Lead.id).where(Lead.owner_id == city.person_id(who))))


@contextmanager
def _running(config: Config) -> Iterator[int]:
    """`crm run`, as an operator starts it; its process."""
    environment = os.environ | {
        "PYTHONPATH": str(HOUSE), "CRM_DATA_DIR": str(config.data_dir), "CRM_DEMO": "0",
        "CRM_DATABASE_URL": config.database_url, "CRM_SECRET_KEY": config.secret_key,
        "HOST": "127.0.0.1", "PORT": str(config.port),
    }  # fmt: skip
    log = config.data_dir / "server.log"
    with log.open("wb") as told:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "crm", "run"], env=environment, stdout=told, stderr=told
        )
    try:
        if not _wait(lambda: _answers(config.port), START_SECONDS):
            raise RuntimeError(f"crm run did not start: {log.read_text()[-2000:]}")
        yield process.pid
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/sign-in")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _wait(done: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.2)
    return True


def _children(parent: int) -> dict[int, str]:
    """The processes that a process started, and their command lines."""
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with suppress(OSError):
                if int((entry / "stat").read_text().rpartition(")")[2].split()[1]) == parent:
                    words = (entry / "cmdline").read_bytes().replace(b"\0", b" ")
                    found[int(entry.name)] = words.decode()
    return found


def _workers(run: int) -> set[int]:
    """The web processes of a `crm run`: children of its gunicorn."""
    masters = [number for number, words in _children(run).items() if "gunicorn" in words]
    return {worker for master in masters for worker in _children(master)}


# --- the load ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Load:
    """What came of one spell of it; back: whether a killed process was replaced, None if none was."""

    answers: list[Answer]
    told: list[Told]
    killed_at: float | None
    back: bool | None

    @property
    def p95(self) -> float:
        """Of all requests, in ms."""
        return quantiles([one.took for one in self.answers], n=20)[18]


def _under_load(desks: Sequence[Desk], port: int, seconds: int, kill_in: int | None) -> Load:
    today = clock.day_of(clock.now())
    floor = Floor(today, {"kunqu": deque(), "qingshan": deque()})
    visitors = [Visitor(desk, port, floor, seed) for seed, desk in enumerate(desks)]
    threads = [Thread(target=visitor.run) for visitor in visitors]
    for thread in threads:
        thread.start()
    killed_at = back = None
    if kill_in is None:
        time.sleep(seconds)
    else:
        time.sleep(seconds / 2)
        killed_at, back = _kill_one(kill_in)
        time.sleep(seconds / 2)
    floor.over.set()
    for thread in threads:
        thread.join()
    answers = [one for visitor in visitors for one in visitor.answers]
    return Load(answers, [one for visitor in visitors for one in visitor.told], killed_at, back)


def _kill_one(run: int) -> tuple[float, bool]:
    """End a web process without a warning; when, and whether another took its place."""
    before = _workers(run)
    victim, at = min(before), time.perf_counter()
    os.kill(victim, signal.SIGKILL)
    back = _wait(
        lambda: victim not in (now := _workers(run)) and len(now) >= len(before), BACK_SECONDS
    )
    return at, back


# --- telling -----------------------------------------------------------------------------------------


def _faults(load: Load) -> list[str]:
    """What is wrong with the answers themselves: 5xx, and cuts that no kill explains."""
    found = [
        f"{one.status} {one.method} {one.address}" for one in load.answers if one.status >= 500
    ]
    killed = load.killed_at
    for one in load.answers:
        explained = (
            killed is not None and one.at >= killed and one.at - one.took / 1000 <= killed + 1
        )
        if one.status == 0 and not explained:
            found.append(f"cut off: {one.method} {one.address}")
    return found + (["no process took the killed one's place"] if load.back is False else [])


def _say(backend: str, name: str, load: Load) -> None:
    writes = sum(one.method == "POST" for one in load.answers)
    times = sorted(one.took for one in load.answers)
    kinds = Counter((one.kind, one.answered) for one in load.told)
    told = ", ".join(
        f"{kind} {kinds[kind, True]} done {kinds[kind, False]} refused {kinds[kind, None]} cut"
        for kind in sorted({kind for kind, _ in kinds})
    )
    say(
        f"{backend:11}{name:16}{len(times):6} requests, {100 * writes / len(times):.0f} % writes, "
        f"p50 {times[len(times) // 2]:.0f} ms, p95 {load.p95:.0f} ms, max {times[-1]:.0f} ms; {told}"
    )


if __name__ == "__main__":
    sys.exit(main())
