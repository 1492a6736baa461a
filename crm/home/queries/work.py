"""The work page: what an address asks for, and the leads last in contact. What waits is the agenda's."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from crm.accounts.rules import Permission
from crm.agenda.queries.matters import LEADS
from crm.agenda.queries.one import Whose
from crm.agenda.rules import Kind
from crm.core.actor import Actor
from crm.core.forms import row_number
from crm.leads.models import Lead

FIRST = (Kind.OVERDUE, Kind.WEEK, Kind.NO_STEP, Kind.LAPSING, Kind.RETURNED)
"""What stands on the page before somebody filters it."""


@dataclass(frozen=True)
class Wish:
    """What the reader wants to see of the work.

    Attributes:
        whole: the unit's work and not only one's own.
        owner: one person's work, within that scope.
        day: only what is planned for this day.
        all: as many lines as there are, not the first page of them.
    """

    kind: Kind | None = None
    whole: bool = False
    owner: int | None = None
    day: date | None = None
    all: bool = False

    @classmethod
    def from_args(cls, args: Mapping[str, str], actor: Actor) -> Wish:
        """Read an address; what cannot be read is left out. A manager starts with his unit's work."""
        kind = args.get("filter", "")
        owner = args.get("owner", "")
        try:
            day = date.fromisoformat(args.get("day", ""))
        except ValueError:
            day = None
        scope = args.get("scope") or ("unit" if actor.may(Permission.LEAD_WRITE_UNIT) else "mine")
        return cls(
            kind=Kind(kind) if kind in list(Kind) else None,
            whole=scope == "unit" and may_see_all(actor),
            owner=row_number(owner),
            day=day,
            all=bool(args.get("all")),
        )

    @property
    def kinds(self) -> Collection[Kind]:
        """Which lines are shown."""
        return FIRST if self.kind is None else (self.kind,)

    def whose(self, actor: Actor) -> Whose:
        """Whose work it is."""
        return Whose(actor, self.whole, self.owner)


def may_see_all(actor: Actor) -> bool:
    """Whether the switch from one's own work to the unit's is offered."""
    return actor.may(Permission.LEAD_WRITE_UNIT) or actor.may(Permission.PROJECT_WRITE_UNIT)


def touched(session: Session, whose: Whose, limit: int = 5) -> list[Lead]:
    """The leads last in contact."""
    return list(
        session.scalars(
            select(Lead)
            .options(joinedload(Lead.company))
            .where(*whose.conditions(LEADS), LEADS.lives, Lead.last_contact_on.is_not(None))
            .order_by(Lead.last_contact_on.desc(), Lead.id.desc())
            .limit(limit)
        )
    )
