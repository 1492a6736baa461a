"""The nightly look at the chain of seals."""

from __future__ import annotations

import logging
from datetime import datetime

from config import Config
from crm.audit import queries
from crm.core.database import Database

log = logging.getLogger(__name__)


def verify(database: Database, config: Config, now: datetime) -> None:
    """Log whether the audit holds: as an error, with the place, if it does not."""
    with database.read() as session:
        verdict = queries.verify(session)
    if verdict.broken:
        log.error("the audit is broken: %s", verdict.broken)
    else:
        log.info("the audit holds: %d entries, %d seals", verdict.entries, verdict.seals)
