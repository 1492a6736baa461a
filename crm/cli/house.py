"""What every command starts from: the settings, the data folder, the database; and how it says no."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy import inspect

from config import Config, data_dir, from_environment
from crm.audit.operations import seal
from crm.core import folder, migrations
from crm.core.database import Database


class Refusal(click.ClickException):
    """What goes wrong in a command is said in one line."""

    def show(self, file: object = None) -> None:
        """Print the line."""
        click.secho(self.format_message(), fg="red", err=True)


def settle_in() -> Config:
    """The settings; the data folder and its secret are made where they are missing."""
    folder.prepare(data_dir(os.environ))
    return from_environment()


@contextmanager
def database_of(config: Config) -> Iterator[Database]:
    """The database as the application uses it: what a command writes is sealed too."""
    database = Database(config.database_url, seal)
    try:
        yield database
    finally:
        database.dispose()


@contextmanager
def current_database(config: Config) -> Iterator[Database]:
    """The same, once it is sure to be at this program's revision."""
    with database_of(config) as database:
        revision = migrations.current(database)
        if revision is None:
            raise Refusal("There is no system here yet: `crm run` or `crm init` makes one.")
        if revision != migrations.head():
            raise Refusal(
                "The database is at another version than this program: run `crm migrate`."
            )
        yield database


@contextmanager
def folder_to_oneself(config: Config) -> Iterator[int]:
    """Keep a second server, or a restore, away from the data folder."""
    try:
        with folder.occupied(config.data_dir) as lock:
            yield lock
    except folder.Occupied as other:
        raise Refusal(
            f"A server is running on {config.data_dir} already (process {other}); stop it first."
        ) from None


def migrate(database: Database) -> bool:
    """Bring the database up to this program's revision; whether there was anything to do."""
    if migrations.current(database) == migrations.head():
        return False
    try:
        migrations.upgrade(database)
    except migrations.UnknownRevision:
        raise Refusal(
            "The database was made by a newer version of this program: use that one."
        ) from None
    return True


def is_blank(database: Database) -> bool:
    """Whether the database has no table at all."""
    with database.read() as session:
        return not inspect(session.connection()).get_table_names()
