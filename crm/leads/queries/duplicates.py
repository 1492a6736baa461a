"""Leads that may be the same as the one being typed, the only read of the house that looks past the scope.

What a person learns of a lead hidden from him is named in `Hidden`; of a confidential one nothing but
that there is one. The door tells and counts it through `operations.duplicates.tell`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, or_, select, union_all
from sqlalchemy.orm import Session, joinedload

from crm.accounts.models import Unit
from crm.audit.models import Entry
from crm.companies.models import Company, CompanyGram
from crm.companies.queries import visible
from crm.core.actor import Actor
from crm.leads.models import Lead, LeadGram
from crm.leads.queries.holding import held_until
from crm.leads.queries.scope import readable
from crm.leads.rules.duplicates import (
    IDENTIFYING,
    Asked,
    Firm,
    Likeness,
    content_key,
    likeness,
    same_content,
)
from crm.leads.rules.kinds import Stage, Standing
from crm.values.names import grams

MOST_CANDIDATES = 200
"""Firms, and leads of a chain, that are compared at most."""

RARE = 400
"""A bigram that more rows have tells too little to start from."""

MOST_PIECES = 12
"""Bigrams of a name or plan that are looked up; of a longer one evenly spread ones."""

MOST_SHOWN = 8
MOST_OF_CONTENT = 3
"""Hits by content alone are many in a busy chain; a few say enough."""

TOLD = "lead.duplicate_told"
"""The audit's action: somebody was told that a lead hidden from him exists."""

HOUR = timedelta(hours=1)

MOST_AN_HOUR = 60
"""Hidden leads that one person is told of within an hour; telling of the same one again is no new answer."""


@dataclass(frozen=True)
class Near:
    """A lead that the reader may open, and why it is shown.

    Attributes:
        held_until: the last day of the first report that it holds on its firm.
    """

    likeness: Likeness
    lead: Lead
    held_until: date | None = None


@dataclass(frozen=True)
class Hidden:
    """What is said of a lead that he may not open; its number is for the audit alone."""

    likeness: Likeness
    lead_id: int
    stage: Stage
    standing: Standing
    unit: str
    since: date
    held_until: date | None = None


@dataclass(frozen=True)
class Found:
    """What a look for duplicates answers.

    Attributes:
        secret: numbers of confidential leads hidden from the reader, for the audit alone.
        limited: he has been told of so many hidden leads that nothing more is said for now.
    """

    near: list[Near] = field(default_factory=list)
    hidden: list[Hidden] = field(default_factory=list)
    secret: list[int] = field(default_factory=list)
    limited: bool = False

    @property
    def nothing(self) -> bool:
        """Nothing is to be shown."""
        return not (self.near or self.hidden or self.secret or self.limited)

    @property
    def of_firm(self) -> bool:
        """Something says that the firm itself is known: worth stopping for before a save."""
        shown = [one.likeness for one in self.near] + [one.likeness for one in self.hidden]
        return bool(self.secret) or any(one is not Likeness.CONTENT for one in shown)

    def silenced(self) -> Found:
        """The same without what is hidden."""
        return replace(self, hidden=[], secret=[], limited=True)


def firm_of(session: Session, actor: Actor, company_id: int) -> Firm | None:
    """A firm that the actor reads, as it is compared; None for any other."""
    row = session.execute(
        select(*_FIRM).where(Company.id == company_id, visible(actor))
    ).one_or_none()
    return _firm(row) if row is not None else None


def look(session: Session, actor: Actor, asked: Asked, today: date) -> Found:
    """Every lead, hidden or not, that may be the one asked about; at most six statements."""
    why = {number: one for number, one in _firms(session, asked) if number != asked.but_company}
    of_firms = _leads(session, actor, Lead.company_id.in_(list(why)), asked, today) if why else []
    found = [(why[row.Lead.company_id], row) for row in of_firms]
    there = {row.Lead.id for row in of_firms}
    alike = _same_content(session, asked)
    of_content = _leads(session, actor, Lead.id.in_(alike), asked, today) if alike else []
    found += [(Likeness.CONTENT, row) for row in of_content if row.Lead.id not in there]
    found.sort(key=lambda one: (one[0].rank, one[1].Lead.entered_on, one[1].Lead.id))
    return Found(
        near=_few(Near(why, row.Lead, row.held_until) for why, row in found if row.open),
        hidden=_few(
            _hidden(why, row) for why, row in found if not row.open and not row.Lead.confidential
        ),
        secret=[
            row.Lead.id
            for why, row in found
            if not row.open and row.Lead.confidential and why in IDENTIFYING
        ],
    )


def _hidden(why: Likeness, row: Any) -> Hidden:
    lead = row.Lead
    return Hidden(
        why, lead.id, lead.stage, lead.standing, row.unit, lead.entered_on, row.held_until
    )


