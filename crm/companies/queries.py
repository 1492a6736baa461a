"""Who reads which firm; firms, their people and places in chains; head firms; choices for forms."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, exists, false, func, or_, select
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload, selectinload

from crm.accounts.models import Person, Unit
from crm.accounts.queries import in_scope, units_of
from crm.catalog.models import Division
from crm.catalog.rules import Region
from crm.companies.models import (
    ChainPosition,
    Company,
    CompanyPerson,
    CompanyShare,
    HeadFirm,
    SupportLink,
    company_size,
)
from crm.companies.rules import (
    MAINLAND,
    CompanyFilter,
    HeadFirmFilter,
    HeadFirmState,
    Position,
    normal_code,
)
from crm.core.actor import Actor
from crm.core.errors import Forbidden, Missing
from crm.core.forms import Option
from crm.core.paging import Page, Sort, turn
from crm.values.text import like_pattern, name_key, search_key

Row = TypeVar("Row")

MOST_OPTIONS = 300
"""How many firms a choice offers at most; more are found by typing."""


def known(actor: Actor) -> ColumnElement[bool]:
    """The firms whose people, notes and history the actor reads (`domain.md`, section 6).

    The unit that entered the firm and those above it; whoever reads one of its leads or projects.
    """
    shared = select(CompanyShare.company_id).where(
        or_(CompanyShare.person_id == actor.id, _through_unit(actor))
    )
    return or_(Company.unit_id.in_(units_of(actor)), Company.id.in_(shared))


def visible(actor: Actor) -> ColumnElement[bool]:
    """The firms the actor reads at all: those he knows, and all that are recognised or head firms."""
    return or_(Company.public, known(actor))


def _through_unit(actor: Actor) -> ColumnElement[bool]:
    """A lead of the actor's unit or below; a confidential one only for managers.

    The mark of a project's lead covers the project's rows as well: then the lead's own rows decide.
    """
    of_lead = aliased(CompanyShare)
    marked = exists().where(
        of_lead.via_kind == "lead",
        of_lead.via_id == CompanyShare.lead_id,
        of_lead.confidential,
    )
    in_unit = CompanyShare.unit_id.in_(units_of(actor)) & ~marked
    return in_unit if actor.sees_confidential else in_unit & CompanyShare.confidential.is_(False)


def knows(session: Session, actor: Actor, company_id: int) -> bool:
    """Whether the actor reads more of this firm than what is public."""
    return bool(
        session.scalar(select(exists().where(Company.id == company_id).where(known(actor))))
    )


def _selection(actor: Actor, wanted: CompanyFilter) -> Select[Any]:
    query = select(Company).where(visible(actor))
    if wanted.text:
        query = query.where(matches(wanted.text))
    if wanted.chain_id is not None or wanted.position is not None:
        place = select(ChainPosition.company_id).where(ChainPosition.ended_on.is_(None))
        if wanted.chain_id is not None:
            place = place.where(ChainPosition.chain_id == wanted.chain_id)
        if wanted.position is not None:
            place = place.where(ChainPosition.position == wanted.position)
        query = query.where(Company.id.in_(place))
    if wanted.region is Region.ABROAD:
        query = query.where(Company.country != MAINLAND, Company.division_code.is_(None))
    elif wanted.region is not None:
        codes = select(Division.code).where(Division.region == wanted.region)
        query = query.where(Company.division_code.in_(codes))
    if wanted.size_id is not None:
        sized = select(company_size.c.company_id).where(company_size.c.term_id == wanted.size_id)
        query = query.where(Company.id.in_(sized))
    if wanted.public is not None:
        query = query.where(Company.public.is_(wanted.public))
    return query


def matches(text: str) -> ColumnElement[bool]:
    """Firms found by what is typed: a part of the name, its pinyin or initials, the credit code."""
    key = search_key(text)
    if not key:
        return false() if text.strip() else Company.id.is_not(None)
    part = f"%{like_pattern(key)}%"
    found = [Company.search_text.like(part, escape="\\")]
    if key.isascii():
        found.append(Company.initials.like(part, escape="\\"))
        found.append(Company.pinyin.like(f"{like_pattern(key)}%", escape="\\"))
        if code := normal_code(text):
            found.append(Company.credit_code.like(f"{like_pattern(code)}%", escape="\\"))
    return or_(*found)


def companies(
    session: Session,
    actor: Actor,
    wanted: CompanyFilter | None = None,
    *,
    after: str | None = None,
    before: str | None = None,
) -> Page[Company]:
    """A page of the firms the actor reads, by pinyin, with division, size classes and live positions."""
    query = _selection(actor, wanted or CompanyFilter()).options(
        joinedload(Company.division), selectinload(Company.size_classes), _live_positions()
    )
    sort = Sort(Company.pinyin.expression, Company.id.expression)
    return turn(session, query, sort, after=after, before=before)


def company_count(session: Session, actor: Actor, wanted: CompanyFilter | None = None) -> int:
    """How many firms the same filter gives in all."""
    query = _selection(actor, wanted or CompanyFilter()).with_only_columns(func.count())
    return int(session.scalar(query) or 0)


def company(session: Session, actor: Actor, company_id: int) -> Company:
    """One firm with division, size classes and every position it ever had; Missing if hidden."""
    return found(
        session.scalar(
            select(Company)
            .where(Company.id == company_id, visible(actor))
            .options(
                joinedload(Company.division),
                selectinload(Company.size_classes),
                selectinload(Company.positions).options(
                    joinedload(ChainPosition.chain), joinedload(ChainPosition.node)
                ),
            )
        )
    )


def known_company(session: Session, actor: Actor, company_id: int) -> Company:
    """One firm for its form. Forbidden: the actor reads its public side only."""
    found = company(session, actor, company_id)
    if not knows(session, actor, company_id):
        raise Forbidden
    return found


def unit_name(session: Session, company: Company) -> str:
    """The name of the unit that entered a firm."""
    return session.scalar(select(Unit.name).where(Unit.id == company.unit_id)) or ""


def similar(
    session: Session, actor: Actor, name: str, but: int | None = None, limit: int = 5
) -> list[Company]:
    """Firms the actor reads whose name is the same but for its form and place: perhaps the same firm."""
    query = (
        select(Company)
        .where(Company.name_key == name_key(name), Company.id != (but or 0), visible(actor))
        .order_by(Company.pinyin, Company.id)
    )
    return list(session.scalars(query.limit(limit)))


def people(session: Session, actor: Actor, company_id: int) -> list[CompanyPerson]:
    """A firm's people, those no longer there last; none for readers of what is public only."""
    if not knows(session, actor, company_id):
        return []
    query = select(CompanyPerson).where(CompanyPerson.company_id == company_id)
    return list(session.scalars(query.order_by(CompanyPerson.active.desc(), CompanyPerson.id)))


