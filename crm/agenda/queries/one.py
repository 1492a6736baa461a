"""What waits, as one reader sees it: his own, his unit's, or one colleague's in his scope."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, literal, select, union_all
from sqlalchemy.orm import Session

from crm.accounts.models import Person
from crm.accounts.rules import Permission
from crm.agenda.queries.matters import MATTERS, At, Matter, any_of, columns, lines_of
from crm.agenda.rules import Kind, Line, Source
from crm.core.actor import Actor

MOST = 300
"""Lines of each matter that are read; the counters count all."""


@dataclass(frozen=True)
class Whose:
    """Whose work is asked for: the reader's own; or of his scope everybody's, or one person's."""

    actor: Actor
    whole: bool = False
    owner: int | None = None

    def conditions(self, matter: Matter) -> list[ColumnElement[bool]]:
        """What limits a matter's rows to it."""
        found = [matter.readable(self.actor)]
        if not self.whole:
            return [*found, matter.owner == self.actor.id]
        return [*found, matter.owner == self.owner] if self.owner else found


@dataclass(frozen=True)
class Load:
    """What waits with one person."""

    owner_id: int
    owner: str
    counts: Counter[Kind]


def loads(session: Session, whose: Whose, at: At) -> list[Load]:
    """The counters by person, whoever has most overdue first; their sum is the page's. One query."""
    asked = []
    for matter in MATTERS:
        why = matter.why(at)
        counts = [
            func.count().filter(why[kind].holds) if kind in why else literal(0) for kind in Kind
        ]
        asked.append(
            matter.rows(select(matter.owner, Person.name, *counts))
            .where(*whose.conditions(matter), any_of(why))
            .group_by(matter.owner, Person.name)
        )
    found: dict[int, Load] = {}
    for owner_id, owner, *numbers in session.execute(union_all(*asked)):
        load = found.setdefault(owner_id, Load(owner_id, owner, Counter()))
        load.counts.update(dict(zip(Kind, numbers, strict=True)))
    return sorted(
        found.values(), key=lambda load: (-load.counts[Kind.OVERDUE], load.owner, load.owner_id)
    )


def lines(
    session: Session,
    whose: Whose,
    at: At,
    kinds: Collection[Kind],
    *,
    day: date | None = None,
    most: int = MOST,
) -> list[Line]:
    """The rows that wait for one of these reasons; with a day what is planned for it, for any reason."""
    found: list[Line] = []
    for matter in MATTERS:
        why = matter.why(at)
        wanted = any_of({kind: one for kind, one in why.items() if kind in kinds})
        if day is not None:
            wanted = literal(False) if matter.due is None else matter.lives & (matter.due == day)
        first = matter.order if matter.due is None else matter.due
        query = (
            matter.rows(select(*columns(matter, why)))
            .where(*whose.conditions(matter), wanted)
            .order_by(first, matter.order)
            .limit(most)
        )
        if day is not None or why.keys() & set(kinds):
            found += lines_of(matter, why, session.execute(query))
    return found


@dataclass(frozen=True)
class Heap:
    """How many rows wait, and the largest of them."""

    count: int
    lines: list[Line]


def heaviest(
    session: Session, whose: Whose, at: At, matter: Matter, kinds: Collection[Kind], most: int
) -> Heap:
    """Of one matter what waits for one of these reasons, the largest first; in one read."""
    why = matter.why(at)
    wanted = [*whose.conditions(matter), any_of({kind: why[kind] for kind in kinds})]
    rows = session.execute(
        matter.rows(select(*columns(matter, why), func.count().over()))
        .where(*wanted)
        .order_by(matter.amount.desc(), matter.order)
        .limit(most)
    ).all()
    return Heap(rows[0][-1] if rows else 0, list(lines_of(matter, why, (row[:-1] for row in rows))))


def planned(session: Session, whose: Whose, at: At) -> dict[date, int]:
    """How much each day of the week asks for."""
    within = (at.week.monday, at.week.sunday)
    asked = [
        matter.rows(select(matter.due.label("day"))).where(
            matter.lives, matter.due.between(*within), *whose.conditions(matter)
        )
        for matter in MATTERS
        if matter.due is not None
    ]
    days = union_all(*asked).subquery()
    rows = session.execute(select(days.c.day, func.count()).group_by(days.c.day))
    return {day: count for day, count in rows}  # noqa: C416


UNITS = {
    Source.LEAD: Permission.LEAD_WRITE_UNIT,
    Source.PROJECT: Permission.PROJECT_WRITE_UNIT,
    Source.PAPER: Permission.PROJECT_WRITE_UNIT,
    Source.PROBLEM: Permission.PROJECT_WRITE_UNIT,
}
"""What lets somebody act on what waits with others of his scope; a receipt is corrected by its reporter."""


def may_act(actor: Actor, line: Line) -> bool:
    """Whether the reader may deal with a line from where it stands."""
    permission = UNITS.get(line.source)
    return line.owner_id == actor.id or (permission is not None and actor.may(permission))
