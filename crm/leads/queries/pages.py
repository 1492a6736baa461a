"""A page of leads: at the cost of what it shows, however many there are.

Two ways lead to a page, with the same rows in the same order. The *walk* reads the next leads of the list's
order from its indexes, so many and no more, and tests them against the filter. Where that does not fill the
page, few leads fit, or they stand far from here: the filter's own indexes *gather* them, and they are
sorted. So a wide filter costs a few index entries and a narrow one its own few rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select, true, union_all
from sqlalchemy.orm import Session, joinedload, selectinload

from crm.companies.models import HeadFirm
from crm.core.actor import Actor
from crm.core.paging import PAGE, Page, Sort, beyond, fold, in_order
from crm.leads.models import Lead
from crm.leads.queries.filters import LeadFilter, conditions, narrowed, placed
from crm.leads.queries.orders import FIRST, Lane, Lanes, Mark, Order, order
from crm.leads.queries.scope import readable, reading, reads_all
from crm.leads.rules.clocks import Deadlines
from crm.leads.rules.kinds import Stage

WALKED = 3_000
"""So many leads are walked before the filter is asked instead."""


def leads(
    session: Session,
    actor: Actor,
    wanted: LeadFilter,
    *,
    limits: Deadlines,
    sort: str = FIRST,
    after: str | None = None,
    before: str | None = None,
    size: int = PAGE,
) -> Page[Lead]:
    """A page of the leads the actor reads, with what a row shows.

    Args:
        after, before: a mark from an earlier page; one that cannot be read means the first page.
    """
    by = order(session, sort)
    mark = by.mark(before or after)
    backward = bool(before) and mark is not None
    found = _found(session, actor, wanted, limits, by, mark, backward, size)
    shown = rows(session, actor, [number for number, _key in found])
    told = [(shown[number], by.told(key), number) for number, key in found]
    return fold(told, size, mark is not None, backward)


def columns(
    session: Session,
    actor: Actor,
    wanted: LeadFilter,
    *,
    limits: Deadlines,
    sort: str = FIRST,
    after: str | None = None,
    size: int = PAGE,
) -> dict[Stage, Page[Lead]]:
    """A page of each stage that the filter shows, from a mark on in all of them."""
    by = order(session, sort)
    mark = by.mark(after)
    found = {
        stage: _found(session, actor, replace(wanted, stage=stage), limits, by, mark, False, size)
        for stage in wanted.stages
    }
    shown = rows(session, actor, [number for pairs in found.values() for number, _key in pairs])
    return {
        stage: fold(
            [(shown[number], by.told(key), number) for number, key in pairs],
            size,
            mark is not None,
            False,
        )
        for stage, pairs in found.items()
    }


def _found(
    session: Session,
    actor: Actor,
    wanted: LeadFilter,
    limits: Deadlines,
    by: Order,
    mark: Mark | None,
    backward: bool,
    size: int,
) -> Found:
    """The ids and keys of a page, and of one more."""
    asked = narrowed(actor, wanted, limits)
    down = by.descending != backward
    scope = [] if reads_all(actor) else [readable(actor)]
    found = _walk(session, by.lanes(wanted, mark, backward), [*scope, *asked], down, size)
    if found is None:
        few = [*asked, *(reading(actor) or [Lead.standing.in_(wanted.standings)])]
        found = _gather(session, by, wanted, few, mark, backward, size)
    return found


def some(
    session: Session, actor: Actor, wanted: LeadFilter, *, limits: Deadlines, limit: int
) -> list[Lead]:
    """The first leads of a filter, the latest entered first: for parts of other pages."""
    query = select(Lead).where(*conditions(actor, wanted, limits)).options(*SHOWN)
    return list(session.scalars(query.order_by(Lead.id.desc()).limit(limit)))


SHOWN = (
    joinedload(Lead.company),
    joinedload(Lead.model),
    joinedload(Lead.head_firm).joinedload(HeadFirm.company),
    joinedload(Lead.scenario),
    joinedload(Lead.chain),
    joinedload(Lead.node),
    joinedload(Lead.brought_by),
    joinedload(Lead.district),
    joinedload(Lead.owner),
    joinedload(Lead.unit),
    joinedload(Lead.source),
    selectinload(Lead.tags),
    selectinload(Lead.collaborators),
)
"""What a row of a list shows beside the lead's own columns."""

