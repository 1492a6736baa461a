"""Housekeeping of the plumbing, run by the scheduler."""

from __future__ import annotations

from datetime import datetime, timedelta

from config import Config
from crm.core import migrations, once
from crm.core.database import Database

FORMS_STAY_OPEN = timedelta(days=30)
"""No form is posted twice after this long."""


def forget_form_keys(database: Database, config: Config, now: datetime) -> None:
    """Drop the one-time keys of forms that nobody can still have open."""
    with database.write("job") as session:
        once.forget(session, now - FORMS_STAY_OPEN)


def look_at_statistics(database: Database, config: Config, now: datetime) -> None:
    """Let the planner know how the tables have grown."""
    migrations.analyze(database)
    if database.sqlite:
        with database.engine.begin() as connection:
            connection.exec_driver_sql("PRAGMA optimize")