def told_lately(session: Session, actor: Actor, now: datetime) -> set[int]:
    """The hidden leads that the actor was told of within the last hour."""
    rows = session.scalars(
        select(Entry.subject_id)
        .distinct()
        .where(Entry.actor_id == actor.id, Entry.action == TOLD, Entry.at > now - HOUR)
    )
    return set(rows)


def _few(hits: Iterable[Any]) -> list[Any]:
    rows = list(hits)
    content = [one for one in rows if one.likeness is Likeness.CONTENT]
    firms = [one for one in rows if one.likeness is not Likeness.CONTENT]
    return firms[:MOST_SHOWN] + content[:MOST_OF_CONTENT]


_FIRM = (
    Company.id,
    Company.name_key,
    Company.core_key,
    Company.credit_code,
    Company.group_key,
)


def _firm(row: Any) -> Firm:
    return Firm(row.name_key, row.core_key, row.credit_code or "", row.group_key)


def _firms(session: Session, asked: Asked) -> list[tuple[int, Likeness]]:
    """The firms that may be the one asked for, of at most `MOST_CANDIDATES` beside those of equal keys."""
    firm = asked.firm
    exact = _equal(firm)
    rows: dict[int, Any] = {}
    if exact:
        rows = {row.id: row for row in session.execute(union_all(*exact))}
    pieces = grams(firm.core)
    rare = _rare(session, CompanyGram.gram, pieces) if pieces else []
    if rare:
        shared = (
            select(CompanyGram.company_id)
            .where(CompanyGram.gram.in_(rare))
            .group_by(CompanyGram.company_id)
            .order_by(func.count().desc(), CompanyGram.company_id)
            .limit(MOST_CANDIDATES)
        )
        rows |= {
            row.id: row for row in session.execute(select(*_FIRM).where(Company.id.in_(shared)))
        }
    judged = ((number, likeness(firm, _firm(row))) for number, row in rows.items())
    return [(number, why) for number, why in judged if why is not None]


def _equal(firm: Firm) -> list[Select[Any]]:
    """Firms with an equal key, each by its own index."""
    ways: list[ColumnElement[bool]] = []
    if firm.code:
        ways.append(Company.credit_code == firm.code)
    if firm.key:
        ways += [Company.name_key == firm.key, Company.core_key == firm.core]
        ways.append(Company.group_key == firm.core)
    if firm.group:
        ways += [Company.group_key == firm.group, Company.core_key == firm.group]
    limited = [select(*_FIRM).where(way).limit(MOST_CANDIDATES).subquery() for way in ways]
    return [select(one) for one in limited]


def _rare(session: Session, gram: Any, pieces: list[str], *where: ColumnElement[bool]) -> list[str]:
    """The bigrams that few rows have; where none is rare, the rarest one of them.

    Each is counted to one more than `RARE` and no further, so a common one costs no more than a rare one.
    """
    counted = []
    for piece in pieces[:: -(-len(pieces) // MOST_PIECES)]:
        some = select(literal(1)).where(gram == piece, *where).limit(RARE + 1).subquery()
        counted.append(select(literal(piece), func.count()).select_from(some))
    counts = {piece: count for piece, count in session.execute(union_all(*counted)) if count}
    rare = [piece for piece, count in counts.items() if count <= RARE]
    return rare or sorted(counts, key=lambda piece: counts[piece])[:1]


def _same_content(session: Session, asked: Asked) -> list[int]:
    """Leads of the chain that are to build the same."""
    pieces = grams(asked.content)
    if asked.chain_id is None or not pieces:
        return []
    in_chain = LeadGram.chain_id == asked.chain_id
    rare = _rare(session, LeadGram.gram, pieces, in_chain)
    if not rare:
        return []
    shared = (
        select(LeadGram.lead_id)
        .where(in_chain, LeadGram.gram.in_(rare))
        .group_by(LeadGram.lead_id)
        .having(func.count() * 2 >= len(rare))  # nearly the same has more than half of them
        .order_by(func.count().desc(), LeadGram.lead_id)
        .limit(MOST_CANDIDATES)
    )
    rows = session.execute(select(Lead.id, Lead.content).where(Lead.id.in_(shared)))
    return [number for number, text in rows if same_content(asked.content, content_key(text))]


def _leads(
    session: Session, actor: Actor, which: ColumnElement[bool], asked: Asked, today: date
) -> list[Any]:
    """(Lead, unit, open, held_until): what is lost is shown to nobody but who may open it."""
    open_to_him = readable(actor)
    query = (
        select(
            Lead,
            Unit.name.label("unit"),
            open_to_him.label("open"),
            held_until(today).label("held_until"),
        )
        .join(Unit, Unit.id == Lead.unit_id)
        .options(joinedload(Lead.company), joinedload(Lead.owner))
        .where(which, or_(Lead.standing != Standing.LOST, open_to_him))
        .order_by(Lead.entered_on, Lead.id)
        .limit(MOST_CANDIDATES)
    )
    if asked.but_lead is not None:
        query = query.where(Lead.id != asked.but_lead)
    return list(session.execute(query))
