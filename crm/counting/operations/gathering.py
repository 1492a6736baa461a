"""Deciding once for many changes: what a long transaction hands over meanwhile waits for its turn."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

GATHERED = "counting.gathered"


@dataclass
class Gathered:
    """Projects and receipts whose facts changed, by their numbers: each is decided on once, as it is then."""

    projects: set[int] = field(default_factory=set)
    receipts: set[int] = field(default_factory=set)

    @staticmethod
    def of(session: Session) -> Gathered | None:
        """What waits in this transaction; None: everything is decided on at once, as ever."""
        found: Gathered | None = session.info.get(GATHERED)
        return found


@contextmanager
def gathering(session: Session) -> Iterator[Gathered]:
    """Let what is handed over wait: for histories told at once, a day of theirs at a time.

    Decisions and sums are behind until the caller hands what was gathered, by
    `ledger.operations.handing.hand_gathered`, after the block and before the commit.
    """
    session.info[GATHERED] = gathered = Gathered()
    try:
        yield gathered
    finally:
        del session.info[GATHERED]
