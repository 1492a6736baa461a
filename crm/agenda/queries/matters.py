"""The matters that can wait, and the reasons why their rows do: conditions of the database, said once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, func, literal, null, or_, select
from sqlalchemy.orm import Session, aliased

from crm.accounts.models import Person, Unit
from crm.activities.models import Problem
from crm.agenda.rules import Ground, Kind, Line, Source, Week
from crm.catalog.models import District
from crm.companies.models import Company
from crm.core.actor import Actor
from crm.core.clock import day_of
from crm.counting.rules.facts import ReceiptState
from crm.leads.models import FOREVER, Lead
from crm.leads.queries.holding import held_until, lapsing
from crm.leads.queries.scope import readable as leads_readable
from crm.leads.queries.staleness import deadlines, overstayed, silent
from crm.leads.rules.clocks import Deadlines
from crm.leads.rules.kinds import Stage, Standing
from crm.ledger.models import Receipt, ReceiptStep
from crm.ledger.rules import Step
from crm.projects.models import Owed, Project
from crm.projects.queries.listing import reached_condition
from crm.projects.queries.owed import open_owed
from crm.projects.queries.scope import readable as projects_readable
from crm.projects.queries.scope import secret
from crm.projects.rules.kinds import Milestone, Relation


@dataclass(frozen=True)
class At:
    """The day that is asked about: its week, and the limits of the clocks as days."""

    week: Week
    limits: Deadlines

    @property
    def today(self) -> date:
        """The day."""
        return self.week.today


def at(session: Session, today: date) -> At:
    """The day with the limits in force; one query."""
    return At(Week.of(today), deadlines(session, today))


@dataclass(frozen=True)
class Reason:
    """When a row waits for this reason, and the day the reason counts from."""

    holds: ColumnElement[bool]
    since: Any


@dataclass(frozen=True)
class Matter:
    """A table of things that can wait.

    Attributes:
        rows: selects nothing yet, from the table with its joins; `order` makes lists stable.
        lives: whether a row can wait at all for what is planned.
        due: the day that is planned; None where the matter knows none.
        owner: with whom it waits.
        readable: the scope of one reader, as a condition.
        reasons: why a row waits, beside its planned day.
        shown: the columns that `line` reads, in its order.
    """

    source: Source
    rows: Callable[[Any], Any]
    lives: ColumnElement[bool]
    due: Any
    owner: Any
    amount: Any
    order: Any
    readable: Callable[[Actor], ColumnElement[bool]]
    reasons: Callable[[At], Mapping[Kind, Reason]]
    shown: tuple[Any, ...]

    def why(self, at: At) -> dict[Kind, Reason]:
        """Every reason for which a row can wait on the day."""
        return {**self._planned(at.week), **self.reasons(at)}

    def _planned(self, week: Week) -> dict[Kind, Reason]:
        if self.due is None:
            return {}
        days = {
            Kind.OVERDUE: self.due < week.today,
            Kind.TODAY: self.due == week.today,
            Kind.WEEK: self.due.between(week.today, week.sunday),
        }
        return {kind: Reason(and_(self.lives, day), self.due) for kind, day in days.items()}


_Landing = aliased(Unit)


def _with_lead(query: Any) -> Any:
    return (
        query.join(Person, Person.id == Lead.owner_id)
        .join(Unit, Unit.id == Lead.unit_id)
        .outerjoin(Company, Company.id == Lead.company_id)
    )


def _of_leads(query: Any) -> Any:
    return _with_lead(query.select_from(Lead))


def _with_project(query: Any) -> Any:
    return (
        query.join(Unit, Unit.id == Project.unit_id)
        .join(Company, Company.id == Project.company_id)
        .join(District, District.id == Project.district_id)
        .outerjoin(_Landing, _Landing.id == District.unit_id)
    )


def _of_projects(query: Any) -> Any:
    return _with_project(query.select_from(Project).join(Person, Person.id == Project.owner_id))


def _of_papers(query: Any) -> Any:
    started = query.select_from(Owed).join(Project, Project.id == Owed.project_id)
    return _with_project(started.join(Person, Person.id == Project.owner_id))


def _of_lead_problems(query: Any) -> Any:
    return _with_lead(query.select_from(Problem).join(Lead, Lead.id == Problem.lead_id))


def _of_project_problems(query: Any) -> Any:
    started = query.select_from(Problem).join(Project, Project.id == Problem.project_id)
    return _with_project(started.join(Person, Person.id == Project.owner_id))


def _of_receipts(query: Any) -> Any:
    started = query.select_from(Receipt).join(Project, Project.id == Receipt.project_id)
    return _with_project(started.join(Person, Person.id == Receipt.reported_by))


def under_way() -> ColumnElement[bool]:
    """A lead that is being worked on."""
    return and_(Lead.standing == Standing.OPEN, Lead.stage != Stage.SIGNED)


def lives() -> ColumnElement[bool]:
    """A project that was not terminated."""
    return Project.terminated_on == FOREVER


def not_started(today: date) -> ColumnElement[bool]:
    """A project past the day it was to start, with no start reported."""
    return and_(
        Project.planned_start < today,
        lives(),
        Project.relation != Relation.INCREASE,
        ~reached_condition(Milestone.STARTED),
    )


_SILENT_SINCE = case(
    (Lead.standing_until > Lead.silent_from, Lead.standing_until), else_=Lead.silent_from
)
_RETURNED_AT = (
    select(func.max(ReceiptStep.at))
    .where(ReceiptStep.receipt_id == Receipt.id, ReceiptStep.step == Step.RETURNED)
    .correlate(Receipt)
    .scalar_subquery()
)
_PROJECT_GROUND = (
    Project.owner_id,
    Unit.path,
    func.coalesce(_Landing.path, ""),
    secret(),
    Project.lead_id,
)

LEADS = Matter(
    source=Source.LEAD,
    rows=_of_leads,
    lives=under_way(),
    due=Lead.next_step_on,
    owner=Lead.owner_id,
    amount=Lead.amount_low,
    order=Lead.id,
    readable=leads_readable,
    reasons=lambda at: {
        Kind.NO_STEP: Reason(and_(under_way(), Lead.next_step_on == FOREVER), Lead.moved_on),
        Kind.SILENT: Reason(silent(at.limits), _SILENT_SINCE),
        Kind.LIMIT: Reason(overstayed(at.limits), Lead.staged_from),
        Kind.LAPSING: Reason(lapsing(at.today), held_until(at.today)),
    },
    shown=(
        Lead.id, literal(0), Lead.number, Lead.title, func.coalesce(Company.name, ""),
        Lead.next_step, Lead.next_step_on, Lead.owner_id, Person.name, Lead.amount_low, Lead.stage,
        Lead.last_contact_on, Lead.owner_id, Unit.path, literal(""), Lead.confidential, Lead.id,
    ),
)  # fmt: skip

PROJECTS = Matter(
    source=Source.PROJECT,
    rows=_of_projects,
    lives=lives(),
    due=Project.next_step_on,
    owner=Project.owner_id,
    amount=Project.agreed,
    order=Project.id,
    readable=projects_readable,
    reasons=lambda at: {Kind.UNSTARTED: Reason(not_started(at.today), Project.planned_start)},
    shown=(
        Project.id, literal(0), Project.number, Project.name, Company.name,
        Project.next_step, Project.next_step_on, Project.owner_id, Person.name, Project.agreed,
        null(), Project.last_contact_on, *_PROJECT_GROUND,
    ),
)  # fmt: skip

PAPERS = Matter(
    source=Source.PAPER,
    rows=_of_papers,
    lives=and_(open_owed(), lives()),
    due=Owed.due_on,
    owner=Project.owner_id,
    amount=Project.agreed,
    order=Owed.id,
    readable=projects_readable,
    reasons=lambda at: {Kind.EVIDENCE: Reason(and_(open_owed(), lives()), Owed.due_on)},
    shown=(
        Project.id, Owed.id, Project.number, Project.name, Company.name, Owed.demand, Owed.due_on,
        Project.owner_id, Person.name, Project.agreed, null(), null(), *_PROJECT_GROUND,
    ),
)  # fmt: skip

LEAD_PROBLEMS = Matter(
    source=Source.PROBLEM,
    rows=_of_lead_problems,
    lives=and_(Problem.solved_on.is_(None), Lead.standing != Standing.LOST),
    due=Problem.due_on,
    owner=Lead.owner_id,
    amount=Lead.amount_low,
    order=Problem.id,
    readable=leads_readable,
    reasons=lambda at: {},
    shown=(
        Problem.id, literal(0), Lead.number, Lead.title, func.coalesce(Company.name, ""),
        Problem.asked, Problem.due_on, Lead.owner_id, Person.name, Lead.amount_low, null(),
        null(), Lead.owner_id, Unit.path, literal(""), Lead.confidential, Lead.id,
    ),
)  # fmt: skip

PROJECT_PROBLEMS = Matter(
    source=Source.PROBLEM,
    rows=_of_project_problems,
    lives=and_(Problem.solved_on.is_(None), lives()),
    due=Problem.due_on,
    owner=Project.owner_id,
    amount=Project.agreed,
    order=Problem.id,
    readable=projects_readable,
    reasons=lambda at: {},
    shown=(
        Problem.id, literal(0), Project.number, Project.name, Company.name, Problem.asked,
        Problem.due_on, Project.owner_id, Person.name, Project.agreed, null(), null(),
        *_PROJECT_GROUND,
    ),
)  # fmt: skip

RECEIPTS = Matter(
    source=Source.RECEIPT,
    rows=_of_receipts,
    lives=false(),
    due=None,
    owner=Receipt.reported_by,
    amount=Receipt.amount,
    order=Receipt.id,
    readable=projects_readable,
    reasons=lambda at: {
        Kind.RETURNED: Reason(Receipt.state == ReceiptState.RETURNED, _RETURNED_AT)
    },
    shown=(
        Receipt.id, literal(0), Receipt.number, Project.name, Company.name, Receipt.payer, null(),
        Receipt.reported_by, Person.name, Receipt.amount, null(), null(), *_PROJECT_GROUND,
    ),
)  # fmt: skip

MATTERS = (LEADS, PROJECTS, PAPERS, LEAD_PROBLEMS, PROJECT_PROBLEMS, RECEIPTS)
"""All there are, in the order in which their lines are read."""


def any_of(why: Mapping[Kind, Reason]) -> ColumnElement[bool]:
    """A row that waits for one of these reasons; none at all for no reason."""
    return or_(literal(False), *(reason.holds for reason in why.values()))


def columns(matter: Matter, why: Mapping[Kind, Reason]) -> list[Any]:
    """What a line is made of: what is shown, and for each reason the day it counts from, if it holds."""
    return [*matter.shown, *(case((one.holds, one.since)) for one in why.values())]


def lines_of(matter: Matter, why: Mapping[Kind, Reason], rows: Any) -> Iterator[Line]:
    """The lines that rows of `columns` make."""
    shown = len(matter.shown)
    for row in rows:
        (
            number, part, called, title, company, what, day, owner_id, owner, amount, stage,
            contact, *ground,
        ) = row[:shown]  # fmt: skip
        since = {
            kind: day_of(began) if isinstance(began, datetime) else began
            for kind, began in zip(why, row[shown:], strict=True)
            if began is not None
        }
        yield Line(
            source=matter.source,
            id=number,
            part=part,
            number=called,
            title=title,
            company=company,
            what=what,
            day=None if day == FOREVER else day,
            owner_id=owner_id,
            owner=owner,
            amount=amount,
            stage=stage,
            contact=contact,
            since=since,
            ground=Ground(*ground),
        )
