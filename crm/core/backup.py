"""`crm backup`: everything of a running system in one file, from one snapshot, in constant memory."""

from __future__ import annotations

import hashlib
import json
import os
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Table, column, select
from sqlalchemy import table as plain_table
from sqlalchemy.orm import Session

from crm.core import archive, migrations
from crm.core.database import Base, Database

CHUNK = 256 * 1024
ROWS = 1000
_SUM = re.compile(r"[0-9a-f]{64}\Z")


class NotCurrent(Exception):
    """The database is not at this program's revision."""


@dataclass
class Report:
    """What a backup holds, or a restore put back.

    Attributes:
        damaged: contents of the store that no longer match their own sum; they are left out.
    """

    tables: int = 0
    rows: int = 0
    contents: int = 0
    size: int = 0
    damaged: list[str] = field(default_factory=list)


def write(database: Database, files: Path, target: Path, now: datetime) -> Report:
    """Write the archive beside its place and move it there whole; only its owner may read it.

    Raises:
        NotCurrent: migrate first.
        FileExistsError: the target is there already.
    """
    if target.exists():
        raise FileExistsError(target)
    if migrations.current(database) != migrations.head():
        raise NotCurrent
    coming = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        handle = os.open(coming, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w+b") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archived:
                report = _fill(archived, database, files, now)
            file.flush()
            os.fsync(file.fileno())
        report.size = coming.stat().st_size
        os.link(coming, target)  # unlike a rename it never writes over a file that came meanwhile
    finally:
        coming.unlink(missing_ok=True)
    return report


def _fill(archived: zipfile.ZipFile, database: Database, files: Path, now: datetime) -> Report:
    report = Report()
    with database.read() as session:
        tables = {
            table.name: _table(archived, session, table, report)
            for table in Base.metadata.sorted_tables
        }
    # The contents after the rows: whatever a row of the snapshot names was stored before it.
    sums = hashlib.sha256()
    for path in _contents(files):
        if _content(archived, path):
            report.contents += 1
            sums.update(path.name.encode())
        else:
            report.damaged.append(path.name)
    manifest = {
        "format": archive.FORMAT,
        "made_at": now.isoformat(),
        "revision": migrations.head(),
        "tables": tables,
        "contents": {"count": report.contents, "sha256": sums.hexdigest()},
    }
    archived.writestr(archive.MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
    return report


def _table(
    archived: zipfile.ZipFile, session: Session, table: Table, report: Report
) -> dict[str, Any]:
    kinds = {one.name: archive.kind_of(one.type) for one in table.columns}
    source = plain_table(
        table.name, *(column(name, archive.TYPES[kind]) for name, kind in kinds.items())
    )
    query = select(source).order_by(*(source.c[one.name] for one in table.primary_key))
    rows, digest = 0, hashlib.sha256()
    with archived.open(archive.member_of(table.name), "w", force_zip64=True) as member:
        for batch in session.execute(query.execution_options(yield_per=ROWS)).partitions():
            lines = "".join(_line(kinds, row) for row in batch).encode()
            digest.update(lines)
            member.write(lines)
            rows += len(batch)
    report.tables += 1
    report.rows += rows
    return {"columns": kinds, "rows": rows, "sha256": digest.hexdigest()}


def _line(kinds: dict[str, str], row: Any) -> str:
    values = [archive.pack(kind, value) for kind, value in zip(kinds.values(), row, strict=True)]
    return json.dumps(values, ensure_ascii=True, separators=(",", ":")) + "\n"


def _contents(files: Path) -> Iterator[Path]:
    """The store's contents in the order of their sums; what is only arriving is left out."""
    if not files.is_dir():
        return
    for shelf in sorted(files.iterdir()):
        if shelf.is_dir():
            yield from (path for path in sorted(shelf.iterdir()) if _SUM.match(path.name))


def _content(archived: zipfile.ZipFile, path: Path) -> bool:
    """Put one content in; False if it is damaged or was removed meanwhile."""
    if _digest(path) != path.name:
        return False
    info = zipfile.ZipInfo(f"files/{path.name}")
    info.compress_type = zipfile.ZIP_STORED
    info.external_attr = 0o600 << 16
    with path.open("rb") as source, archived.open(info, "w", force_zip64=True) as member:
        copy(source.read, member.write)
    return True


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            copy(file.read, digest.update)
    except FileNotFoundError:
        return ""
    return digest.hexdigest()


def copy(read: Callable[[int], bytes], write_to: Callable[[bytes], Any]) -> None:
    """Carry everything over, a piece at a time."""
    while piece := read(CHUNK):
        write_to(piece)
