"""Projects: leads of the plan's firms that were signed, and projects entered afterwards (补录)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from random import Random

from sqlalchemy import select
from stdnum.cn import uscc

from crm.catalog.rules import TermKind
from crm.companies.rules import Position
from crm.demo import talk
from crm.demo.cast import rows
from crm.demo.negotiations import Case, appraise, enter, move
from crm.demo.papers import Stock
from crm.demo.script import Script
from crm.leads.rules.kinds import Effect, Stage, Verdict
from crm.projects.models import Owed, Project
from crm.projects.operations import changes, evidence, milestones, permits, promises, signing
from crm.projects.operations.terms import Terms
from crm.projects.rules.dimensions import Dimensions
from crm.projects.rules.investment import Investment
from crm.projects.rules.kinds import (
    Construction,
    EvidenceKind,
    FairReview,
    Funding,
    Milestone,
    Origin,
    PermitKind,
    PermitState,
    ProjectKind,
    PromiseState,
)
from crm.values.money import Unit, parse_money

MADE_UP = "金额、日期、人员为演示"
PAPERS: dict[str, tuple[EvidenceKind, ...]] = {
    "signature_page": (EvidenceKind.SIGNATURE_PAGE,),
    "business_licence": (EvidenceKind.BUSINESS_LICENCE,),
    "start": (EvidenceKind.CONSTRUCTION_CONTRACT, EvidenceKind.SITE_PHOTO),
    "commissioning": (EvidenceKind.POWER_BILL,),
}
"""What is given for each demand; the code is a number of its own."""

PERMITS: dict[PermitKind, str] = {
    PermitKind.FILING: "行政审批局",
    PermitKind.ENVIRONMENT: "生态环境局",
    PermitKind.LAND: "自然资源局",
    PermitKind.PLANNING: "自然资源局",
}


SEEN = (
    "厂区围挡已完成，挖掘机3台作业，临时用电接通。",
    "桩基施工，塔吊1台，现场施工人员约60人。",
    "利用现有厂房改造，地坪完成，首批设备进场。",
)
BASIS = "招商引资若干政策（演示文号）"


@dataclass
class Landing(Case):
    """One project of the tables, with the lead it came from."""

    stock: Stock = field(kw_only=True)
    project_id: int = 0

    def ago(self, column: str) -> int | None:
        """How many days ago something happened, if it did."""
        return int(self.row[column]) if self.row[column] else None

    @property
    def code(self) -> str:
        """A credit code that passes its check and belongs to nobody."""
        base = f"91150200MADEM{self.dice_of('code').randint(0, 9999):04d}"
        return base + uscc.calc_check_digit(base)

    def dice_of(self, what: str) -> Random:
        """Chance for one thing, the same whenever it is asked."""
        return self.script.dice(f"{self.row['company']} {self.row['name']} {what}")


def prepare(script: Script, stock: Stock) -> None:
    """Name the scenes of every project."""
    for row in rows("projects"):
        told = row | {"amount": f"约{row['agreed']}", "flags": ""}
        case = Landing(script, told, stock=stock)
        signed = int(row["signed"])
        if row["origin"] == "lead":
            _negotiate(case, int(row["entered"]), signed)
            script.at(signed, partial(sign, case))
        else:
            script.at(signed, partial(backfill, case))
        _build(case, signed)
        _look_after(case, signed)


def _negotiate(case: Landing, entered: int, signed: int) -> None:
    at, span = case.script.at, entered - signed
    at(entered, partial(enter, case))
    at(entered - 2, partial(appraise, case, Verdict.GO_ON))
    at(entered - span // 4, partial(move, case, Stage.CONTACTED))
    at(entered - span // 2, partial(move, case, Stage.NEGOTIATING))
    at(entered - span // 2 - 3, partial(speak_of_lead, case))


def _build(case: Landing, signed: int) -> None:
    """The milestones, each with its papers some days later, as far as the table tells."""
    at, papers = case.script.at, case.row["papers"]
    if papers != "none":
        _give_later(case, signed, "credit_code", "signature_page")
    registered = signed - case.dice.randint(12, 24)
    if registered > 1:
        at(registered, partial(register, case))
        if papers != "none":
            _give_later(case, registered, "business_licence")
    started = case.ago("started")
    at(max(signed - 6, 1), partial(tell_codes, case, started is not None))
    if started is None:
        return
    at(started, partial(reach, case, Milestone.STARTED))
    if papers == "all":
        _give_later(case, started, "start")
    if papers != "none":
        at(started - 14, partial(recognise, case, Milestone.STARTED, started))
    if (commissioned := case.ago("commissioned")) is not None:
        at(commissioned, partial(reach, case, Milestone.COMMISSIONED))
        _give_later(case, commissioned, "commissioning")
        at(commissioned - 12, partial(recognise, case, Milestone.COMMISSIONED, commissioned))
    if (capacity := case.ago("capacity")) is not None:
        at(capacity, partial(reach, case, Milestone.AT_CAPACITY))


def _give_later(case: Landing, ago: int, *demands: str) -> None:
    given = ago - case.dice.randint(4, 12)
    if given >= 1:
        for demand in demands:
            case.script.at(given, partial(give, case, demand))


def _look_after(case: Landing, signed: int) -> None:
    """Permits, tags, promises and follow-ups after the signing."""
    at = case.script.at
    at(max(signed - 8, 1), partial(permit, case, case.ago("started") is not None))
    if case.row["tags"]:
        at(max(signed - 1, 1), partial(tag, case))
    if case.dice.random() < 0.4:
        at(max(signed - 3, 1), partial(promise, case))
    last = talk.last_contact(case.dice, signed)
    days = sorted({last, *(case.dice.randint(last, signed) for _ in range(signed // 70))})
    for day in days:
        at(day, partial(speak_of_project, case, day == last))


def _terms(case: Landing, day: date) -> Terms:
    row = case.row
    agreed = parse_money(row["agreed"], Unit.YI)
    return Terms(
        name=f"{row['company']}{row['name']}",
        content=row["content"],
        kind=ProjectKind(row["kind"]),
        construction=Construction(row["construction"]),
        district_id=case.script.districts[row["district"]],
        investment=Investment(
            agreed=agreed,
            funding=Funding.ENTERPRISE,
            phase_one=parse_money(row["phase_one"], Unit.YI) if row["phase_one"] else None,
            fixed_asset=parse_money(row["fixed"], Unit.YI) if row["fixed"] else None,
            planned_start=day + timedelta(days=75),
            planned_commissioning=day + timedelta(days=420),
        ),
    )


def sign(case: Landing, now: datetime) -> None:
    """The lead becomes a project."""
    draft = signing.SignDraft(_terms(case, now.date()), now.date(), case.row["company"])
    _mark(case, signing.sign(case.script.session, case.owner, case.lead_id, draft, now=now))


def backfill(case: Landing, now: datetime) -> None:
    """A project that was signed before there was this system."""
    script, row = case.script, case.row
    company_id = script.companies[row["company"]]
    draft = signing.EnterDraft(
        signing.SignDraft(
            _terms(case, now.date()), now.date(), row["company"], company_id=company_id
        ),
        origin=Origin.BACKFILLED,
        origin_note="2025年工作报告点名项目",
        owner_id=case.owner.id,
        dimensions=Dimensions(
            chain_id=script.chains[row["chain"]],
            node_id=script.nodes.get((row["chain"], row["node"])),
            position=Position(row["position"]),
            effect=Effect(row["effect"]),
        ),
    )
    _mark(case, signing.enter(script.session, script.cast["shenhe"], draft, now=now))


def _mark(case: Landing, project: Project | None) -> None:
    if project is None:
        raise ValueError(f"{case.row['name']} was not signed")
    project.demo_note = MADE_UP
    case.script.session.flush()
    case.project_id = project.id


def register(case: Landing, now: datetime) -> None:
    """The project's firm is registered here."""
    milestones.reach(
        case.script.session,
        case.owner,
        case.project_id,
        milestones.ReachDraft(
            Milestone.REGISTERED,
            now.date(),
            registered_name=f"{case.row['company'].removesuffix('有限公司')}（包头演示）有限公司",
            registered_code=case.code,
        ),
        now=now,
    )


