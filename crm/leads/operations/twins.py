"""Two leads in hand with one credit code (重复研判): met when a lead names its firm, judged by a manager."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.audit.operations import record, record_values
from crm.claims.models import TwinCase
from crm.claims.rules import Judgement
from crm.companies.models import Company
from crm.companies.operations.firms import note_hidden_code
from crm.companies.queries import visible
from crm.core.actor import Actor
from crm.core.errors import Missing, Refused
from crm.core.versions import take
from crm.leads.models import Lead
from crm.leads.queries.holding import in_hand
from crm.leads.queries.scope import locked
from crm.leads.queries.twins import judged_by

MOST_TWINS = 5
"""So many leads in hand of one firm are set against a new one, the earliest first."""


def claim_code(
    session: Session, actor: Actor, code: str, *, now: datetime
) -> tuple[int | None, str]:
    """Whose code this is: (the firm, "") if the actor reads it, (None, code) if it is hidden and in talks.

    (None, "") for a code that nobody has, and for a hidden firm without leads in hand: entering a firm with
    that code is then refused by `companies`. The claim is written into the hidden firm's trail.
    """
    if not code:
        return None, ""
    firm = session.execute(
        select(Company.id, visible(actor).label("open")).where(Company.credit_code == code)
    ).one_or_none()
    if firm is None or firm.open:
        return (firm.id if firm else None), ""
    if (
        session.scalar(select(Lead.id).where(Lead.company_id == firm.id, in_hand()).limit(1))
        is None
    ):
        return None, ""
    note_hidden_code(session, actor, firm.id, now=now)
    return None, code


def meet_twins(
    session: Session, actor: Actor, lead: Lead, claimed: str = "", *, now: datetime
) -> None:
    """Send a lead that has just named its firm to be judged against those in hand with the same code.

    Args:
        claimed: the code of a hidden firm, see `claim_code`; without one the firm's own counts.
    """
    code = claimed
    if not code and lead.company_id is not None:
        code = (
            session.scalar(select(Company.credit_code).where(Company.id == lead.company_id)) or ""
        )
    if not code:
        return
    others = session.scalars(
        select(Lead)
        .join(Company, Company.id == Lead.company_id)
        .where(Company.credit_code == code, in_hand(), Lead.id != lead.id)
        .order_by(Lead.entered_on, Lead.id)
        .limit(MOST_TWINS)
    ).all()
    pairs = select(TwinCase.lead_id, TwinCase.other_id).where(
        (TwinCase.lead_id == lead.id) | (TwinCase.other_id == lead.id)
    )
    met = {frozenset(pair) for pair in session.execute(pairs)}
    for other in others:
        if frozenset((lead.id, other.id)) in met:
            continue
        case = TwinCase(
            lead_id=lead.id,
            other_id=other.id,
            code=code,
            opened_at=now,
            opened_by=actor.id if actor.id is not None else lead.owner_id,
        )
        record(session, actor, "lead.twin_met", case, now=now, on=("lead", lead.id))


def judge(
    session: Session,
    actor: Actor,
    case_id: int,
    judgement: Judgement,
    *,
    why: str,
    version: int | None = None,
    now: datetime,
) -> TwinCase:
    """Say what two leads of one code are to each other; written into both their trails.

    It moves neither: a lead judged the same is given up, and one to be merged is merged by acts of their own.

    Raises:
        Missing: there is no such case for this actor, who has to manage both leads.
        Refused: no reason, or judged already.
    """
    case = session.scalar(
        select(TwinCase).where(TwinCase.id == case_id, judged_by(actor)).with_for_update()
    )
    if case is None:
        raise Missing
    for number in sorted((case.lead_id, case.other_id)):
        locked(session, actor, number)
    take(case, version)
    if case.judgement is not None:
        raise Refused(_("This has been judged already."))
    if not why:
        raise Refused(_("Say why."), field="why")
    case.judgement = judgement
    case.why = why
    case.judged_by = actor.id
    case.judged_at = now
    record(session, actor, "lead.twin_judged", case, now=now, on=("lead", case.lead_id))
    record_values(
        session, actor, "lead.twin_judged", case, now=now, on=("lead", case.other_id),
        after={"judgement": judgement.value, "why": why},
    )  # fmt: skip
    return case
