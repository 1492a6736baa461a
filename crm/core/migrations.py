"""Bringing a database to a revision: the whole way in one transaction, or not at all."""

from __future__ import annotations

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection

from config import HOUSE
from crm.core.database import Database


def alembic_config(connection: Connection | None = None) -> AlembicConfig:
    """Alembic's configuration, in code: there is no alembic.ini to forget."""
    settings = AlembicConfig()
    settings.set_main_option("script_location", str(HOUSE / "migrations"))
    settings.attributes["connection"] = connection
    return settings


def upgrade(database: Database, revision: str = "head") -> None:
    """Migrate up; afterwards let the database look at its statistics anew."""
    with database.migrating().begin() as connection:
        bring(connection, revision)
    analyze(database)


class UnknownRevision(Exception):
    """The database or a backup is at a revision that this program does not have: it is newer."""


def bring(connection: Connection, revision: str = "head") -> None:
    """Migrate up within the caller's transaction (of the migrating engine).

    Raises:
        UnknownRevision: the revision asked for, or the one the database is at, is not ours.
    """
    try:
        command.upgrade(alembic_config(connection), revision)
    except CommandError as error:
        raise UnknownRevision(str(error)) from error


def downgrade(database: Database, revision: str) -> None:
    """Migrate down."""
    with database.migrating().begin() as connection:
        command.downgrade(alembic_config(connection), revision)


def current(database: Database) -> str | None:
    """The database's revision; None when it is empty."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head() -> str | None:
    """The revision of the code."""
    return ScriptDirectory.from_config(alembic_config()).get_current_head()


def analyze(database: Database) -> None:
    """Statistics for the planner: after migrations, imports, the demo, and nightly."""
    with database.engine.begin() as connection:
        connection.exec_driver_sql("ANALYZE")
