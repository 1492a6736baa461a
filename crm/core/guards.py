"""Triggers that refuse what no door of the house would do: the same guard on either database.

A batch migration on SQLite drops the triggers of the table it rebuilds: call `create` after one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection


@dataclass(frozen=True)
class Guard:
    """One refusal.

    Attributes:
        name: of the trigger, and on PostgreSQL of its function.
        event: INSERT, UPDATE, "UPDATE OF a, b" or DELETE; it is refused before it happens.
        when: an SQL condition on OLD and NEW that both databases read; sub-selects are allowed.
        says: the message, for whoever reads the log.
    """

    name: str
    table: str
    event: str
    says: str
    when: str = "1 = 1"


def create(connection: Connection, guards: Iterable[Guard]) -> None:
    """Create what is missing."""
    for guard in guards:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(
                f"CREATE TRIGGER IF NOT EXISTS {guard.name} BEFORE {guard.event} ON {guard.table} "
                f"WHEN {guard.when} BEGIN SELECT raise(abort, '{guard.says}'); END"
            )
            continue
        row = "OLD" if guard.event.startswith("DELETE") else "NEW"
        connection.exec_driver_sql(
            f"CREATE OR REPLACE FUNCTION {guard.name}() RETURNS trigger LANGUAGE plpgsql AS $$ "
            f"BEGIN IF {guard.when} THEN RAISE EXCEPTION '{guard.says}' "
            f"USING errcode = 'restrict_violation'; END IF; RETURN {row}; END $$"
        )
        connection.exec_driver_sql(
            f"CREATE OR REPLACE TRIGGER {guard.name} BEFORE {guard.event} ON {guard.table} "
            f"FOR EACH ROW EXECUTE FUNCTION {guard.name}()"
        )


def drop(connection: Connection, guards: Iterable[Guard]) -> None:
    """Drop them all, before their tables go."""
    for guard in guards:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {guard.name}")
        else:
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {guard.name} ON {guard.table}")
            connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS {guard.name}()")
