"""The list of projects: what is filtered, in which order, what it comes to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from crm.companies.models import Company, HeadFirm
from crm.companies.rules import Position
from crm.core.actor import Actor
from crm.core.forms import MAX_ID
from crm.core.paging import Page, Sort, turn
from crm.counting.models import DecisionRow, Subject
from crm.counting.queries import stored
from crm.leads.models import FOREVER
from crm.projects.models import Project, Reached, project_tag
from crm.projects.queries.owed import Owing, owing, owing_of
from crm.projects.queries.scope import readable, secret
from crm.projects.rules.kinds import Milestone, ProjectKind, Relation
from crm.values.money import Money
from crm.values.text import like_pattern, search_key


class Progress(StrEnum):
    """How far a project is, as a filter says it."""

    NOT_STARTED = "not_started"
    START_REPORTED = "start_reported"
    STARTED = "started"
    COMMISSIONED = "commissioned"
    AT_CAPACITY = "at_capacity"
    TERMINATED = "terminated"


class Order(StrEnum):
    """The orders of the list."""

    SIGNED = "signed"
    AGREED = "agreed"
    NAME = "name"
    NEXT_STEP = "next_step"


NONE = 0
"""The value of 待定 in a filter on a dimension."""


@dataclass(frozen=True)
class ProjectFilter:
    """What a list was narrowed to; a dimension of 0 means 待定, None that it is not filtered."""

    q: str = ""
    year: int | None = None
    progress: Progress | None = None
    kind: ProjectKind | None = None
    chain: int | None = None
    node: int | None = None
    position: Position | None = None
    model: int | None = None
    head_firm: int | None = None
    scenario: int | None = None
    brought_by: int | None = None
    district: int | None = None
    owner: int | None = None
    tag: int | None = None
    owed: bool = False
    order: Order = Order.SIGNED

    @classmethod
    def from_args(cls, args: Mapping[str, str]) -> ProjectFilter:
        """Read an address; what cannot be read is left out, never an error."""
        kinds: dict[str, type[StrEnum]] = {
            "progress": Progress,
            "kind": ProjectKind,
            "position": Position,
            "order": Order,
        }
        read: dict[str, Any] = {
            "q": args.get("q", "").strip()[:100],
            "owed": bool(args.get("owed")),
        }
        for name in (one.name for one in fields(cls) if one.name not in {"q", "owed"}):
            text = args.get(name, "")
            if name in kinds and text in list(kinds[name]):
                read[name] = kinds[name](text)
            elif name not in kinds and text.isascii() and text.isdecimal() and len(text) < 20:
                read[name] = min(int(text), MAX_ID)
        if (year := read.get("year")) is not None and not 1949 <= year <= 2100:
            read["year"] = None
        return cls(**read)

    def without(self, name: str) -> ProjectFilter:
        """The filter with one of its conditions dropped."""
        return replace(self, **{name: getattr(ProjectFilter(), name)})


@dataclass(frozen=True)
class Line:
    """A project of the list with what its columns need beyond it.

    Attributes:
        decision: whether it counts as a start, and why; None until it was decided.
    """

    project: Project
    reached: dict[Milestone, Reached]
    owing: Owing | None
    secret: bool
    decision: DecisionRow | None

    @property
    def steps(self) -> list[tuple[Milestone, Reached]]:
        """What it has reached since its signing, in the usual order."""
        after = [one for one in Milestone if one is not Milestone.SIGNED]
        return [(one, self.reached[one]) for one in after if one in self.reached]


@dataclass(frozen=True)
class Total:
    """How many projects a filter leaves and what was agreed for them."""

    count: int
    agreed: Money


def projects(
    session: Session,
    actor: Actor,
    wanted: ProjectFilter,
    *,
    after: str | None = None,
    before: str | None = None,
) -> Page[Line]:
    """One page of what the actor may read, in five queries whatever the page."""
    query = _filtered(select(Project), actor, wanted).options(
        contains_eager(Project.company), *_SHOWN
    )
    found = turn(session, query, _SORTS[wanted.order], after=after, before=before)
    return Page(lines(session, found.rows), found.after, found.before)


def total(session: Session, actor: Actor, wanted: ProjectFilter) -> Total:
    """Count and sum of the same rows."""
    figures = select(func.count(), func.sum(Project.agreed)).select_from(Project)
    count, agreed = session.execute(_filtered(figures, actor, wanted)).one()
    return Total(count, agreed or Money(0))


def attached(session: Session, actor: Actor, condition: ColumnElement[bool]) -> list[Line]:
    """The projects of something (a lead, a company, a first project) that the actor may read."""
    query = (
        select(Project)
        .join(Project.company)
        .options(contains_eager(Project.company), *_SHOWN)
        .where(readable(actor), condition)
        .order_by(Project.signed_on.desc(), Project.id.desc())
        .limit(50)
    )
    return lines(session, list(session.scalars(query)))


def lines(session: Session, rows: list[Project]) -> list[Line]:
    """Rows with their milestones, what they owe, whether they count and why: four queries for all."""
    ids = [project.id for project in rows]
    reached: dict[int, dict[Milestone, Reached]] = {number: {} for number in ids}
    for one in session.scalars(select(Reached).where(Reached.project_id.in_(ids))):
        reached[one.project_id][one.milestone] = one
    owed = owing_of(session, ids)
    hidden = set(session.scalars(select(Project.id).where(Project.id.in_(ids), secret())))
    said = stored.decisions(session, Subject.PROJECT, ids)
    return [
        Line(
            project,
            reached[project.id],
            owed.get(project.id),
            project.id in hidden,
            said.get(project.id),
        )
        for project in rows
    ]


def years(session: Session, actor: Actor) -> list[int]:
    """The years in which something the actor may read was signed, the latest first."""
    ends: Any = select(func.min(Project.signed_on), func.max(Project.signed_on))
    first, last = session.execute(ends.where(readable(actor))).one()
    return [] if first is None else list(range(last.year, first.year - 1, -1))


_SHOWN = (
    joinedload(Project.district),
    joinedload(Project.chain),
    joinedload(Project.node),
    joinedload(Project.model),
    joinedload(Project.head_firm).joinedload(HeadFirm.company),
    joinedload(Project.scenario),
    joinedload(Project.owner),
    selectinload(Project.tags),
)

_SORTS = {
    Order.SIGNED: Sort(Project.signed_on, Project.id, descending=True),  # type: ignore[arg-type]
    Order.AGREED: Sort(Project.agreed, Project.id, descending=True),  # type: ignore[arg-type]
    Order.NAME: Sort(Project.pinyin, Project.id),  # type: ignore[arg-type]
    Order.NEXT_STEP: Sort(Project.next_step_on, Project.id),  # type: ignore[arg-type]
}

_DIMENSIONS: dict[str, Any] = {
    "chain": Project.chain_id,
    "node": Project.node_id,
    "model": Project.model_id,
    "head_firm": Project.head_firm_id,
    "scenario": Project.scenario_id,
    "brought_by": Project.brought_by_id,
    "district": Project.district_id,
    "owner": Project.owner_id,
}


def _filtered(query: Any, actor: Actor, wanted: ProjectFilter) -> Any:
    return query.join(Project.company).where(readable(actor), *_conditions(wanted))


def _conditions(wanted: ProjectFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    for name, column in _DIMENSIONS.items():
        value = getattr(wanted, name)
        if value is not None:
            found.append(column.is_(None) if value == NONE else column == value)
    if wanted.q:
        found.append(found_by(wanted.q))
    if wanted.year:
        found.append(Project.signed_on.between(date(wanted.year, 1, 1), date(wanted.year, 12, 31)))
    if wanted.kind:
        found.append(Project.kind == wanted.kind)
    if wanted.position:
        found.append(Project.position == wanted.position)
    if wanted.tag:
        found.append(
            exists(
                select(1).where(
                    project_tag.c.project_id == Project.id, project_tag.c.term_id == wanted.tag
                )
            )
        )
    if wanted.owed:
        found.append(and_(Project.terminated_on == FOREVER, owing()))
    if wanted.progress:
        found.append(progress_condition(wanted.progress))
    return found


def found_by(text: str) -> ColumnElement[bool]:
    """Projects found by a part of name, number, pinyin or the company; the query joins Company."""
    key = f"%{like_pattern(search_key(text))}%"
    return or_(
        Project.search_text.like(key, escape="\\"),
        Project.number.like(f"{like_pattern(text.upper())}%", escape="\\"),
        Project.initials.like(key, escape="\\"),
        Project.pinyin.like(key, escape="\\"),
        Company.search_text.like(key, escape="\\"),
    )


def progress_condition(progress: Progress) -> ColumnElement[bool]:
    """A Project that is so far."""
    lives = Project.terminated_on == FOREVER
    started = reached_condition(Milestone.STARTED)
    found: dict[Progress, ColumnElement[bool]] = {
        Progress.NOT_STARTED: and_(lives, ~started, Project.relation != Relation.INCREASE),
        Progress.START_REPORTED: and_(
            lives, reached_condition(Milestone.STARTED, recognised=False)
        ),
        Progress.STARTED: reached_condition(Milestone.STARTED, recognised=True),
        Progress.COMMISSIONED: reached_condition(Milestone.COMMISSIONED),
        Progress.AT_CAPACITY: reached_condition(Milestone.AT_CAPACITY),
        Progress.TERMINATED: ~lives,
    }
    return found[progress]


def reached_condition(
    milestone: Milestone, recognised: bool | None = None, by: date | None = None
) -> ColumnElement[bool]:
    """A Project that reported a milestone; with `recognised`, that a department did or did not yet.

    With `by`, only one that was reached up to that day.
    """
    query = select(1).where(Reached.project_id == Project.id, Reached.milestone == milestone)
    if recognised is not None:
        known = Reached.recognised_on.is_not(None)
        query = query.where(known if recognised else ~known)
    if by is not None:
        query = query.where(Reached.reported_on <= by)
    return exists(query)