def company_person(
    session: Session, actor: Actor, company_id: int, person_id: int
) -> CompanyPerson:
    """One of a firm's people, for who knows the firm."""
    query = (
        select(CompanyPerson)
        .join(Company, Company.id == CompanyPerson.company_id)
        .where(CompanyPerson.id == person_id, Company.id == company_id, known(actor))
    )
    return found(session.scalar(query))


def leaders_of(session: Session, actor: Actor, company_id: int) -> list[SupportLink]:
    """The leaders a firm supplies or supplied, with chains; live links first."""
    return _links(session, actor, SupportLink.supporter_id == company_id, SupportLink.leader)


def supporters_of(session: Session, actor: Actor, company_id: int) -> list[SupportLink]:
    """Who supplies a leader, of the firms the actor reads; live links first."""
    return _links(session, actor, SupportLink.leader_id == company_id, SupportLink.supporter)


def _links(
    session: Session, actor: Actor, where: ColumnElement[bool], other: Any
) -> list[SupportLink]:
    rows = session.scalars(
        select(SupportLink)
        .join(other)
        .options(contains_eager(other), joinedload(SupportLink.chain))
        .where(where, visible(actor))
        .order_by(SupportLink.id)
    )
    return sorted(rows, key=lambda link: link.ended_on is not None)


def recognised(session: Session, chain_id: int | None = None) -> list[ChainPosition]:
    """The positions that hold, with their firms (which are public), by pinyin; of all chains or one."""
    query = (
        select(ChainPosition)
        .join(ChainPosition.company)
        .options(contains_eager(ChainPosition.company))
        .where(ChainPosition.ended_on.is_(None))
        .order_by(Company.pinyin, Company.id)
    )
    if chain_id is not None:
        query = query.where(ChainPosition.chain_id == chain_id)
    return list(session.scalars(query))


def firms_by_place(
    places: Iterable[ChainPosition],
) -> dict[tuple[int, int | None], list[ChainPosition]]:
    """Positions by (chain, node), leaders first; node None: recognised in the chain as a whole."""
    order = list(Position)
    found: dict[tuple[int, int | None], list[ChainPosition]] = {}
    for place in sorted(places, key=lambda place: order.index(place.position)):
        found.setdefault((place.chain_id, place.node_id), []).append(place)
    return found


def chain_links(session: Session, actor: Actor, chain_id: int) -> list[SupportLink]:
    """Who supplies whom in a chain today, where the actor reads both firms (leaders are public)."""
    supporter = SupportLink.supporter
    return list(
        session.scalars(
            select(SupportLink)
            .join(supporter)
            .options(contains_eager(supporter), joinedload(SupportLink.leader))
            .where(SupportLink.chain_id == chain_id, SupportLink.ended_on.is_(None), visible(actor))
            .order_by(Company.pinyin, SupportLink.id)
        )
    )


def head_firms(
    session: Session,
    wanted: HeadFirmFilter | None = None,
    *,
    after: str | None = None,
    before: str | None = None,
) -> Page[HeadFirm]:
    """A page of head firms by pinyin, with firm, cluster and owner: read by everybody."""
    query = _head_firms(wanted or HeadFirmFilter()).options(
        contains_eager(HeadFirm.company),
        joinedload(HeadFirm.cluster),
        joinedload(HeadFirm.owner),
    )
    sort = Sort(Company.pinyin.expression, HeadFirm.id.expression)
    return turn(session, query, sort, after=after, before=before)


