"""The work page: next steps of leads and projects, leads without one, evidence owed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, literal, select, union_all
from sqlalchemy.orm import Session, joinedload

from crm.accounts.models import Person
from crm.accounts.rules import Permission
from crm.companies.models import Company
from crm.core.actor import Actor
from crm.core.forms import row_number
from crm.home.rules import Pile, Week
from crm.leads.models import FOREVER, Lead
from crm.leads.queries.scope import readable as leads_readable
from crm.leads.rules.kinds import Stage, Standing
from crm.projects.models import Owed, Project
from crm.projects.queries.owed import open_owed
from crm.projects.queries.scope import readable as projects_readable

MOST = 300
"""Lines of each kind that are read; the counters count all."""


@dataclass(frozen=True)
class Wish:
    """What the reader wants to see of the work.

    Attributes:
        whole: the unit's work and not only one's own.
        owner: one person's work, within that scope.
        day: only what is planned for this day.
        all: as many lines as there are, not the first page of them.
    """

    pile: Pile | None = None
    whole: bool = False
    owner: int | None = None
    day: date | None = None
    all: bool = False

    @classmethod
    def from_args(cls, args: Mapping[str, str], actor: Actor) -> Wish:
        """Read an address; what cannot be read is left out. A manager starts with his unit's work."""
        pile = args.get("filter", "")
        owner = args.get("owner", "")
        try:
            day = date.fromisoformat(args.get("day", ""))
        except ValueError:
            day = None
        scope = args.get("scope") or ("unit" if actor.may(Permission.LEAD_WRITE_UNIT) else "mine")
        return cls(
            pile=Pile(pile) if pile in list(Pile) else None,
            whole=scope == "unit" and may_see_all(actor),
            owner=row_number(owner),
            day=day,
            all=bool(args.get("all")),
        )


def may_see_all(actor: Actor) -> bool:
    """Whether the switch from one's own work to the unit's is offered."""
    return actor.may(Permission.LEAD_WRITE_UNIT) or actor.may(Permission.PROJECT_WRITE_UNIT)


@dataclass(frozen=True)
class Item:
    """A line of the list.

    Attributes:
        subject: "lead" or "project"; `id` is its number.
        what: the next step in its owner's words; for evidence the demand's key.
        day: by which day; None for a lead without a next step.
        own: the reader may act on it from here.
    """

    pile: Pile
    subject: str
    id: int
    title: str
    company: str
    what: str
    day: date | None
    owner: str
    confidential: bool
    own: bool
    stage: Stage | None = None


@dataclass(frozen=True)
class Load:
    """What waits with one person."""

    owner_id: int
    owner: str
    counts: Counter[Pile]


def loads(session: Session, actor: Actor, wish: Wish, week: Week) -> list[Load]:
    """The counters by person, whoever has most overdue first; their sum is the page's."""
    found: dict[int, Load] = {}
    for query in (
        _counted(Lead, _open_leads(actor, wish), week, no_step=True),
        _counted(Project, _open_projects(actor, wish), week, no_step=False),
    ):
        for owner_id, owner, *counts in session.execute(query):
            load = found.setdefault(owner_id, Load(owner_id, owner, Counter()))
            load.counts.update(dict(zip(Pile, counts, strict=False)))
    query = (
        select(
            Project.owner_id,
            Person.name,
            *(func.count().filter(_due_in(pile, week)) for pile in Pile),
        )
        .select_from(Owed)
        .join(Owed.project)
        .join(Project.company)
        .join(Project.owner)
        .where(open_owed(), *_open_projects(actor, wish))
        .group_by(Project.owner_id, Person.name)
    )
    for owner_id, owner, *counts in session.execute(query):
        load = found.setdefault(owner_id, Load(owner_id, owner, Counter()))
        load.counts.update(dict(zip(Pile, counts, strict=True)))
    return sorted(
        found.values(), key=lambda load: (-load.counts[Pile.OVERDUE], load.owner, load.owner_id)
    )


def items(session: Session, actor: Actor, wish: Wish, week: Week) -> list[Item]:
    """The lines under the counters; without a filter: what is late, this week's, and what lacks a step."""
    found: list[Item] = []
    if wish.pile is not Pile.EVIDENCE:
        found += _lead_items(session, actor, wish, week)
    if wish.pile not in {Pile.EVIDENCE, Pile.NO_STEP}:
        found += _project_items(session, actor, wish, week)
    if wish.pile is not Pile.NO_STEP:
        found += _owed_items(session, actor, wish, week)
    return found


def week_counts(session: Session, actor: Actor, wish: Wish, week: Week) -> dict[date, int]:
    """How many next steps and papers each day of the week asks for."""
    within = (week.monday, week.sunday)
    steps = [
        select(kind.next_step_on.label("day")).where(
            kind.next_step_on.between(*within), *conditions
        )
        for kind, conditions in (
            (Lead, _open_leads(actor, wish)),
            (Project, _open_projects(actor, wish)),
        )
    ]
    papers = (
        select(Owed.due_on.label("day"))
        .join(Owed.project)
        .join(Project.company)
        .where(open_owed(), Owed.due_on.between(*within), *_open_projects(actor, wish))
    )
    days = union_all(*steps, papers).subquery()
    rows = session.execute(select(days.c.day, func.count()).group_by(days.c.day))
    return {day: count for day, count in rows}  # noqa: C416


def touched(session: Session, actor: Actor, wish: Wish, limit: int = 5) -> list[Lead]:
    """The leads last in contact."""
    return list(
        session.scalars(
            select(Lead)
            .options(joinedload(Lead.company))
            .where(*_open_leads(actor, wish), Lead.last_contact_on.is_not(None))
            .order_by(Lead.last_contact_on.desc(), Lead.id.desc())
            .limit(limit)
        )
    )


