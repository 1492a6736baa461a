"""The letters' job: run every minute by each scheduler's process."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime
from itertools import chain, groupby, islice

from config import Config
from crm.accounts.operations import SYSTEM
from crm.core.database import Database
from crm.reminders.letters.composing import composed, look
from crm.reminders.letters.notices import notices
from crm.reminders.operations.letters import Composed, put_out_composed

log = logging.getLogger(__name__)

AT_ONCE = 50
"""Letters of a write transaction: short enough that nobody waits for it."""


def write_letters(database: Database, config: Config, now: datetime) -> None:
    """Write what is due and not written: read and composed first, then put out in short transactions.

    Needs an application's context, for the words and the links. Two of these at once compose the same
    letters; the one that writes second finds them there and leaves them.
    """
    with database.read() as session:
        found = look(session, now)
        told = list(notices(session, now, config.base_url))
    host = config.mail_sender.rpartition("@")[2]
    for letters in _batches(chain(told, composed(found, config.base_url))):
        with database.write("job") as session:
            new = put_out_composed(session, SYSTEM, letters, host=host, now=now)
        first = letters[0].draft
        log.info("%s letters of %s %s", new, first.kind, first.slot)


def _batches(letters: Iterator[Composed]) -> Iterator[list[Composed]]:
    """At most so many of one kind and slot together."""
    for _, alike in groupby(letters, key=lambda one: (one.draft.kind, one.draft.slot)):
        while batch := list(islice(alike, AT_ONCE)):
            yield batch
