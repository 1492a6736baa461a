"""Changes to a project that stands: facts, dimensions, codes, tags, the mark, its end, its last contact."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import delete, func, insert, or_, select
from sqlalchemy.orm import Session

import crm.companies.operations.sharing
import crm.leads.operations.moving
from crm.accounts.rules import Permission
from crm.audit.operations import record, record_values
from crm.catalog.models import ChainNode, Term
from crm.catalog.rules import TermKind
from crm.core.actor import Actor
from crm.core.clock import day_of
from crm.core.errors import Missing, Refused
from crm.core.versions import take
from crm.leads.models import FOREVER
from crm.leads.rules.kinds import Stage
from crm.leads.rules.moves import Door
from crm.projects.models import Project, Reached, project_tag
from crm.projects.operations.handing import hand
from crm.projects.operations.planning import plan_funds
from crm.projects.operations.terms import Terms
from crm.projects.queries import scope
from crm.projects.queries.detail import living_of_lead, share_with
from crm.projects.queries.facts import family_of, plan_of
from crm.projects.rules.dimensions import Dimensions
from crm.projects.rules.investment import FundsPlan


def edit(
    session: Session,
    actor: Actor,
    project_id: int,
    terms: Terms,
    *,
    version: int | None = None,
    now: datetime,
) -> Project:
    """Change name, kind, amounts, plan and place. What was signed (day, party) stays."""
    row = scope.locked(session, actor, project_id)
    plan = terms.plan
    if plan is None:
        years = plan_of(session, project_id)
        kept = tuple((year, planned.amount) for year, planned in years.items())
        plan = FundsPlan(kept, row.plan_why)
    replace(terms, plan=plan).check(session, row.relation)
    take(row, version)
    for name, value in terms.columns().items():
        setattr(row, name, value)
    record(session, actor, "project.edited", row, now=now)
    plan_funds(session, actor, row, plan, now=now)
    _share(session, row)
    hand(session, actor, [project_id], now=now)
    return row


def correct(
    session: Session,
    actor: Actor,
    project_id: int,
    dimensions: Dimensions,
    why: str,
    *,
    version: int | None = None,
    now: datetime,
) -> Project:
    """Correct what was fixed at signing: a manager's right, with a reason; it moves figures."""
    row = scope.locked_to_supervise(session, actor, project_id, Permission.PROJECT_CORRECT)
    if not why:
        raise Refused(_("Say why it is corrected: figures by chain and model move."), "why")
    if dimensions.node_id is not None:
        node = session.get(ChainNode, dimensions.node_id)
        if node is None or node.chain_id != dimensions.chain_id:
            raise Refused(_("This node belongs to another chain."), "node_id")
    take(row, version)
    for name, value in asdict(dimensions).items():
        setattr(row, name, value)
    record(session, actor, "project.corrected", row, now=now, note=why)
    hand(session, actor, [project_id], now=now)
    return row


@dataclass(frozen=True)
class Codes:
    """备案 and 入统 codes, the day of 入统, the day of 入规."""

    filing_code: str = ""
    statistics_code: str = ""
    statistics_on: date | None = None
    above_scale_on: date | None = None


def set_codes(
    session: Session,
    actor: Actor,
    project_id: int,
    codes: Codes,
    *,
    version: int | None = None,
    now: datetime,
) -> Project:
    """Enter the project's codes and the days they came; its filing code weighs with its phases too."""
    row = scope.locked(session, actor, project_id)
    for name in ("statistics_on", "above_scale_on"):
        if (day := getattr(codes, name)) is not None and day > day_of(now):
            raise Refused(_("This day is still to come."), name)
    if codes.statistics_on is not None and not codes.statistics_code:
        raise Refused(_("Enter the code that came with the day."), "statistics_code")
    take(row, version)
    for name, value in asdict(codes).items():
        setattr(row, name, value)
    record(session, actor, "project.codes_set", row, now=now)
    hand(session, actor, family_of(session, project_id), now=now)
    return row


