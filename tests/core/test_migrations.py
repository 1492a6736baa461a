"""Migrations go up and down on both databases and say what the models say."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

import crm.app
import crm.scheduler  # noqa: F401  (with the application, every model there is)
from crm.audit.triggers import APPEND_ONLY
from crm.core import migrations
from crm.core.database import Base, Database
from crm.counting.triggers import GUARDS as OF_COUNTING
from crm.goals.triggers import GUARDS as OF_GOALS
from crm.ledger.triggers import GUARDS as OF_LEDGER


def test_the_migrated_database_is_what_the_models_say(empty_database: Database) -> None:
    with empty_database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_every_migration_can_be_taken_back_and_made_again(empty_database: Database) -> None:
    migrations.downgrade(empty_database, "base")
    with empty_database.engine.connect() as connection:
        assert set(inspect(connection).get_table_names()) <= {"alembic_version"}
    migrations.upgrade(empty_database)
    assert migrations.current(empty_database) == migrations.head()


def test_the_triggers_that_guard_the_audit_are_all_there(empty_database: Database) -> None:
    assert _triggers(empty_database) == _expected(empty_database.sqlite)


def test_they_are_there_again_after_a_way_down_and_up(empty_database: Database) -> None:
    migrations.downgrade(empty_database, "base")
    assert _triggers(empty_database) == set()
    migrations.upgrade(empty_database)
    assert _triggers(empty_database) == _expected(empty_database.sqlite)


def _triggers(database: Database) -> set[str]:
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if database.sqlite
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    with database.engine.connect() as connection:
        return set(connection.execute(text(query)).scalars())


def _expected(sqlite: bool) -> set[str]:
    verbs = ("update", "delete") if sqlite else ("rows", "truncate")
    append_only = {f"{table}_no_{verb}" for table in APPEND_ONLY for verb in verbs}
    return append_only | {guard.name for guard in (*OF_COUNTING, *OF_GOALS, *OF_LEDGER)}
