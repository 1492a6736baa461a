"""Housekeeping of the plumbing, run by the scheduler."""

from __future__ import annotations

from datetime import datetime, timedelta

from config import Config
from crm.core import drafts, migrations, once, runs
from crm.core.database import Database

FORMS_STAY_OPEN = timedelta(days=30)
"""No form is posted twice after this long."""

RUNS_KEPT = timedelta(days=90)
"""How long one can look back at what was done in the background."""


def forget_form_keys(database: Database, config: Config, now: datetime) -> None:
    """Drop the one-time keys and the drafts of forms that nobody can still have open."""
    with database.write("job") as session:
        once.forget(session, now - FORMS_STAY_OPEN)
        drafts.forget(session, now - FORMS_STAY_OPEN)


def forget_runs(database: Database, config: Config, now: datetime) -> None:
    """Drop background runs that were over long ago; what they did stays."""
    with database.write("job") as session:
        runs.forget(session, now - RUNS_KEPT)


def look_at_statistics(database: Database, config: Config, now: datetime) -> None:
    """Let the planner know how the tables have grown."""
    migrations.analyze(database)
    if database.sqlite:
        with database.engine.begin() as connection:
            connection.exec_driver_sql("PRAGMA optimize")