def _open_leads(actor: Actor, wish: Wish) -> list[ColumnElement[bool]]:
    return [
        leads_readable(actor),
        Lead.standing == Standing.OPEN,
        Lead.stage != Stage.SIGNED,
        *_whose(Lead.owner_id, actor, wish),
    ]


def _open_projects(actor: Actor, wish: Wish) -> list[ColumnElement[bool]]:
    return [
        projects_readable(actor),
        Project.terminated_on == FOREVER,
        *_whose(Project.owner_id, actor, wish),
    ]


def _whose(owner: Any, actor: Actor, wish: Wish) -> list[ColumnElement[bool]]:
    if not wish.whole:
        return [owner == actor.id]
    return [owner == wish.owner] if wish.owner else []


def _counted(kind: Any, conditions: list[ColumnElement[bool]], week: Week, no_step: bool) -> Any:
    """Owner, name, and the counts of the piles that steps make, in the order of `Pile`."""
    piles = [Pile.OVERDUE, Pile.TODAY, Pile.WEEK, *([Pile.NO_STEP] if no_step else [])]
    counts = [func.count().filter(_in_pile(kind, pile, week)) for pile in piles]
    return (
        select(kind.owner_id, Person.name, *counts)
        .select_from(kind)
        .join(kind.owner)
        .where(*conditions)
        .group_by(kind.owner_id, Person.name)
    )


def _in_pile(kind: Any, pile: Pile | None, week: Week) -> ColumnElement[bool]:
    day = kind.next_step_on
    conditions: dict[Pile, Any] = {
        Pile.OVERDUE: day < week.today,
        Pile.TODAY: day == week.today,
        Pile.WEEK: day.between(week.today, week.sunday),
        Pile.NO_STEP: day == FOREVER,
    }
    if pile in conditions:
        return conditions[pile]  # type: ignore[no-any-return]
    this_week = day <= week.sunday
    return this_week | (day == FOREVER) if kind is Lead else this_week  # type: ignore[no-any-return]


def _due_in(pile: Pile | None, week: Week) -> ColumnElement[bool]:
    conditions: dict[Pile | None, Any] = {
        Pile.OVERDUE: Owed.due_on < week.today,
        Pile.TODAY: Owed.due_on == week.today,
        Pile.WEEK: Owed.due_on.between(week.today, week.sunday),
        Pile.NO_STEP: literal(False),
        Pile.EVIDENCE: literal(True),
        None: Owed.due_on <= week.sunday,
    }
    return conditions[pile]  # type: ignore[no-any-return]


def _on(column: Any, wish: Wish) -> list[ColumnElement[bool]]:
    return [] if wish.day is None else [column == wish.day]


def _lead_items(session: Session, actor: Actor, wish: Wish, week: Week) -> list[Item]:
    shown = _in_pile(Lead, wish.pile, week) if wish.day is None else literal(True)
    rows = session.execute(
        select(
            Lead.id, Lead.title, Company.name, Lead.next_step, Lead.next_step_on, Person.name,
            Lead.confidential, Lead.owner_id, Lead.stage,
        )
        .join(Lead.owner)
        .outerjoin(Lead.company)
        .where(*_open_leads(actor, wish), shown, *_on(Lead.next_step_on, wish))
        .order_by(Lead.next_step_on, Lead.id)
        .limit(MOST)
    )  # fmt: skip
    return [
        Item(
            pile=Pile.NO_STEP if day == FOREVER else Pile.WEEK,
            subject="lead",
            id=number,
            title=title,
            company=company or "",
            what=step,
            day=None if day == FOREVER else day,
            owner=owner,
            confidential=confidential,
            own=owner_id == actor.id or actor.may(Permission.LEAD_WRITE_UNIT),
            stage=stage,
        )
        for number, title, company, step, day, owner, confidential, owner_id, stage in rows
    ]


def _project_items(session: Session, actor: Actor, wish: Wish, week: Week) -> list[Item]:
    shown = _in_pile(Project, wish.pile, week) if wish.day is None else literal(True)
    rows = session.execute(
        select(
            Project.id, Project.name, Company.name, Project.next_step, Project.next_step_on,
            Person.name, Project.confidential, Project.owner_id,
        )
        .join(Project.owner)
        .join(Project.company)
        .where(*_open_projects(actor, wish), shown, *_on(Project.next_step_on, wish))
        .order_by(Project.next_step_on, Project.id)
        .limit(MOST)
    )  # fmt: skip
    return [_project_item(Pile.WEEK, row, actor) for row in rows]


def _owed_items(session: Session, actor: Actor, wish: Wish, week: Week) -> list[Item]:
    """All that is owed under its own filter; else what is late or falls due this week."""
    shown = literal(True) if wish.day else _due_in(wish.pile, week)
    rows = session.execute(
        select(
            Project.id, Project.name, Company.name, Owed.demand, Owed.due_on,
            Person.name, Project.confidential, Project.owner_id,
        )
        .select_from(Owed)
        .join(Owed.project)
        .join(Project.company)
        .join(Project.owner)
        .where(open_owed(), *_open_projects(actor, wish), shown, *_on(Owed.due_on, wish))
        .order_by(Owed.due_on, Owed.id)
        .limit(MOST)
    )  # fmt: skip
    return [_project_item(Pile.EVIDENCE, row, actor) for row in rows]


def _project_item(pile: Pile, row: Any, actor: Actor) -> Item:
    number, name, company, what, day, owner, confidential, owner_id = row
    return Item(
        pile=pile,
        subject="project",
        id=number,
        title=name,
        company=company,
        what=what,
        day=day,
        owner=owner,
        confidential=confidential,
        own=owner_id == actor.id or actor.may(Permission.PROJECT_WRITE_UNIT),
    )
