"""Engines and sessions: readers that cannot write, writers that queue instead of losing updates."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import ConnectionPoolEntry

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The one declarative base; constraint names are the same on every database."""

    metadata = MetaData(naming_convention=NAMING)


class Database:
    """One database and the two ways to it.

    Args:
        url: an SQLAlchemy address, sqlite:/// or postgresql+psycopg://.
        seal: called with the writing session as the last thing before each commit (the audit's seal).
    """

    def __init__(self, url: str, seal: Callable[[Session], None] = lambda session: None) -> None:
        self.sqlite = make_url(url).get_backend_name() == "sqlite"
        self.engine = _engine(url, self.sqlite)
        self._reading = self.engine.execution_options(**_READ[self.sqlite])
        self._seal = seal

    def reader(self) -> Session:
        """A session on one snapshot, which the database itself keeps from writing. The caller closes it."""
        return Session(self._reading, expire_on_commit=False)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A reader for the length of a block."""
        with self.reader() as session:
            yield session

    @contextmanager
    def write(self, door: str) -> Iterator[Session]:
        """One write transaction: committed at the end of the block, undone by any exception.

        Args:
            door: where the change comes in (web, cli, job, demo), kept in the audit.
        """
        info = {"door": door, "transaction": uuid.uuid4().hex}
        with Session(self.engine, expire_on_commit=False, info=info) as session:
            yield session
            session.flush()
            self._seal(session)
            session.commit()

    def migrating(self) -> Engine:
        """The engine for migrations: on SQLite with foreign keys off, or a batch would empty child tables."""
        return self.engine.execution_options(crm_migrate=True)

    def dispose(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


_READ: dict[bool, dict[str, Any]] = {
    True: {"crm_read": True},
    False: {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True},
}


def _engine(url: str, sqlite: bool) -> Engine:
    if not sqlite:
        return create_engine(url, pool_size=10, pool_pre_ping=True)
    engine = create_engine(url, pool_size=10, connect_args={"timeout": 30})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


MAPPED = 2**30
"""So much of the file is read as memory that all processes share: half the time of scattered rows."""


def _prepare_sqlite(connection: Any, _: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # SQLAlchemy's begin event says BEGIN, not the driver
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "busy_timeout=30000",
        "synchronous=NORMAL",
        "recursive_triggers=ON",  # else INSERT OR REPLACE walks past the audit's triggers
        f"mmap_size={MAPPED}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    """Set both switches at every begin: they outlive a rollback and the way back to the pool."""
    options = connection.get_execution_options()
    reading = bool(options.get("crm_read"))
    keys = "OFF" if options.get("crm_migrate") else "ON"
    connection.exec_driver_sql(f"PRAGMA foreign_keys={keys}")
    connection.exec_driver_sql(f"PRAGMA query_only={'ON' if reading else 'OFF'}")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
