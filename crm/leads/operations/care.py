"""Looking after a lead: contacts, next steps, who has it, who helps, who may know."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import delete, insert, or_, select
from sqlalchemy.orm import Session, contains_eager, selectinload

from crm.accounts.models import Person, Unit
from crm.accounts.queries import in_scope
from crm.accounts.rules import GRANTS, Permission
from crm.audit.operations import record, record_values
from crm.catalog.models import Term
from crm.catalog.rules import TermKind
from crm.core.actor import Actor
from crm.core.clock import day_of
from crm.core.errors import Forbidden, Refused
from crm.core.versions import take
from crm.leads.models import FOREVER, Lead, Scenario, lead_tag
from crm.leads.operations import history
from crm.leads.operations.scenarios import give_scenario
from crm.leads.operations.sharing import share
from crm.leads.operations.twins import meet_twins
from crm.leads.queries.scope import locked, locked_for_anyone, may_mark
from crm.leads.rules.kinds import EventKind


def touch(
    session: Session,
    actor: Actor,
    lead_id: int,
    *,
    day: date,
    next_step: str = "",
    next_step_on: date | None = None,
    now: datetime,
) -> Lead:
    """Note a contact on a day, and the next step that came of it ("" and None: none is planned).

    Called by the follow-up log, which writes the contact itself.
    """
    lead = locked(session, actor, lead_id)
    take(lead, None)
    if lead.last_contact_on is None or lead.last_contact_on < day:
        lead.last_contact_on = day
    lead.silent_from = max(lead.silent_from, day)
    lead.next_step = next_step
    lead.next_step_on = next_step_on or FOREVER
    record(session, actor, "lead.contacted", lead, now=now)
    return lead


def plan_next_step(
    session: Session,
    actor: Actor,
    lead_id: int,
    *,
    step: str,
    on: date | None,
    version: int | None = None,
    now: datetime,
) -> Lead:
    """Set what comes next and when; both empty: it is done, and nothing is planned."""
    lead = locked(session, actor, lead_id)
    take(lead, version)
    if bool(step) != (on is not None):
        raise Refused(
            _("A next step has both: what, and on which day."),
            field="next_step_on" if step else "next_step",
        )
    if on is not None and on < day_of(now):
        raise Refused(_("The next step lies ahead: choose today or later."), field="next_step_on")
    lead.next_step = step
    lead.next_step_on = on or FOREVER
    record(session, actor, "lead.planned", lead, now=now)
    return lead


def name_investor(
    session: Session, actor: Actor, lead_id: int, company_id: int, *, now: datetime
) -> Lead:
    """Name the investor of a lead that had none; a signing does it at the table."""
    lead = locked(session, actor, lead_id)
    take(lead, None)
    before = lead.company_id
    lead.company_id = company_id
    record(session, actor, "lead.named", lead, now=now)
    share(session, lead, before=before)
    meet_twins(session, actor, lead, now=now)
    return lead


def assign(
    session: Session,
    actor: Actor,
    lead_id: int,
    owner_id: int,
    *,
    day: date | None = None,
    note: str = "",
    version: int | None = None,
    now: datetime,
) -> Lead:
    """Give a lead to a colleague of the actor's unit or below; it then belongs to that colleague's unit."""
    lead = locked(session, actor, lead_id)
    take(lead, version)
    day = day or day_of(now)
    if not lead.entered_on <= day <= day_of(now):
        raise Refused(
            _("Choose a day from %(day)s to today.", day=lead.entered_on.isoformat()), field="day"
        )
    person = session.scalar(
        select(Person).where(Person.id == owner_id, Person.active, in_scope(actor))
    )
    if person is None or Permission.LEAD_WRITE not in GRANTS[person.role]:
        raise Refused(_("Choose a colleague of your unit."), field="owner_id")
    if person.id == lead.owner_id and person.unit_id == lead.unit_id:
        raise Refused(_("The lead is with this colleague already."), field="owner_id")
    _give(session, actor, lead, person, day, note, now)
    return lead


def give_back(
    session: Session, actor: Actor, lead: Lead, owner_id: int, *, version: int, now: datetime
) -> None:
    """Give a lead back to the owner it had, when the one who assigned it takes that back.

    The row is locked; he may no longer write it, and nobody has touched it since.
    """
    take(lead, version)
    person = session.get_one(Person, owner_id)
    if not person.active or Permission.LEAD_WRITE not in GRANTS[person.role]:
        raise Refused(_("Its former owner works on leads no longer."))
    _give(session, actor, lead, person, day_of(now), "", now)


def hand_over(session: Session, actor: Actor, person_id: int, to_id: int, *, now: datetime) -> int:
    """Give all leads and scenarios of somebody who leaves to another; how many there were.

    To himself: his leads follow him into his new unit. The door has checked that the actor manages people.
    """
    heir = session.get_one(Person, to_id)
    if Permission.LEAD_WRITE not in GRANTS[heir.role] or not heir.active:
        raise Refused(_("Choose somebody who works on leads."), field="to_id")
    leads = session.scalars(
        select(Lead)
        .join(Unit, Unit.id == Lead.unit_id)
        .options(contains_eager(Lead.unit), selectinload(Lead.collaborators))
        .where(
            Lead.owner_id == person_id,
            or_(Lead.owner_id != to_id, Lead.unit_id != heir.unit_id),
        )
        .order_by(Lead.id)
        .with_for_update(of=Lead)
    ).all()
    for lead in leads:
        take(lead, None)
        _give(session, actor, lead, heir, day_of(now), "", now)
    scenarios = [] if person_id == to_id else _scenarios_of(session, person_id)
    for number in scenarios:
        give_scenario(session, actor, number, to_id, now=now)
    return len(leads) + len(scenarios)


def set_collaborators(
    session: Session,
    actor: Actor,
    lead_id: int,
    person_ids: Collection[int],
    *,
    version: int | None = None,
    now: datetime,
) -> Lead:
    """Say who works on a lead beside its owner: they read and write it, whatever their unit."""
    lead = locked(session, actor, lead_id)
    wanted = set(person_ids) - {lead.owner_id}
    before = {one.id for one in lead.collaborators}
    people = session.scalars(
        select(Person).where(Person.id.in_(wanted), Person.active).order_by(Person.id)
    ).all()
    if {one.id for one in people} != wanted or any(
        Permission.LEAD_WRITE not in GRANTS[one.role] for one in people if one.id not in before
    ):
        raise Refused(_("Choose people who work on leads."), field="person_ids")
    take(lead, version)
    lead.collaborators = list(people)
    session.flush()
    if wanted != before:
        record_values(
            session, actor, "lead.shared", lead, now=now,
            before={"collaborators": sorted(before)}, after={"collaborators": sorted(wanted)},
        )  # fmt: skip
        share(session, lead)
    return lead


def set_tags(
    session: Session,
    actor: Actor,
    lead_id: int,
    term_ids: Iterable[int],
    *,
    version: int | None = None,
    now: datetime,
) -> Lead:
    """Replace a lead's tags; one that is no tag is passed over."""
    lead = locked(session, actor, lead_id)
    take(lead, version)
    tags = select(Term.id, Term.name).where(Term.kind == TermKind.TAG)
    wanted = dict(session.execute(tags.where(Term.id.in_(list(term_ids)))).all())
    held = lead_tag.c.lead_id == lead_id
    on_it = tags.join(lead_tag, lead_tag.c.term_id == Term.id).where(held)
    before = dict(session.execute(on_it).all())
    if wanted.keys() == before.keys():
        lead.version -= 1
        return lead
    session.execute(delete(lead_tag).where(held))
    if wanted:
        session.execute(insert(lead_tag), [{"lead_id": lead_id, "term_id": one} for one in wanted])
    record_values(
        session, actor, "lead.tagged", lead, now=now,
        before={"tags": sorted(before.values())}, after={"tags": sorted(wanted.values())},
    )  # fmt: skip
    return lead


