"""The nightly comparison of the sums with the rows that make them."""

from __future__ import annotations

import logging
from datetime import datetime

from config import Config
from crm.core.database import Database
from crm.counting.queries.recounting import differences

log = logging.getLogger(__name__)

NAMED = 20
"""So many differences are named; the rest are counted."""


def compare_sums(database: Database, config: Config, now: datetime) -> None:
    """Log whether day and month sums are what the rows make: as errors, each with its place, if not."""
    with database.read() as session:
        found = differences(session)
    for one in found[:NAMED]:
        log.error("a sum differs from its rows: %s", one)
    if found:
        log.error("%d sums differ from their rows; `crm recount` mends them", len(found))
    else:
        log.info("all sums are what their rows make")
