"""`crm migrate`, `crm backup`, `crm restore`."""

from __future__ import annotations

import re
from pathlib import Path

import click

from crm.cli import draft, house
from crm.cli.house import Refusal
from crm.core import backup as backups
from crm.core import clock
from crm.core import restore as restores
from crm.core.archive import Unreadable


@click.command()
@click.option(
    "--new",
    metavar="NAME",
    help="Write a draft of a new migration from the models, named <verb>_<noun>; migrate nothing.",
)
def migrate(new: str | None) -> None:
    """Bring the database up to this version of the program.

    `crm run` does it by itself. The whole way is one transaction: it arrives, or nothing changed.
    """
    if new is not None:
        _draft(new)
        return
    config = house.settle_in()
    with house.database_of(config) as database:
        done = house.migrate(database)
    click.echo("The database is up to date." if not done else "The database was migrated.")


def _draft(name: str) -> None:
    if not re.fullmatch(r"[a-z]+(_[a-z0-9]+)+", name):
        raise Refusal("A migration is named <verb>_<noun>, as in add_lead_budget.")
    path = draft.write(name)
    if path is None:
        raise Refusal("Models and migrations agree: there is nothing to write.")
    click.echo(f"Read and mend {path}; then `make format` and the tests of the migrations.")


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Write database and attachments into FILE (a zip), while the system runs.

    One moment is kept: rows come from one snapshot. The archive can be restored into SQLite and
    PostgreSQL alike. The key of the cookies (var/secret-key) is not in it.
    """
    config = house.settle_in()
    with house.current_database(config) as database:
        try:
            report = backups.write(database, config.files_dir, file, clock.now())
        except FileExistsError:
            raise Refusal(f"{file} is there already; a backup never writes over another.") from None
        except OSError as error:
            raise Refusal(f"{file} cannot be written: {error.strerror}.") from None
    click.echo(_sentence(f"Backed up to {file}", report))
    if report.damaged:
        raise Refusal(
            f"{len(report.damaged)} contents in the store are damaged and were left out: "
            + ", ".join(report.damaged[:5])
        )


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(file: Path) -> None:
    """Put a backup FILE into an empty system: a new CRM_DATA_DIR, or an empty CRM_DATABASE_URL.

    All sums are checked before anything is written, and rows come in one transaction. An older
    backup is brought up to this version of the program.
    """
    config = house.settle_in()
    with house.folder_to_oneself(config), house.database_of(config) as database:
        try:
            report = restores.read(database, config.files_dir, file)
        except restores.NotEmpty:
            raise Refusal(
                "The target is not empty: restore into a new CRM_DATA_DIR or an empty "
                "CRM_DATABASE_URL. Nothing was changed."
            ) from None
        except Unreadable as error:
            raise Refusal(f"{file} cannot be restored: {error}. Nothing was changed.") from None
    click.echo(_sentence(f"Restored from {file}", report))


def _sentence(what: str, report: backups.Report) -> str:
    return (
        f"{what}: {report.tables} tables, {report.rows:,} rows, {report.contents:,} attachments, "
        f"{report.size / 1024 / 1024:,.1f} MB."
    )