def reach(case: Landing, milestone: Milestone, now: datetime) -> None:
    """A start, a commissioning, capacity."""
    seen = case.dice.choice(SEEN) if milestone is Milestone.STARTED else ""
    draft = milestones.ReachDraft(milestone, now.date(), seen=seen)
    milestones.reach(case.script.session, case.owner, case.project_id, draft, now=now)


def recognise(case: Landing, milestone: Milestone, ago: int, now: datetime) -> None:
    """A department accepts it, entered by the city's reviewer."""
    script = case.script
    department = script.term(TermKind.DEPARTMENT, "统计局")
    draft = milestones.RecognitionDraft(script.day(ago), now.date(), department)
    milestones.recognise(
        script.session, script.cast["shenhe"], case.project_id, milestone, draft, now=now
    )


def give(case: Landing, demand: str, now: datetime) -> None:
    """The papers for one demand."""
    session = case.script.session
    owed_id = session.scalars(
        select(Owed.id).where(Owed.project_id == case.project_id, Owed.demand == demand)
    ).one()
    kinds = PAPERS.get(demand, (EvidenceKind.CREDIT_CODE,))
    for kind in kinds:
        if kind is EvidenceKind.CREDIT_CODE:
            draft = evidence.EvidenceDraft(kind, number=case.code)
        elif kind is EvidenceKind.SIGNATURE_PAGE and case.row["papers"] == "some":
            draft = evidence.EvidenceDraft(kind, number="演档-2025-018", kept_at="区招商局档案室")
        else:
            draft = evidence.EvidenceDraft(
                kind, file=case.dice.choice(case.stock[kind]), dated_on=now.date()
            )
        evidence.give(session, case.owner, case.project_id, owed_id, draft, now=now)


