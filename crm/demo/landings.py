"""Projects as planned: signed or entered afterwards, registered, started, commissioned, some ended."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial

from crm.catalog.rules import TermKind
from crm.core.actor import Actor
from crm.demo import talk
from crm.demo.negotiations import Case, code, firm
from crm.demo.papers import Stock
from crm.demo.plan.stories import ProjectPlan, Talk
from crm.demo.script import Script
from crm.demo.terms import MADE_UP, dimensions, terms
from crm.projects.models import Project
from crm.projects.operations import changes, earlier, evidence, milestones, signing
from crm.projects.rules.kinds import EvidenceKind, Milestone, Origin, Relation

PAPERS: dict[str, tuple[EvidenceKind, ...]] = {
    "credit_code": (EvidenceKind.CREDIT_CODE,),
    "signature_page": (EvidenceKind.SIGNATURE_PAGE,),
    "business_licence": (EvidenceKind.BUSINESS_LICENCE,),
    "start": (EvidenceKind.CONSTRUCTION_PERMIT,),
    "commissioning": (EvidenceKind.POWER_BILL,),
}
"""What is given for each demand."""

MORE_FOR_START = (EvidenceKind.CONSTRUCTION_CONTRACT, EvidenceKind.SITE_PHOTO)
"""What some give for a start instead of the permit."""

SEEN = (
    "厂区围挡已完成，挖掘机3台作业，临时用电接通。",
    "桩基施工，塔吊1台，现场施工人员约60人。",
    "利用现有厂房改造，地坪完成，首批设备进场。",
    "场地平整完成，基坑开挖，监理人员到位。",
    "钢结构吊装，厂房主体施工，现场道路硬化。",
)
SOURCES = {
    Origin.BACKFILLED: "区县原台账补录（演示）",
    Origin.TRANSFERRED: "市级统筹项目转入（演示）",
}
NAMED = "2025年工作报告点名项目"


LOCAL = 5000
"""By how much the number of a firm registered here differs from its investor's."""


class Landing:
    """One project on its way through the script.

    Attributes:
        project_id, number: known from the signing on.
    """

    def __init__(self, script: Script, plan: ProjectPlan, stock: Stock, lead: Case | None) -> None:
        self.script = script
        self.plan = plan
        self.stock = stock
        self.lead = lead
        self.dice = script.dice(f"landing {plan.key}")
        self.who = lead.who if lead else talk.contact(self.dice)
        self.project_id = 0
        self.number = ""

    @property
    def owner(self) -> Actor:
        """Whose it is."""
        return self.script.cast[self.plan.owner]


Landings = dict[str, Landing]


def prepare(case: Landing, others: Landings) -> None:
    """Name the scenes of a project, those of one day in the order in which they can happen."""
    plan, at = case.plan, case.script.at
    others[plan.key] = case
    if case.lead is not None:
        at(plan.signed, partial(sign, case, case.lead))
    elif plan.relation is not Relation.FIRST:
        at(plan.entered, partial(attach, case, others))
    else:
        at(plan.entered, partial(enter, case))
    if plan.earlier:
        at(case.script.days.add(plan.entered, 1), partial(say_earlier, case, others))
    at(plan.registered, partial(register, case))
    _hand_in(case)
    _build(case)
    for one in plan.talks:
        at(one.day, partial(speak, case, one))
    if plan.terminated:
        at(plan.terminated[0], partial(terminate, case))


def _hand_in(case: Landing) -> None:
    """The papers of the signing and the licence, in one envelope where they come on one day."""
    plan, at = case.plan, case.script.at
    if plan.named:
        at(plan.papers, partial(give, case, ("credit_code",)))
    if plan.papers == plan.licence:
        at(plan.papers, partial(give, case, ("signature_page", "business_licence")))
        return
    at(plan.papers, partial(give, case, ("signature_page",)))
    at(plan.licence, partial(give, case, ("business_licence",)))


def _build(case: Landing) -> None:
    plan, at, days = case.plan, case.script.at, case.script.days
    if plan.start is not None:
        start = plan.start
        at(start.told, partial(reach, case, Milestone.STARTED, start.reported))
        at(start.papers, partial(give, case, ("start",)))
        if start.recognised is not None:
            told = partial(recognise, case, Milestone.STARTED, start.accepted, start.recognised)
            at(max(start.recognised, start.told), told)
    if plan.terminated:
        return
    if (done := plan.commissioned) is not None:
        at(done, partial(reach, case, Milestone.COMMISSIONED, done))
        if case.dice.random() < 0.9 or done < days.ago(120):
            at(days.add(done, 9), partial(give, case, ("commissioning",)))
            accepted = days.add(done, 14)
            at(accepted, partial(recognise, case, Milestone.COMMISSIONED, done, accepted))
    if plan.capacity is not None:
        at(plan.capacity, partial(reach, case, Milestone.AT_CAPACITY, plan.capacity))


