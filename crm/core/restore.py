"""`crm restore`: an archive into an empty system, whole or not at all."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, column, func, insert, inspect, select, text
from sqlalchemy import table as plain_table
from sqlalchemy.engine.reflection import Inspector

from crm.core import archive, migrations, store
from crm.core.archive import Unreadable
from crm.core.backup import CHUNK, ROWS, Report, copy
from crm.core.database import Database

KEYS = """
SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid)
FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace
"""


class NotEmpty(Exception):
    """There is something in the target already."""


def read(database: Database, files: Path, source: Path) -> Report:
    """Check every sum of the archive, put the contents into the store, then the rows in one transaction.

    The database is brought to the archive's revision, filled, and brought up to this program's.

    Raises:
        NotEmpty: the target database has tables; nothing was written.
        Unreadable: the archive is damaged or not ours; nothing was written.
    """
    try:
        with zipfile.ZipFile(source) as archived:
            manifest = _checked(archived)
            _refuse_unless_empty(database)
            report = Report(size=source.stat().st_size)
            for name in _contents(archived):
                with archived.open(name) as member:
                    store.keep(files, member, archived.getinfo(name).file_size)
                report.contents += 1
            with database.migrating().begin() as connection:
                _restore(connection, archived, manifest, report)
    except (zipfile.BadZipFile, EOFError, NotImplementedError) as error:
        raise Unreadable(str(error)) from error
    migrations.analyze(database)
    return report


def _refuse_unless_empty(database: Database) -> None:
    with database.read() as session:
        if inspect(session.connection()).get_table_names():
            raise NotEmpty


# --- looking at the archive before anything is written -----------------------------------------


def _checked(archived: zipfile.ZipFile) -> dict[str, Any]:
    """The manifest of an archive whose every member is there, once, and has its sum."""
    names = archived.namelist()
    if archive.MANIFEST not in names:
        raise Unreadable("it has no manifest: cut short, or not made by `crm backup`")
    try:
        manifest = json.loads(archived.read(archive.MANIFEST))
        if manifest["format"] != archive.FORMAT:
            raise Unreadable(
                f"its format is {manifest['format']}, this program reads {archive.FORMAT}"
            )
        members = {archive.member_of(name): entry for name, entry in manifest["tables"].items()}
        expected = manifest["contents"]["count"], manifest["contents"]["sha256"]
        strange = [
            name for name in names if name not in members and not archive.CONTENT.match(name)
        ]
        if strange != [archive.MANIFEST] or len(names) != len(set(names)):
            raise Unreadable(f"it holds what no backup holds: {strange}")
        for member, entry in members.items():
            if member not in names or (entry["rows"], entry["sha256"]) != _table_sum(
                archived, member
            ):
                raise Unreadable(f"{member} is missing or not as it was written")
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise Unreadable(f"its manifest cannot be read ({error})") from error
    if expected != _contents_sum(archived):
        raise Unreadable("contents of attachments are missing")
    return dict(manifest)


def _table_sum(archived: zipfile.ZipFile, name: str) -> tuple[int, str]:
    rows, digest = 0, hashlib.sha256()
    with archived.open(name) as member:
        while piece := member.read(CHUNK):
            rows += piece.count(b"\n")
            digest.update(piece)
    return rows, digest.hexdigest()


def _contents(archived: zipfile.ZipFile) -> list[str]:
    return sorted(name for name in archived.namelist() if archive.CONTENT.match(name))


def _contents_sum(archived: zipfile.ZipFile) -> tuple[int, str]:
    names, sums = _contents(archived), hashlib.sha256()
    for name in names:
        own = name.removeprefix("files/")
        sums.update(own.encode())
        digest = hashlib.sha256()
        with archived.open(name) as member:
            copy(member.read, digest.update)
        if digest.hexdigest() != own:
            raise Unreadable(f"{name} is not as it was written")
    return len(names), sums.hexdigest()


# --- writing, in one transaction ---------------------------------------------------------------


def _restore(
    connection: Connection, archived: zipfile.ZipFile, manifest: dict[str, Any], report: Report
) -> None:
    try:
        migrations.bring(connection, manifest["revision"])
    except migrations.UnknownRevision:
        raise Unreadable("it was made by a newer program; update this one first") from None
    look = inspect(connection)
    keys = _drop_foreign_keys(connection)
    for name, entry in manifest["tables"].items():
        kinds: dict[str, str] = entry["columns"]
        _check_columns(look, name, kinds)
        target = plain_table(
            name, *(column(one, archive.TYPES[kind]) for one, kind in kinds.items())
        )
        if connection.scalar(select(func.count()).select_from(target)):
            connection.execute(target.delete())  # rows that a migration itself had put there
        for batch in _rows(archived, name, kinds):
            connection.execute(insert(target), batch)
            report.rows += len(batch)
        report.tables += 1
    _add_foreign_keys(connection, keys)
    _reset_sequences(connection, look, manifest)
    migrations.bring(connection, "head")


def _check_columns(look: Inspector, table: str, kinds: dict[str, str]) -> None:
    """The manifest's words become SQL: only those that are the schema's own do."""
    if not look.has_table(table):
        raise Unreadable(f"no table is called {table}")
    if {one["name"] for one in look.get_columns(table)} != set(kinds):
        raise Unreadable(f"{table} has other columns than its revision")
    if unknown := set(kinds.values()) - set(archive.TYPES):
        raise Unreadable(f"{table} has values of an unknown kind {unknown}")


def _rows(
    archived: zipfile.ZipFile, table: str, kinds: dict[str, str]
) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    with archived.open(archive.member_of(table)) as member:
        for line in member:
            values = zip(kinds.items(), json.loads(line), strict=True)
            batch.append({name: archive.unpack(kind, value) for (name, kind), value in values})
            if len(batch) == ROWS:
                yield batch
                batch = []
    if batch:
        yield batch


def _drop_foreign_keys(connection: Connection) -> list[tuple[str, str, str]]:
    """On PostgreSQL keys go while rows come in any order, and come back checked; on SQLite they are off."""
    if connection.dialect.name == "sqlite":
        return []
    keys = [(row[0], row[1], row[2]) for row in connection.execute(text(KEYS))]
    for table, name, _ in keys:
        connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    return keys


def _add_foreign_keys(connection: Connection, keys: list[tuple[str, str, str]]) -> None:
    for table, name, definition in keys:
        connection.exec_driver_sql(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if broken is not None:
            raise Unreadable(f"a row of {broken[0]} points at nothing")


def _reset_sequences(connection: Connection, look: Inspector, manifest: dict[str, Any]) -> None:
    """On PostgreSQL the next new row goes on after the last restored one."""
    if connection.dialect.name == "sqlite":
        return
    for name in manifest["tables"]:
        for one in look.get_columns(name):
            if not one.get("autoincrement"):
                continue
            source = plain_table(name, column(one["name"], archive.TYPES["whole"]))
            last = connection.scalar(select(func.max(source.c[one["name"]])))
            connection.execute(
                text("SELECT setval(pg_get_serial_sequence(:table, :column), :value, :used)"),
                {
                    "table": name,
                    "column": one["name"],
                    "value": last or 1,
                    "used": last is not None,
                },
            )