def permit(case: Landing, started: bool, now: datetime) -> None:
    """The four permits: for what has started all but one, for the others the first."""
    for number, (kind, department) in enumerate(PERMITS.items()):
        done = number == 0 or (started and number < 3)
        draft = permits.PermitDraft(
            PermitState.DONE if done else PermitState.MISSING,
            department_id=case.script.term(TermKind.DEPARTMENT, department),
            done_on=now.date() if done else None,
            due_on=None if done else now.date() + timedelta(days=case.dice.randint(20, 90)),
            number=f"演示〔2025〕{case.dice.randint(1, 99)}号" if done else "",
        )
        permits.set_permit(case.script.session, case.owner, case.project_id, kind, draft, now=now)


def tell_codes(case: Landing, started: bool, now: datetime) -> None:
    """备案, and 入统 where it has started."""
    number = case.dice.randint(1000, 9999)
    codes = changes.Codes(
        filing_code=f"演示-2025-1502-{number}",
        statistics_code=f"演示-{number}" if started and case.row["papers"] != "none" else "",
    )
    changes.set_codes(case.script.session, case.owner, case.project_id, codes, now=now)


def tag(case: Landing, now: datetime) -> None:
    """重大项目 and the like."""
    ids = [case.script.term(TermKind.TAG, name) for name in case.row["tags"].split(";")]
    changes.set_tags(case.script.session, case.owner, case.project_id, ids, now=now)


def promise(case: Landing, now: datetime) -> None:
    """A promised condition, by the manager; some without their fair-competition review."""
    reviewed = case.dice.random() < 0.6
    draft = promises.PromiseDraft(
        what=case.dice.choice(
            ("标准化厂房前两年租金优惠（演示）", "协助落实用电接入（演示）", "人才公寓30套（演示）")
        ),
        basis=BASIS,
        fair_review=FairReview.REVIEWED if reviewed else FairReview.MISSING,
        fair_review_number=f"演公审〔2025〕{case.dice.randint(1, 60)}号" if reviewed else "",
        due_on=now.date() + timedelta(days=case.dice.randint(60, 300)),
        state=PromiseState.KEPT if reviewed and case.dice.random() < 0.3 else PromiseState.OPEN,
    )
    manager = case.script.cast["manager"]
    promises.promise(case.script.session, manager, case.project_id, draft, now=now)


def speak_of_lead(case: Landing, now: datetime) -> None:
    """A meeting on the way to the agreement."""
    on = ("lead", case.lead_id)
    talk.follow_up(
        case.script, case.owner, on, "negotiating", case.who, case.row["chain"], case.dice, now, 7
    )


def speak_of_project(case: Landing, last: bool, now: datetime) -> None:
    """A follow-up after the signing; the last one plans for today's days."""
    step = talk.next_step(case.dice) if last else 14
    if last and step is not None:
        step = max(0, step + (case.script.today - now.date()).days)
    on = ("project", case.project_id)
    talk.follow_up(
        case.script, case.owner, on, "signed", case.who, case.row["chain"], case.dice, now, step
    )