def head_firm_states(
    session: Session, wanted: HeadFirmFilter | None = None
) -> dict[HeadFirmState, int]:
    """How many head firms stand in each state, of those the filter gives."""
    query = _head_firms(wanted or HeadFirmFilter()).with_only_columns(HeadFirm.state, func.count())
    found = session.execute(query.group_by(HeadFirm.state))
    return {state: count for state, count in found}  # noqa: C416


def _head_firms(wanted: HeadFirmFilter) -> Select[Any]:
    query = select(HeadFirm).join(HeadFirm.company)
    if wanted.text:
        query = query.where(matches(wanted.text))
    if wanted.cluster_id is not None:
        query = query.where(HeadFirm.cluster_id == wanted.cluster_id)
    if wanted.state is not None:
        query = query.where(HeadFirm.state == wanted.state)
    if wanted.owner_id is not None:
        query = query.where(HeadFirm.owner_id == wanted.owner_id)
    return query


def head_firm(session: Session, head_firm_id: int) -> HeadFirm:
    """One head firm with firm, cluster and owner: read by everybody."""
    return found(
        session.scalar(
            select(HeadFirm)
            .where(HeadFirm.id == head_firm_id)
            .options(
                joinedload(HeadFirm.company).joinedload(Company.division),
                joinedload(HeadFirm.cluster),
                joinedload(HeadFirm.owner),
            )
        )
    )


def head_firm_of(session: Session, company_id: int) -> HeadFirm | None:
    """The head firm that a company is."""
    return session.scalar(select(HeadFirm).where(HeadFirm.company_id == company_id))


def writes_head_firm(actor: Actor) -> ColumnElement[bool]:
    """The head firms an actor may edit: his own, his people's, and those that nobody has."""
    mine = select(Person.id).where(in_scope(actor))
    return or_(
        HeadFirm.owner_id.is_(None), HeadFirm.owner_id == actor.id, HeadFirm.owner_id.in_(mine)
    )


def may_write_head_firm(session: Session, actor: Actor, head_firm_id: int) -> bool:
    """Whether the actor may edit this head firm."""
    mine = exists().where(HeadFirm.id == head_firm_id).where(writes_head_firm(actor))
    return bool(session.scalar(select(mine)))


def head_firm_owners(session: Session) -> list[Option]:
    """The people who have head firms, for the filter."""
    owners = select(HeadFirm.owner_id).distinct()
    rows = session.execute(
        select(Person.id, Person.name).where(Person.id.in_(owners)).order_by(Person.name_pinyin)
    )
    return [(str(number), name) for number, name in rows]


def company_options(
    session: Session, actor: Actor, ids: Iterable[int | None] = (), limit: int = MOST_OPTIONS
) -> list[Option]:
    """Firms the actor reads as choices, by pinyin: the first `limit`, and those already chosen."""
    query = select(Company.id, Company.name).where(visible(actor))
    query = query.order_by(Company.pinyin, Company.id)
    rows = list(session.execute(query.limit(limit)))
    chosen = {number for number in ids if number is not None} - {row[0] for row in rows}
    if chosen:
        rows += session.execute(query.where(Company.id.in_(chosen)))
    return [(str(number), name) for number, name in rows]


def suggestions(session: Session, actor: Actor, text: str, limit: int = 20) -> list[Option]:
    """Firms the actor reads that match what is being typed."""
    query = select(Company.id, Company.name).where(visible(actor), matches(text))
    rows = session.execute(query.order_by(Company.pinyin, Company.id).limit(limit))
    return [(str(number), name) for number, name in rows]


def leaders(session: Session, actor: Actor, chain_id: int | None = None) -> list[Option]:
    """Recognised chain leaders as choices for "brought by"; `data-parent` names the chains they lead."""
    found: dict[int, tuple[str, list[str]]] = {}
    for place in recognised(session, chain_id):
        if place.position is Position.LEADER:
            _name, chains = found.setdefault(place.company_id, (place.company.name, []))
            chains.append(str(place.chain_id))
    return [
        (str(number), name, {"data-parent": ",".join(chains)})
        for number, (name, chains) in found.items()
    ]


def head_firm_options(session: Session) -> list[Option]:
    """The head firms to choose from, by pinyin."""
    query = select(HeadFirm.id, Company.name).join(HeadFirm.company)
    rows = session.execute(query.order_by(Company.pinyin, HeadFirm.id))
    return [(str(number), name) for number, name in rows]


def _live_positions() -> Any:
    return selectinload(Company.positions.and_(ChainPosition.ended_on.is_(None))).options(
        joinedload(ChainPosition.chain)
    )


def found(row: Row | None) -> Row:
    """The row, or Missing."""
    if row is None:
        raise Missing
    return row