def set_tags(
    session: Session,
    actor: Actor,
    project_id: int,
    term_ids: Iterable[int],
    *,
    now: datetime,
) -> None:
    """Replace a project's tags (重大项目 …)."""
    row = scope.locked(session, actor, project_id)
    tags = select(Term.id, Term.name).where(Term.kind == TermKind.TAG)
    wanted = dict(session.execute(tags.where(Term.id.in_(list(term_ids)))).all())
    held = project_tag.c.project_id == project_id
    before = dict(
        session.execute(tags.join(project_tag, project_tag.c.term_id == Term.id).where(held)).all()
    )
    if wanted.keys() == before.keys():
        return
    session.execute(delete(project_tag).where(held))
    for term_id in wanted:
        session.execute(insert(project_tag).values(project_id=project_id, term_id=term_id))
    record_values(
        session, actor, "project.tagged", row, now=now,
        before={"tags": sorted(before.values())}, after={"tags": sorted(wanted.values())},
    )  # fmt: skip


def set_confidential(
    session: Session, actor: Actor, project_id: int, confidential: bool, *, now: datetime
) -> None:
    """Set or lift the project's own mark, its phases' and increases' too; a lead's mark covers it anyway."""
    row = scope.locked_to_mark(session, actor, project_id)
    first = row.parent_id or row.id
    family = select(Project).where(or_(Project.id == first, Project.parent_id == first))
    for one in session.scalars(family.with_for_update()).all():
        if one.confidential != confidential:
            one.confidential = confidential
            one.version += 1
            record(session, actor, "project.marked", one, now=now)
        _share(session, one)


def terminate(
    session: Session,
    actor: Actor,
    project_id: int,
    *,
    day: date,
    reason_id: int,
    note: str = "",
    version: int | None = None,
    now: datetime,
) -> Project:
    """End a project (退库 / 终止) on a day, for a reason. It stays on record."""
    row = scope.locked_to_supervise(session, actor, project_id, Permission.PROJECT_WRITE_UNIT)
    if row.terminated_on != FOREVER:
        raise Refused(_("The project was terminated already."))
    last = session.scalar(
        select(func.max(Reached.reported_on)).where(Reached.project_id == project_id)
    )
    if day > day_of(now):
        raise Refused(_("This day is still to come."), "day")
    if day < (last or row.signed_on):
        raise Refused(_("A milestone was reported for a later day. Check the day."), "day")
    reason = session.get(Term, reason_id)
    if reason is None or reason.kind is not TermKind.TERMINATION_REASON:
        raise Refused(_("Choose a reason."), "reason_id")
    take(row, version)
    row.terminated_on, row.termination_reason_id = day, reason.id
    record(session, actor, "project.terminated", row, now=now, note=note)
    hand(session, actor, [project_id], now=now)
    return row


def leave_signed(
    session: Session,
    actor: Actor,
    lead_id: int,
    stage: Stage,
    *,
    day: date,
    reason_id: int,
    note: str = "",
    now: datetime,
) -> None:
    """Move a signed lead back once its last project is terminated; by whoever may write one of them."""
    mine = select(Project.id).where(Project.lead_id == lead_id, scope.writable(actor)).limit(1)
    if session.scalar(mine) is None:
        raise Missing
    if living_of_lead(session, lead_id):
        raise Refused(_("A signed lead goes back only when all its projects are terminated."))
    crm.leads.operations.moving.move_lead(
        session, actor, lead_id, stage, door=Door.TERMINATION,
        day=day, reason_id=reason_id, note=note, now=now,
    )  # fmt: skip


def touch(
    session: Session,
    actor: Actor,
    project_id: int,
    *,
    day: date,
    next_step: str,
    next_step_on: date | None,
    now: datetime,
) -> None:
    """Note a contact on a day and what comes next; called when a follow-up is logged."""
    row = scope.locked(session, actor, project_id)
    if row.last_contact_on is None or day > row.last_contact_on:
        row.last_contact_on = day
    row.next_step, row.next_step_on = next_step, next_step_on or FOREVER
    row.version += 1
    record(session, actor, "project.followed_up", row, now=now)


def plan_next_step(
    session: Session,
    actor: Actor,
    project_id: int,
    *,
    step: str,
    on: date | None,
    now: datetime,
) -> None:
    """Set what comes next and when, without a contact; both empty: nothing is planned."""
    row = scope.locked(session, actor, project_id)
    if on is not None and on < day_of(now):
        raise Refused(_("The next step lies ahead: choose today or later."), "next_step_on")
    row.next_step, row.next_step_on = step, on or FOREVER
    row.version += 1
    record(session, actor, "project.planned", row, now=now)


def _share(session: Session, row: Project) -> None:
    units, people = share_with(session, row)
    crm.companies.operations.sharing.share(
        session,
        company_id=row.company_id,
        via=("project", row.id),
        units=units,
        people=people,
        lead_id=row.lead_id,
    )