def note_problems(session: Session, lead_id: int, *, count: int, due_on: date) -> None:
    """Note how many problems of a lead are open and when the next is due; called by `activities`.

    Args:
        due_on: FOREVER where none is open.
    """
    lead = locked_for_anyone(session, lead_id)
    lead.problems, lead.problem_due_on = count, due_on


def set_confidential(
    session: Session,
    actor: Actor,
    lead_id: int,
    confidential: bool,
    *,
    version: int | None = None,
    now: datetime,
) -> Lead:
    """Set or lift the mark 保密; the owner and his unit's managers may."""
    lead = locked(session, actor, lead_id)
    if not may_mark(actor, lead):
        raise Forbidden
    take(lead, version)
    if lead.confidential == confidential:
        lead.version -= 1
        return lead
    lead.confidential = confidential
    action = "lead.marked" if confidential else "lead.disclosed"
    record(session, actor, action, lead, now=now)
    share(session, lead)
    return lead


def _scenarios_of(session: Session, person_id: int) -> list[int]:
    query = select(Scenario.id).where(Scenario.owner_id == person_id).order_by(Scenario.id)
    return list(session.scalars(query))


def _give(
    session: Session, actor: Actor, lead: Lead, person: Person, day: date, note: str, now: datetime
) -> None:
    if any(one.id == person.id for one in lead.collaborators):
        with session.no_autoflush:
            lead.collaborators = [one for one in lead.collaborators if one.id != person.id]
    history.change(
        session, actor, lead, EventKind.ASSIGNED,
        {"owner_id": person.id, "unit_id": person.unit_id},
        action="lead.assigned", day=day, note=note, now=now,
    )  # fmt: skip
    share(session, lead)
