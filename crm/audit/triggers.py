"""The triggers that make audit entries and seals append-only, and the list a house test checks.

A batch migration on SQLite drops the triggers of the table it rebuilds: call `create_triggers` after one.
"""

from __future__ import annotations

from sqlalchemy import Connection

APPEND_ONLY = ("audit_entry", "audit_seal")


def create_triggers(connection: Connection) -> None:
    """Create what is missing, on either database."""
    create = _create_sqlite if connection.dialect.name == "sqlite" else _create_postgresql
    create(connection)


def drop_triggers(connection: Connection) -> None:
    """Drop them all, before the tables go."""
    for table in APPEND_ONLY:
        if connection.dialect.name == "sqlite":
            for verb in ("update", "delete"):
                connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {table}_no_{verb}")
        else:
            for name in ("rows", "truncate"):
                connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {table}_no_{name} ON {table}")
    if connection.dialect.name != "sqlite":
        connection.exec_driver_sql("DROP FUNCTION IF EXISTS audit_is_append_only()")


def _create_sqlite(connection: Connection) -> None:
    for table in APPEND_ONLY:
        for verb in ("update", "delete"):
            connection.exec_driver_sql(
                f"CREATE TRIGGER IF NOT EXISTS {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
                "BEGIN SELECT raise(abort, 'the audit is append-only'); END"
            )


def _create_postgresql(connection: Connection) -> None:
    connection.exec_driver_sql(
        "CREATE OR REPLACE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RAISE EXCEPTION 'the audit is append-only' USING errcode = 'restrict_violation'; END $$"
    )
    for table in APPEND_ONLY:
        connection.exec_driver_sql(
            f"CREATE OR REPLACE TRIGGER {table}_no_rows BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION audit_is_append_only()"
        )
        connection.exec_driver_sql(
            f"CREATE OR REPLACE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()"
        )
