"""What people are told at once: leads handed to them, receipts returned to them; grouped by two minutes.

Read off the leads' events and the receipts' steps: nothing has to remember to announce it. A span of two
minutes is told once it is surely over, so that every scheduler finds the same in it; a whole desk handed
over is one letter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from crm.accounts.models import Person, Unit
from crm.agenda.rules import Ground, Reader, knows
from crm.catalog.models import District
from crm.leads.models import Lead, LeadEvent
from crm.leads.rules.kinds import EventKind
from crm.ledger.models import Receipt, ReceiptStep
from crm.ledger.rules import Step
from crm.projects.models import Project
from crm.projects.queries.scope import secret

SPAN = timedelta(minutes=2)
SURELY = timedelta(minutes=1)
"""How long after a span everything that began in it is committed."""

LATEST = timedelta(hours=24)
"""Older news is no news: the weekly letter tells it."""


class What(StrEnum):
    """What somebody is told at once."""

    GIVEN = "given"
    RETURNED = "returned"


@dataclass(frozen=True)
class Item:
    """A lead or receipt: by its number alone where it is confidential."""

    id: int
    number: str
    title: str
    ground: Ground


@dataclass(frozen=True)
class News:
    """What one person is told: who did it, to what. `slot` makes it unique."""

    person_id: int
    what: What
    slot: str
    by: set[str] = field(default_factory=set)
    items: list[Item] = field(default_factory=list)


def news(session: Session, readers: Mapping[int, Reader], now: datetime) -> list[News]:
    """Everything of the last day that is surely over, for these people; two queries."""
    found: dict[tuple[int, What, str], News] = {}
    for what, rows in (
        (What.GIVEN, _given(session, now)),
        (What.RETURNED, _returned(session, now)),
    ):
        for person_id, at, by, item in rows:
            reader = readers.get(person_id)
            start = _span(at)
            if reader is None or start + SPAN + SURELY > now or not knows(reader, item.ground):
                continue
            slot = f"{what}.{start:%Y-%m-%dT%H:%M}"
            one = found.setdefault((person_id, what, slot), News(person_id, what, slot))
            if item.id not in {known.id for known in one.items}:
                one.items.append(item)
                one.by.add(by)
    return list(found.values())


def _span(at: datetime) -> datetime:
    """The beginning of the two minutes that a moment is in."""
    return at.replace(minute=at.minute - at.minute % 2, second=0, microsecond=0)


Row = tuple[int, datetime, str, Item]


def _given(session: Session, now: datetime) -> list[Row]:
    rows = session.execute(
        select(
            LeadEvent.recorded_at, Person.name, Lead.id, Lead.number, Lead.title,
            Lead.owner_id, Unit.path, Lead.confidential,
        )
        .join(Lead, Lead.id == LeadEvent.lead_id)
        .join(Unit, Unit.id == Lead.unit_id)
        .join(Person, Person.id == LeadEvent.person_id)
        .where(
            LeadEvent.kind == EventKind.ASSIGNED,
            LeadEvent.recorded_at > now - LATEST,
            LeadEvent.person_id != Lead.owner_id,
        )
        .order_by(LeadEvent.id)
    )  # fmt: skip
    return [
        (owner, at, by, Item(number, called, title, Ground(owner, path, "", hidden, number)))
        for at, by, number, called, title, owner, path, hidden in rows
    ]


def _returned(session: Session, now: datetime) -> list[Row]:
    landing = aliased(Unit)
    rows = session.execute(
        select(
            Receipt.reported_by, ReceiptStep.at, Person.name, Receipt.id, Receipt.number,
            Project.name, Project.owner_id, Unit.path, func.coalesce(landing.path, ""), secret(),
            Project.lead_id,
        )
        .select_from(ReceiptStep)
        .join(Receipt, Receipt.id == ReceiptStep.receipt_id)
        .join(Project, Project.id == Receipt.project_id)
        .join(Unit, Unit.id == Project.unit_id)
        .join(District, District.id == Project.district_id)
        .outerjoin(landing, landing.id == District.unit_id)
        .join(Person, Person.id == ReceiptStep.by_id)
        .where(
            ReceiptStep.step == Step.RETURNED,
            ReceiptStep.at > now - LATEST,
            ReceiptStep.by_id != Receipt.reported_by,
        )
        .order_by(ReceiptStep.id)
    )  # fmt: skip
    return [
        (to, at, by, Item(number, called, title, Ground(owner, path, lands, hidden, lead_id)))
        for to, at, by, number, called, title, owner, path, lands, hidden, lead_id in rows
    ]