Found = list[tuple[int, Any]]
"""(id, key) of the rows of a page, in order, and of one more where there is one."""


def _walk(
    session: Session, lanes: Lanes, tests: list[ColumnElement[bool]], down: bool, size: int
) -> Found | None:
    """The page found by walking; None where the walk ended before the page was full."""
    tests = [*lanes.tests, *tests]
    found: Found = []
    left = WALKED if tests else size + 1
    for batch in lanes.batches:
        walked, some = _tested(
            session, _window(batch, down, left), tests, down, size + 1 - len(found)
        )
        found += some
        left -= walked
        if len(found) > size or left <= 0:
            break
    full = len(found) > size
    return found if full or (left > 0 and lanes.all) else None


def _tested(
    session: Session, window: Any, tests: list[ColumnElement[bool]], down: bool, most: int
) -> tuple[int, Found]:
    """How many leads a window holds, and the first of them that pass the tests."""
    passing = select(window.c.id, window.c.key)
    if tests:
        passing = passing.where(exists().where(Lead.id == window.c.id, *tests))
    sort = Sort(window.c.key, window.c.id, down)
    first = passing.order_by(*in_order(sort)).limit(most).subquery()
    held = select(func.count().label("held")).select_from(window).subquery()
    query = select(held.c.held, first.c.id, first.c.key).select_from(held.outerjoin(first, true()))
    rows = session.execute(query.order_by(*in_order(Sort(first.c.key, first.c.id, down)))).all()
    return rows[0][0], [(number, key) for _held, number, key in rows if number is not None]


def _window(lanes: list[Lane], down: bool, most: int) -> Any:
    """The next leads of the merged lanes: id and key."""
    parts = []
    for lane in lanes:
        within = in_order(Sort(lane.key, Lead.id.expression, down))[1 if lane.one else 0 :]
        part = select(Lead.id.label("id"), lane.key.label("key")).where(*lane.where)
        parts.append(select(part.order_by(*within).limit(most).subquery()))
    merged = union_all(*parts).subquery()
    sort = Sort(merged.c.key, merged.c.id, down)
    window = select(merged).order_by(*in_order(sort)).limit(most)
    return window.cte("walked").prefix_with("MATERIALIZED")


def _gather(
    session: Session,
    by: Order,
    wanted: LeadFilter,
    tests: list[ColumnElement[bool]],
    mark: Mark | None,
    backward: bool,
    size: int,
) -> Found:
    """The page found by the filter's own indexes: all that fit are gathered, then sorted."""
    few = select(Lead.id.label("id")).where(*tests).cte("few").prefix_with("MATERIALIZED")
    gathered = select(Lead.id).join(few, few.c.id == Lead.id).where(*placed(wanted))
    key = by.key(session, gathered, mark, by.descending == backward, size)
    sort = Sort(key.column, Lead.id.expression, by.descending)
    query = gathered.add_columns(key.column.label("key")).where(*key.where)
    if mark is not None:
        query = query.where(beyond(sort, mark, backward))
    return _pairs(session, query.order_by(*in_order(sort, backward)).limit(size + 1))


def _pairs(session: Session, query: Select[Any]) -> Found:
    return [(number, key) for number, key in session.execute(query)]


def rows(session: Session, actor: Actor, ids: Sequence[int]) -> dict[int, Lead]:
    """Leads that the actor reads, by id, with what a row and a card show."""
    query = select(Lead).where(Lead.id.in_(ids), readable(actor)).options(*SHOWN)
    return {lead.id: lead for lead in session.scalars(query)}
