"""Background runs done at once, in the test's own process, as the scheduler would in another."""

from __future__ import annotations

from config import Config
from crm.core import clock, runs
from crm.core.database import Database
from crm.core.running import perform
from crm.core.runs import BackgroundRun
from crm.scheduler import KINDS


def do_all(database: Database, config: Config) -> list[BackgroundRun]:
    """Everything that waits; the rows as they ended."""
    ended = []
    while True:
        with database.write("test") as session:
            claim = runs.claim(session, clock.now())
        if claim is None:
            return ended
        perform(database, config, KINDS[claim.kind], claim)
        with database.read() as session:
            ended.append(runs.get(session, claim.id))
