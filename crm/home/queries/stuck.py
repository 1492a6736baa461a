"""What is stuck, in the reader's scope: leads that nobody moves, projects past the day they were to start."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from crm.agenda.queries.matters import LEADS, PROJECTS, At
from crm.agenda.queries.one import Heap, Whose, heaviest
from crm.agenda.rules import Kind
from crm.core.actor import Actor

MOST = 5
"""Rows of each kind that a first page has room for."""


@dataclass(frozen=True)
class Stuck:
    """How many, and the largest of them.

    Attributes:
        leads: silent, or longer in their stage than its limit.
        projects: planned to start before today, and not reported as started.
    """

    leads: Heap
    projects: Heap


def stuck(session: Session, actor: Actor, day: At, *, most: int = MOST) -> Stuck:
    """In two reads, however many there are."""
    whose = Whose(actor, whole=True)
    return Stuck(
        heaviest(session, whose, day, LEADS, (Kind.SILENT, Kind.LIMIT), most),
        heaviest(session, whose, day, PROJECTS, (Kind.UNSTARTED,), most),
    )
