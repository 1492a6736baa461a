"""Pictures of contents and housekeeping of the store, run by the scheduler."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from config import Config
from crm.core import pictures
from crm.core.database import Database
from crm.core.drafts import FormDraft
from crm.core.drawing import Fault
from crm.core.errors import Refused
from crm.core.running import Result, Running
from crm.files.models import Attachment

log = logging.getLogger(__name__)

KEPT = timedelta(days=1)
"""A content is stored before the row that names it: a younger one may still get its row."""


def draw_pictures(database: Database, config: Config, running: Running) -> Result:
    """Draw one content; what cannot be shown is remembered with its reason, and is a success too."""
    told = running.arguments
    drawn = pictures.draw(config.files_dir, config.pictures_dir, told["sha256"], told["media_type"])
    if drawn.fault is Fault.BUSY:
        raise Refused(drawn.sentence)
    return {"pages": drawn.pages, "fault": drawn.fault or ""}


def remove_pictures(database: Database, config: Config, now: datetime) -> None:
    """Remove pictures whose content is gone; they are drawn anew should it come back."""
    if removed := pictures.forget(config.files_dir, config.pictures_dir, now - KEPT):
        log.info("removed pictures of %d contents that are gone", removed)


def remove_orphans(database: Database, config: Config, now: datetime) -> None:
    """Remove contents that no attachment and no draft names, and what broke off while arriving."""
    if not config.files_dir.is_dir():
        return
    before, removed = now - KEPT, 0
    for path in sorted(config.files_dir.glob(".coming-*")):
        removed += _remove(path, before)
    for shelf in sorted(config.files_dir.glob("[0-9a-f][0-9a-f]")):
        old = [path for path in shelf.iterdir() if _arrived(path) < before]
        with database.read() as session:
            named = _named(session, [path.name for path in old]) | _in_drafts(session)
        removed += sum(_remove(path, before) for path in old if path.name not in named)
    if removed:
        log.info("removed %d contents that no attachment named", removed)


def _named(session: Session, sums: list[str]) -> set[str]:
    return set(session.scalars(select(Attachment.sha256).where(Attachment.sha256.in_(sums))))


def _in_drafts(session: Session) -> set[str]:
    """What waits for its form to be saved; drafts with files are few and short-lived."""
    return {one["sha256"] for files in session.scalars(select(FormDraft.files)) for one in files}


def _remove(path: Path, before: datetime) -> bool:
    """Step by step, so that the same content arriving at this very moment is not lost."""
    leaving = path.with_name(f".leaving-{path.name}")
    path.rename(leaving)
    if _arrived(leaving) >= before:
        leaving.rename(path)
        return False
    leaving.unlink()
    return True


def _arrived(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)
