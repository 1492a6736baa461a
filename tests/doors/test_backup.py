"""`crm backup` and `crm restore`: everything comes back, on both databases and across, or nothing does."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

from crm.accounts.models import Unit
from crm.accounts.rules import UnitKind
from crm.audit import queries as audit_queries
from crm.catalog.models import Setting
from crm.core import backup, clock, migrations, restore, store
from crm.core.archive import Unreadable
from crm.core.database import Base, Database
from crm.core.numbers import next_number
from crm.files.models import Attachment
from tests import postgres
from tests.conftest import BACKENDS, Clones, opened
from tests.factories.city import City

NOW = clock.now()


@pytest.fixture(params=BACKENDS)
def target(request: pytest.FixtureRequest, clones: Clones, tmp_path: Path) -> Iterator[Database]:
    """A database without a table, on either backend whatever the source is."""
    if request.param == "sqlite":
        with opened(f"sqlite:///{tmp_path / 'target.db'}") as database:
            yield database
        return
    server = postgres.of_run(request.config)
    name = f"target_{tmp_path.parent.name}_{tmp_path.name}"[-60:].replace("-", "_").lower()
    postgres.create(server, name)
    with opened(server.url(name)) as database:
        yield database
    postgres.drop(server, name)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    return tmp_path / "files"


@pytest.fixture
def full(database: Database, city: City, files: Path) -> Database:
    """The city, with an attachment, odd texts, a unit below a younger one, and rows of every kind."""
    stored = store.keep(files, io.BytesIO("一张签字页 𠮷".encode()), 1000)
    with city.write() as session:
        session.add(
            Attachment(
                subject_kind="lead",
                subject_id=1,
                sha256=stored.sha256,
                name="签字页 \u202e𠮷\n'\"\\.txt",
                size=stored.size,
                media_type="text/plain",
                uploaded_by=city.person_id("kunqu_officer"),
                uploaded_at=NOW,
            )
        )
        young = Unit(name="后设的局", kind=UnitKind.DISTRICT, path="/later/")
        session.add(young)
        session.flush()
        session.get_one(Unit, city.unit_id("昆区一科")).parent_id = young.id
        session.add(Setting(key="odd", value={"深": [1, None, {"x": 2**60}], "": "\t"}))
        next_number(session, "XS", 2025)
    return database


def rows_of(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Every table's rows as Python has them, in the order of their keys."""
    with database.read() as session:
        return {
            table.name: [
                tuple(row) for row in session.execute(select(table).order_by(*table.primary_key))
            ]
            for table in Base.metadata.sorted_tables
        }


def test_every_table_and_content_comes_back_on_either_database(
    full: Database, target: Database, files: Path, tmp_path: Path
) -> None:
    archive = tmp_path / "backup.zip"
    written = backup.write(full, files, archive, NOW)
    before = rows_of(full)

    read = restore.read(target, tmp_path / "restored", archive)

    assert rows_of(target) == before
    assert (read.tables, read.rows, read.contents) == (written.tables, written.rows, 1)
    assert written.rows == sum(len(rows) for rows in before.values()) > 500
    assert [path.name for path in (tmp_path / "restored").rglob("*") if path.is_file()] == [
        path.name for path in files.rglob("*") if path.is_file()
    ]
    assert archive.stat().st_mode & 0o777 == 0o600
    with target.read() as session:
        verdict = audit_queries.verify(session)
    assert (verdict.broken, verdict.entries) == ("", len(before["audit_entry"]))


def test_a_restored_system_goes_on_with_new_rows_and_keeps_its_guards(
    full: Database, target: Database, files: Path, tmp_path: Path
) -> None:
    backup.write(full, files, tmp_path / "backup.zip", NOW)
    restore.read(target, files, tmp_path / "backup.zip")

    with target.write("test") as session:
        highest = max(session.scalars(select(Unit.id)))
        unit = Unit(name="新来的", kind=UnitKind.TEAM, path="/new/")
        session.add(unit)
        session.flush()
        assert unit.id == highest + 1
        assert next_number(session, "XS", 2025) == "XS-2025-0002"
    with pytest.raises(Exception, match=r"(?i)foreign key"), target.write("test") as session:
        session.execute(
            insert(Unit).values(name="x", kind=UnitKind.TEAM, path="/x/", parent_id=999999)
        )
    with pytest.raises(Exception, match="append-only"), target.write("test") as session:
        session.connection().exec_driver_sql("DELETE FROM audit_entry")
    assert migrations.current(target) == migrations.head()


