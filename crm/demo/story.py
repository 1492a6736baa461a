"""The demo told from its tables: what the city did over the months before today."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from crm.demo import cast


def tell(session: Session, hashes: Mapping[str, str], files: Path, *, now: datetime) -> None:
    """Enter people, firms, leads and projects through the operations, in the caller's transaction."""
    cast.enter(session, hashes, now=now)
