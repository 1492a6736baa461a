"""Deals to test with: a firm, a lead, the project that came of it, files, follow-ups."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.activities.operations import ActivityDraft, ProblemDraft, log, raise_problem
from crm.activities.rules import ActivityKind, ProblemKind
from crm.companies.operations.firms import CompanyDraft
from crm.companies.operations.firms import enter as enter_company
from crm.core import clock
from crm.core.actor import Actor
from crm.core.store import keep
from crm.files.operations import Received, attach
from crm.leads.operations.entry import LeadDraft
from crm.leads.operations.entry import enter as enter_lead
from crm.ledger.models import ReceiptPaper
from crm.ledger.operations.papers import Given
from crm.ledger.operations.reporting import ReportLine, report_lines
from crm.ledger.rules import Paper
from crm.projects.operations.signing import SignDraft, sign
from crm.projects.operations.terms import Terms
from crm.projects.rules.investment import Investment
from crm.projects.rules.kinds import Funding
from crm.values.money import Amount, Money
from tests.factories import money
from tests.factories.city import City

SECRET = "玄武秘钥"
"""A word that stands in everything of a deal, so that a page that shows any of it gives itself away."""


@dataclass(frozen=True)
class Deal:
    """The numbers of one deal's rows."""

    company_id: int
    lead_id: int
    project_id: int
    signed_lead_id: int
    lead_file_id: int
    project_file_id: int
    receipt_id: int
    receipt_file_id: int
    problem_id: int


def draft(**changes: object) -> LeadDraft:
    """A lead as an officer might tell it."""
    told = LeadDraft(
        content="年产5万吨磁材项目",
        title="磁材项目",
        amount=Amount(Money.yi(3), Money.yi(3)),
        next_step="约见投资总监",
        next_step_on=clock.day_of(clock.now()) + timedelta(days=3),
    )
    return replace(told, **changes)  # type: ignore[arg-type]


def make_deal(city: City, files: Path, owner: str, *, confidential: bool = False) -> Deal:
    """A firm with two leads, one of them signed, and what hangs on them; all of it says `SECRET`."""
    actor = city.actor(owner)
    stored = keep(files, io.BytesIO(b"%PDF-1.4 secret"), 1000)
    with city.write() as session:
        now = clock.now()
        company = enter_company(session, actor, CompanyDraft(name=f"{SECRET}科技有限公司"), now=now)
        told = draft(
            content=f"{SECRET}一期",
            title=f"{SECRET}项目",
            company_id=company.id,
            contact_name=f"{SECRET}总",
            confidential=confidential,
        )
        lead = enter_lead(session, actor, told, now=now)
        signed = enter_lead(session, actor, replace(told, title=f"{SECRET}二号"), now=now)
        project = _sign(session, city, actor, signed.id)
        follow_up = ActivityDraft(ActivityKind.CALL, clock.day_of(now), f"{SECRET}电话")
        log(session, actor, follow_up, on=("lead", lead.id), now=now)
        log(session, actor, follow_up, on=("project", project), now=now)
        name = f"{SECRET}.pdf"
        day, department = clock.day_of(now), city.term_id("统计局")
        need = ProblemDraft(ProblemKind.LAND, f"{SECRET}用地", department, day)
        raise_problem(session, actor, need, on=("project", project), now=now)
        problem = raise_problem(session, actor, need, on=("lead", lead.id), now=now)
        lead_file = attach(session, actor, stored, name, on=("lead", lead.id), now=now)
        project_file = attach(session, actor, stored, name, on=("project", project), now=now)
    receipt, receipt_file = _money(city, actor, project, Received(stored, name))
    return Deal(
        company.id,
        lead.id,
        project,
        signed.id,
        lead_file.id,
        project_file.id,
        receipt,
        receipt_file,
        problem.id,
    )


def _money(city: City, actor: Actor, project_id: int, file: Received) -> tuple[int, int]:
    """A receipt with its paper: their numbers."""
    now = clock.now()
    line = ReportLine(money.draft(now, payer=f"{SECRET}投资"), (Given(Paper.BANK_SLIP, file),))
    with city.write() as session:
        (row,) = report_lines(session, actor, project_id, [line], now=now)
        papers = select(ReceiptPaper.attachment_id).where(ReceiptPaper.receipt_id == row.id)
        return row.id, session.scalars(papers).one()


def _sign(session: Session, city: City, actor: Actor, lead_id: int) -> int:
    now = clock.now()
    terms = Terms(
        name=f"{SECRET}签约项目",
        investment=Investment(agreed=Money.yi(3), funding=Funding.ENTERPRISE),
        district_id=city.district_id("昆都仑区"),
    )
    paper = SignDraft(terms=terms, signed_on=clock.day_of(now), signing_party=f"{SECRET}科技")
    project = sign(session, actor, lead_id, paper, now=now)
    assert project is not None
    return project.id
