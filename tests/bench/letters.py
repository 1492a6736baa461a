"""The letters of a Monday for 1,000 people: composed, put out, sent to a server on this machine.

The work is done in a process of its own, as the scheduler's is, so that its peak of memory is its own. The
mail server runs in the other one. Every time all letters are written anew.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from sqlalchemy import delete, event, func, select, update

from config import HOUSE, Config
from crm.accounts.models import Person, Unit
from crm.accounts.rules import Role, UnitKind
from crm.audit.operations import seal
from crm.catalog.queries import work_calendar
from crm.core import clock
from crm.core.database import Database
from crm.core.mail import MailServer, Security
from crm.leads.models import Lead
from crm.notices.jobs import send_letters
from crm.notices.models import JobRun, Letter
from crm.notices.rules import LetterState
from crm.reminders.jobs import write_letters
from crm.reminders.letters.composing import composed, look
from crm.reminders.models import LetterLine
from crm.reminders.rules.schedule import letter_day
from crm.values.period import IsoWeek
from tests.bench import harness, leads
from tests.bench.harness import Row, Suite
from tests.notices.smtp import mail_server

PEOPLE, LEADS_EACH = 1_000, 10
COMPOSE_MS, SEND_MS = 60_000.0, 60_000.0
QUERIES, MEGABYTES = 40, 512
"""The bars: queries of a run, and its process's peak."""


def fill(database: Database, size: int) -> None:
    """The large city with `size` officers and managers who have an address, and ten leads each."""
    leads.fill(database, size * LEADS_EACH)
    with database.write("bench") as session:
        have = session.scalar(select(func.count()).select_from(Person)) or 0
        teams = session.scalars(select(Unit).where(Unit.kind == UnitKind.TEAM)).all()
        for number, unit in enumerate(islice(cycle(teams), max(0, size - have))):
            session.add(
                Person(
                    username=f"bench{number}",
                    name=f"专员{number}",
                    role=Role.MANAGER if number % 20 == 0 else Role.OFFICER,
                    unit_id=unit.id,
                    created_at=clock.now(),
                )
            )
        session.flush()
        session.execute(update(Person).values(email=Person.username + "@bureau.example"))
        officers = session.execute(
            select(Person.id, Person.unit_id).where(Person.role == Role.OFFICER)
        ).all()
        for number, (person, unit_id) in enumerate(officers):
            session.execute(
                update(Lead)
                .where(Lead.id % len(officers) == number)
                .values(owner_id=person, unit_id=unit_id)
            )


SUITE = Suite("letters", PEOPLE, 1, fill, lambda city: ())


def run(backend: str, size: int) -> list[Row]:
    """Write and send them all once; a row each for composing, putting out, sending, memory and queries."""
    with harness.filled(SUITE, backend, size) as database, mail_server() as (server, box):
        with database.write("bench") as session:
            for table in (LetterLine, Letter, JobRun):
                session.execute(delete(table))
        url = database.engine.url.render_as_string(hide_password=False)
        answer = subprocess.run(
            [sys.executable, "-m", "tests.bench.letters", url, str(server.port)],
            cwd=HOUSE,
            stdout=subprocess.PIPE,
            check=True,
            text=True,
        )
        told: dict[str, Any] = json.loads(answer.stdout.splitlines()[-1])
        whole = told["sent"] == len(box.arrived) == len({to for to, _ in box.arrived})

    def row(name: str, value: float, bar: float) -> Row:
        met = whole and value <= bar
        return Row("letters", backend, size, name, "scheduler", bar, value, value, value, 200, met)

    harness.say(
        f"{told['letters']} letters, {told['sent']} sent; composed with {told['queries']} queries "
        f"(bar {QUERIES}); peak {told['megabytes']} MB (bar {MEGABYTES}), {told['before']} MB before"
    )
    within = told["queries"] <= QUERIES and told["megabytes"] <= MEGABYTES
    composing = row("composing", told["composing"], COMPOSE_MS)
    return [
        replace(composing, met=composing.met and within),
        row("composing and putting out", told["writing"], 2 * COMPOSE_MS),
        row("sending", told["sending"], SEND_MS),
    ]


def _work(url: str, port: int) -> dict[str, Any]:
    """One run as the scheduler makes it; times in ms."""
    database = Database(url, seal)
    server = MailServer("127.0.0.1", port, Security.NONE)
    config = Config(
        "only for measuring " * 3,
        harness.KEPT,
        url,
        demo=False,
        mail_server=server,
        mail_sender="crm@bureau.example",
    )
    app, now, before = harness.application(database), _morning(database), _megabytes()
    said: list[str] = []
    event.listen(
        database.engine, "before_cursor_execute", lambda conn, cur, sql, *rest: said.append(sql)
    )
    with app.app_context():
        begun = time.perf_counter()
        with database.read() as session:
            letters = sum(1 for _ in composed(look(session, now), config.base_url))
        composing, queries = _ms(begun), sum(sql.startswith("SELECT") for sql in said)
        begun = time.perf_counter()
        write_letters(database, config, now)
        writing = _ms(begun)
        begun = time.perf_counter()
        send_letters(database, config, clock.now())
        sending = _ms(begun)
    with database.read() as session:
        sent = session.scalar(
            select(func.count()).select_from(Letter).where(Letter.state == LetterState.SENT)
        )
    return {
        "letters": letters,
        "queries": queries,
        "composing": composing,
        "writing": writing,
        "sending": sending,
        "sent": sent,
        "before": before,
        "megabytes": _megabytes(),
    }


def _morning(database: Database) -> datetime:
    """Nine o'clock of the latest letter day that is not to come."""
    now = clock.now()
    with database.read() as session:
        calendar = work_calendar(session)
    for weeks in range(4):
        first = letter_day(calendar, IsoWeek.of((now - timedelta(weeks=weeks)).date()))
        if first is not None:
            at = datetime.combine(first, datetime.min.time(), clock.SHANGHAI) + timedelta(hours=9)
            if at <= now:
                return at
    raise LookupError("no letter day within four weeks")


def _ms(begun: float) -> float:
    return round((time.perf_counter() - begun) * 1000, 1)


def _megabytes() -> int:
    """The most that this process ever took; Linux counts `ru_maxrss` on from the parent's."""
    status = Path("/proc/self/status")
    if status.exists():
        return next(
            int(line.split()[1]) // 1024
            for line in status.read_text(encoding="ascii").splitlines()
            if line.startswith("VmHWM:")
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // (1024 * 1024 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    print(json.dumps(_work(sys.argv[1], int(sys.argv[2]))))
