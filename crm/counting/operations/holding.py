"""A transaction's hold on counting: one at a time changes what counts, under one set of rules and books."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from crm.counting.models import CountingHead
from crm.counting.queries.rules import InForce, in_force

HEAD = 1
KEPT = "counting.in_force"


class Hold:
    """The lock on the head's row, kept to the commit, and the rules and books read under it."""

    @staticmethod
    def take(session: Session) -> None:
        """Make every other transaction that changes what counts wait for this one's end.

        Taken after the caller's own rows and before the audit's seal, so that no two wait for each
        other.
        """
        if KEPT in session.info:
            return
        insert = Hold.insert(session)
        session.execute(insert(CountingHead).values(id=HEAD).on_conflict_do_nothing())
        session.get_one(CountingHead, HEAD, with_for_update=True, populate_existing=True)
        Hold.renew(session)

    @staticmethod
    def renew(session: Session) -> None:
        """Read rules and books again, after this transaction changed them."""
        session.info[KEPT] = in_force(session)

    @staticmethod
    def of(session: Session) -> InForce:
        """What is in force in this transaction."""
        found: InForce = session.info[KEPT]
        return found

    @staticmethod
    def insert(session: Session) -> Any:
        """The dialect's insert, which knows ON CONFLICT."""
        return (
            postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
        )
