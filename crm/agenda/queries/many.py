"""What waits with everybody, for the letters: read once for all people, a query a matter.

Nothing here is limited to a reader: whoever tells lines to somebody asks `rules.reads` first, or takes them
from `Waiting.of`, which does.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.accounts.models import Person
from crm.accounts.rules import Permission
from crm.agenda.queries.matters import MATTERS, At, any_of, columns, lines_of
from crm.agenda.rules import Kind, Line, Reader, reads
from crm.core.actor import Actor
from crm.leads.models import lead_collaborator


@dataclass(frozen=True)
class Waiting:
    """Everything that waits in the city on a day, in the order of `one.lines`."""

    at: At
    lines: Sequence[Line]
    by_owner: dict[int, list[Line]]

    def of(self, reader: Reader) -> list[Line]:
        """His own work, as `one.Whose(actor)` reads it."""
        return [line for line in self.by_owner.get(reader.id, ()) if reads(reader, line)]

    def below(self, reader: Reader) -> list[Line]:
        """His whole scope's, as `one.Whose(actor, whole=True)` reads it."""
        return [line for line in self.lines if reads(reader, line)]


def waiting(session: Session, at: At) -> Waiting:
    """All of it, in a query a matter. For the composer of letters alone."""
    found: list[Line] = []
    for matter in MATTERS:
        why = matter.why(at)
        first = matter.order if matter.due is None else matter.due
        query = (
            matter.rows(select(*columns(matter, why)))
            .where(any_of(why))
            .order_by(first, matter.order)
        )
        found += lines_of(matter, why, session.execute(query))
    by_owner: dict[int, list[Line]] = defaultdict(list)
    for line in found:
        by_owner[line.owner_id].append(line)
    return Waiting(at, found, dict(by_owner))


def readers(session: Session, actors: Collection[Actor]) -> dict[int, Reader]:
    """People as `rules.reads` sees them, by number; one query."""
    together: dict[int, set[int]] = defaultdict(set)
    for lead_id, person_id in session.execute(
        select(lead_collaborator.c.lead_id, lead_collaborator.c.person_id).join(
            Person, Person.id == lead_collaborator.c.person_id
        )
    ):
        together[person_id].add(lead_id)
    return {
        actor.id: Reader(
            id=actor.id,
            unit=actor.unit_path,
            leads=actor.may(Permission.LEAD_READ),
            projects=actor.may(Permission.PROJECT_READ),
            sees_confidential=actor.sees_confidential,
            together=frozenset(together.get(actor.id, ())),
        )
        for actor in actors
        if actor.id is not None
    }


def counted(lines: Iterable[Line]) -> Counter[Kind]:
    """How many lines each reason has: what the page's counters say."""
    return Counter(kind for line in lines for kind in line.since)
