"""What all letters of a run tell, read once: lines, cases to judge, what moved, both goals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.accounts.models import Unit
from crm.agenda.queries.awaits import Docket, docket
from crm.agenda.queries.many import Waiting, readers, waiting
from crm.agenda.queries.matters import at
from crm.agenda.rules import Ground, Reader, Week, knows
from crm.catalog.queries import work_calendar
from crm.core.actor import Actor
from crm.core.clock import day_of
from crm.goals.queries.board import Board, board
from crm.leads.models import Lead, LeadEvent
from crm.leads.rules.kinds import EventKind, Stage
from crm.meeting.models import Decision
from crm.meeting.queries.meetings import waiting_with
from crm.reminders.queries.people import lines_known
from crm.reminders.rules.parts import Key, running
from crm.reminders.rules.schedule import week_before
from crm.values.period import IsoWeek


class Move(StrEnum):
    """What happened to leads in the week before."""

    ENTERED = "entered"
    FORWARD = "forward"
    SIGNED = "signed"
    LOST = "lost"


@dataclass(frozen=True)
class City:
    """Everything that letters tell, as of one snapshot; who is told what is asked of `rules.reads`.

    Attributes:
        week: this week; weeks: for how many weeks running lines stand in their owners' letters.
        moved: what happened from Monday to Sunday of the week before.
        decisions: what meetings decided and is not done, by who is to do it.
    """

    now: datetime
    week: IsoWeek
    waiting: Waiting
    readers: Mapping[int, Reader]
    docket: Docket
    board: Board
    weeks: Mapping[Key, int]
    moved: Collection[tuple[Move, Ground]]
    decisions: Mapping[int, Sequence[Decision]]

    def moves(self, reader: Reader) -> Counter[Move]:
        """What moved among the leads that he reads."""
        if not reader.leads:
            return Counter()
        return Counter(move for move, ground in self.moved if knows(reader, ground))


def city(session: Session, actors: Collection[Actor], reader: Actor, now: datetime) -> City:
    """Read it. For the composer of letters alone: nothing here is limited to a reader.

    Args:
        reader: in whose name the goals are read; their figures are the same for everybody.
    """
    today = day_of(now)
    week, day = IsoWeek.of(today), at(session, today)
    before = week_before(work_calendar(session), week)
    everything = waiting(session, day)
    known = lines_known(session, [str(week), str(before)])
    return City(
        now=now,
        week=week,
        waiting=everything,
        readers=readers(session, actors),
        docket=docket(session),
        board=board(session, reader, year=today.year, on=today, now=now),
        weeks=running(everything.lines, known, str(week), str(before)),
        moved=list(_moved(session, day.week)),
        decisions=waiting_with(session, [one.id for one in actors if one.id is not None]),
    )


def _moved(session: Session, week: Week) -> Iterable[tuple[Move, Ground]]:
    rows = session.execute(
        select(
            LeadEvent.kind, LeadEvent.stage_from, LeadEvent.stage_to,
            Lead.owner_id, Unit.path, Lead.confidential, Lead.id,
        )
        .join(Lead, Lead.id == LeadEvent.lead_id)
        .join(Unit, Unit.id == Lead.unit_id)
        .where(
            LeadEvent.day.between(week.monday - timedelta(days=7), week.monday - timedelta(days=1)),
            LeadEvent.kind.in_((EventKind.ENTERED, EventKind.MOVED, EventKind.LOST)),
        )
    )  # fmt: skip
    for kind, origin, target, owner_id, path, hidden, lead_id in rows:
        if move := _move(kind, origin, target):
            yield move, Ground(owner_id, path, "", hidden, lead_id)


def _move(kind: EventKind, origin: Stage | None, target: Stage | None) -> Move | None:
    if kind is EventKind.ENTERED:
        return Move.ENTERED
    if kind is EventKind.LOST:
        return Move.LOST
    if target is Stage.SIGNED:
        return Move.SIGNED
    forward = origin is not None and target is not None and target.rank > origin.rank
    return Move.FORWARD if forward else None