def _draft(case: Landing, company_id: int | None = None) -> signing.SignDraft:
    plan = case.plan
    return signing.SignDraft(
        terms(case.script, plan, case.dice),
        plan.signed,
        plan.firm.name,
        company_id=company_id,
        demo_note=MADE_UP,
    )


def sign(case: Landing, lead: Case, now: datetime) -> None:
    """The lead becomes a project."""
    session = case.script.session
    _opened(case, signing.sign(session, case.owner, lead.lead_id, _draft(case), now=now))


def enter(case: Landing, now: datetime) -> None:
    """A project that comes from no lead: the bureau's reviewer enters it."""
    script, plan = case.script, case.plan
    company_id = firm(script, case.owner, plan.firm, case.who, now)
    draft = signing.EnterDraft(
        _draft(case, company_id),
        origin=plan.origin,
        origin_note=NAMED if plan.named else SOURCES[plan.origin],
        owner_id=case.owner.id,
        dimensions=dimensions(script, plan),
    )
    _opened(case, signing.enter(script.session, script.cast["shenhe"], draft, now=now))


def attach(case: Landing, others: Landings, now: datetime) -> None:
    """A later phase or a capital increase of a project that is there."""
    parent = others[case.plan.parent]
    draft, relation = _draft(case), case.plan.relation
    session = case.script.session
    _opened(
        case,
        signing.attach(session, case.owner, parent.project_id, relation, draft, now=now),
    )


def _opened(case: Landing, project: Project | None) -> None:
    if project is None:
        raise ValueError(f"{case.plan.name} was not signed")
    case.project_id, case.number = project.id, project.number


def say_earlier(case: Landing, others: Landings, now: datetime) -> None:
    """The same thing was signed before, under another number."""
    script = case.script
    number = others[case.plan.earlier].number
    why = "与前期已签约项目为同一建设内容（演示）"
    earlier.say_earlier(
        script.session, script.cast["shenhe"], case.project_id, number, why, now=now
    )


def register(case: Landing, now: datetime) -> None:
    """The project's firm is registered here."""
    milestones.reach(
        case.script.session,
        case.owner,
        case.project_id,
        milestones.ReachDraft(
            Milestone.REGISTERED,
            now.date(),
            registered_name=f"{case.plan.firm.short}（包头演示）有限公司",
            registered_code=code(case.plan.firm.number + LOCAL),
        ),
        now=now,
    )


def reach(case: Landing, milestone: Milestone, day: date, now: datetime) -> None:
    """A start, a commissioning, capacity."""
    seen = case.dice.choice(SEEN) if milestone is Milestone.STARTED else ""
    draft = milestones.ReachDraft(milestone, day, seen=seen)
    milestones.reach(case.script.session, case.owner, case.project_id, draft, now=now)


def recognise(
    case: Landing, milestone: Milestone, accepted: date, recognised: date, now: datetime
) -> None:
    """A department accepts it, entered by the landing district's reviewer."""
    script = case.script
    department = script.term(TermKind.DEPARTMENT, case.dice.choice(("统计局", "发改委", "工信局")))
    draft = milestones.RecognitionDraft(accepted, recognised, department)
    reviewer = script.reviewer_in(case.plan.district)
    milestones.recognise(script.session, reviewer, case.project_id, milestone, draft, now=now)


def give(case: Landing, demands: tuple[str, ...], now: datetime) -> None:
    """The papers for some demands, handed in together."""
    told = {
        demand: [_paper(case, kind, now) for kind in _kinds(case, demand)] for demand in demands
    }
    session = case.script.session
    evidence.give_together(session, case.owner, case.project_id, told, now=now)


def _kinds(case: Landing, demand: str) -> tuple[EvidenceKind, ...]:
    other = demand == "start" and case.dice.random() < 0.4
    return MORE_FOR_START if other else PAPERS[demand]


def _paper(case: Landing, kind: EvidenceKind, now: datetime) -> evidence.EvidenceDraft:
    if kind is EvidenceKind.CREDIT_CODE:
        return evidence.EvidenceDraft(kind, number=code(case.plan.firm.number))
    if kind is EvidenceKind.SIGNATURE_PAGE and case.plan.archived:
        number = f"演档-{now.year}-{case.dice.randint(1, 999):03d}"
        return evidence.EvidenceDraft(kind, number=number, kept_at="区招商局档案室")
    file = case.dice.choice(case.stock[kind.value])
    return evidence.EvidenceDraft(kind, file=file, dated_on=now.date())


def terminate(case: Landing, now: datetime) -> None:
    """It comes to nothing, or to an end."""
    day, reason = case.plan.terminated or (now.date(), "")
    script = case.script
    changes.terminate(
        script.session, script.cast["shenhe"], case.project_id,
        day=day, reason_id=script.term(TermKind.TERMINATION_REASON, reason), now=now,
    )  # fmt: skip


def speak(case: Landing, told: Talk, now: datetime) -> None:
    """A follow-up after the signing."""
    on = ("project", case.project_id)
    chain = case.plan.work.chain
    talk.follow_up(
        case.script, case.owner, on, "signed", case.who, chain, case.dice, now, told.next_on
    )