def test_a_target_with_tables_is_refused_and_left_alone(
    full: Database, files: Path, tmp_path: Path
) -> None:
    backup.write(full, files, tmp_path / "backup.zip", NOW)
    before = rows_of(full)

    with pytest.raises(restore.NotEmpty):
        restore.read(full, files, tmp_path / "backup.zip")

    assert rows_of(full) == before


def test_a_backup_never_writes_over_a_file(full: Database, files: Path, tmp_path: Path) -> None:
    archive = tmp_path / "backup.zip"
    archive.write_text("something else")

    with pytest.raises(FileExistsError):
        backup.write(full, files, archive, NOW)

    assert archive.read_text() == "something else"


def test_a_content_that_rotted_is_reported_and_left_out(
    full: Database, files: Path, tmp_path: Path
) -> None:
    (content,) = (path for path in files.rglob("*") if path.is_file())
    content.write_text("rotten")

    report = backup.write(full, files, tmp_path / "backup.zip", NOW)

    assert (report.contents, report.damaged) == (0, [content.name])


Change = Callable[[dict[str, bytes]], None]


def _without_manifest(members: dict[str, bytes]) -> None:
    del members["manifest.json"]


def _with_a_changed_row(members: dict[str, bytes]) -> None:
    members["tables/unit.jsonl"] = members["tables/unit.jsonl"].replace(b"bureau", b"office")


def _without_a_table(members: dict[str, bytes]) -> None:
    del members["tables/person.jsonl"]


def _without_a_content(members: dict[str, bytes]) -> None:
    del members[next(name for name in members if name.startswith("files/"))]


def _with_a_changed_content(members: dict[str, bytes]) -> None:
    members[next(name for name in members if name.startswith("files/"))] = b"other"


def _with_a_file_that_climbs_out(members: dict[str, bytes]) -> None:
    members["files/../../climbed"] = b"out"


def _of_a_newer_program(members: dict[str, bytes]) -> None:
    manifest = json.loads(members["manifest.json"])
    members["manifest.json"] = json.dumps(manifest | {"revision": "9999"}).encode()


def _of_another_format(members: dict[str, bytes]) -> None:
    manifest = json.loads(members["manifest.json"])
    members["manifest.json"] = json.dumps(manifest | {"format": 2}).encode()


def _with_sql_for_a_column(members: dict[str, bytes]) -> None:
    manifest = json.loads(members["manifest.json"])
    columns = manifest["tables"]["unit"]["columns"]
    columns['name" ) --'] = columns.pop("name")
    members["manifest.json"] = json.dumps(manifest).encode()


@pytest.mark.parametrize(
    "change",
    [
        _without_manifest,
        _with_a_changed_row,
        _without_a_table,
        _without_a_content,
        _with_a_changed_content,
        _with_a_file_that_climbs_out,
        _of_a_newer_program,
        _of_another_format,
        _with_sql_for_a_column,
    ],
)
@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_damaged_archive_is_refused_and_nothing_is_written(
    full: Database, files: Path, tmp_path: Path, change: Change
) -> None:
    backup.write(full, files, tmp_path / "backup.zip", NOW)
    with zipfile.ZipFile(tmp_path / "backup.zip") as whole:
        members = {name: whole.read(name) for name in whole.namelist()}
    change(members)
    with zipfile.ZipFile(tmp_path / "damaged.zip", "w") as damaged:
        for name, content in members.items():
            damaged.writestr(name, content)

    with opened(f"sqlite:///{tmp_path / 'empty.db'}") as target:
        with pytest.raises(Unreadable):
            restore.read(target, tmp_path / "restored", tmp_path / "damaged.zip")
        with target.read() as session:
            tables = session.connection().exec_driver_sql("SELECT * FROM sqlite_master").all()

    assert tables == []
    assert not (tmp_path.parent / "climbed").exists()


@pytest.mark.parametrize("content", [b"", b"PK", b"no zip at all" * 100])
def test_what_is_no_archive_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.zip").write_bytes(content)

    with opened(f"sqlite:///{tmp_path / 'empty.db'}") as target, pytest.raises(Unreadable):
        restore.read(target, tmp_path / "restored", tmp_path / "x.zip")
