"""What a project is, from its plan; and what is looked after beside its milestones."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Protocol

from crm.catalog.rules import TermKind
from crm.companies.rules import Position
from crm.core.actor import Actor
from crm.demo.plan.stories import ProjectPlan
from crm.demo.script import Script
from crm.leads.rules.kinds import Effect
from crm.projects.operations import changes, permits, promises
from crm.projects.operations.terms import Terms
from crm.projects.rules.dimensions import Dimensions
from crm.projects.rules.investment import FundsPlan, Investment, Move
from crm.projects.rules.kinds import FairReview, Funding, PermitKind, PermitState, PromiseState
from crm.values.money import Money

MADE_UP = "金额、日期、人员为演示"
BASIS = "招商引资若干政策（演示文号）"
WHAT = ("标准化厂房前两年租金优惠（演示）", "协助落实用电接入（演示）", "人才公寓30套（演示）")

PERMITS: dict[PermitKind, str] = {
    PermitKind.FILING: "行政审批局",
    PermitKind.ENVIRONMENT: "生态环境局",
    PermitKind.LAND: "自然资源局",
    PermitKind.PLANNING: "自然资源局",
}


class Landed(Protocol):
    """A project in the story."""

    script: Script
    plan: ProjectPlan
    dice: Random
    project_id: int

    @property
    def owner(self) -> Actor:
        """Whose it is."""


def terms(script: Script, plan: ProjectPlan, dice: Random) -> Terms:
    """Name, kind, amounts, days and place."""
    phase = None if plan.phase_share is None else round(plan.agreed * plan.phase_share)
    fiscal = None if plan.fiscal_share is None else round(plan.agreed * plan.fiscal_share)
    start = plan.planned_start or plan.signed + timedelta(days=75)
    return Terms(
        name=plan.name,
        content=plan.work.content,
        kind=plan.kind,
        construction=plan.construction,
        district_id=script.districts[plan.district],
        investment=Investment(
            agreed=Money.wan(plan.agreed),
            funding=plan.funding,
            phase_one=None if phase is None else Money.wan(phase),
            fixed_asset=Money.wan(plan.agreed * dice.randint(65, 85) // 100),
            fiscal=None
            if fiscal is None or plan.funding is Funding.ENTERPRISE
            else Money.wan(fiscal),
            planned_start=start,
            planned_commissioning=start + timedelta(days=360),
        ),
        move=Move(plan.inside_old_plant, plan.moved_from),
        plan=FundsPlan(tuple((year, Money.wan(wan)) for year, wan in sorted(plan.plan.items()))),
    )


def dimensions(script: Script, plan: ProjectPlan) -> Dimensions:
    """Its place in its chain, and the anchor it hangs on."""
    work = plan.work
    return Dimensions(
        chain_id=script.chains.get(work.chain),
        node_id=script.nodes.get((work.chain, work.node)),
        position=Position(work.position) if work.position else None,
        effect=Effect(work.effect) if work.effect else None,
        model_id=script.models.get(plan.model),
        head_firm_id=script.head_firms.get(plan.anchor),
        scenario_id=script.scenarios.get(plan.anchor),
    )


def look_after(case: Landed) -> None:
    """Name the scenes of codes, permits, tags and promises."""
    plan, at, days = case.plan, case.script.at, case.script.days
    at(plan.filed, partial(tell_codes, case))
    if plan.tags:
        at(days.add(plan.entered, 1), partial(tag, case))
    at(plan.permits, partial(permit, case))
    at(plan.promised, partial(promise, case))
    if plan.capacity is not None and not plan.terminated:
        at(days.add(plan.capacity, 12), partial(tell_above_scale, case))


def _codes(case: Landed, *, started: bool, now: datetime) -> changes.Codes:
    number = case.script.dice(f"codes {case.plan.key}").randint(10_000, 99_999)
    return changes.Codes(
        filing_code=f"演示-{case.plan.signed.year}-1502-{number}",
        statistics_code=f"演示-{number}" if started else "",
        above_scale_on=now.date() if started else None,
    )


def tell_codes(case: Landed, now: datetime) -> None:
    """备案."""
    codes = _codes(case, started=False, now=now)
    changes.set_codes(case.script.session, case.owner, case.project_id, codes, now=now)


def tell_above_scale(case: Landed, now: datetime) -> None:
    """入统 and 入规, some time after it reached capacity."""
    codes = _codes(case, started=True, now=now)
    changes.set_codes(case.script.session, case.owner, case.project_id, codes, now=now)


def tag(case: Landed, now: datetime) -> None:
    """重大项目 and the like."""
    ids = [case.script.term(TermKind.TAG, name) for name in case.plan.tags]
    changes.set_tags(case.script.session, case.owner, case.project_id, ids, now=now)


def permit(case: Landed, now: datetime) -> None:
    """The permits: the filing is done, of the others some; one is not needed now and then."""
    for number, (kind, department) in enumerate(PERMITS.items()):
        done = number == 0 or case.dice.random() < 0.6
        spared = not done and case.dice.random() < 0.2
        state = PermitState.DONE if done else PermitState.MISSING
        draft = permits.PermitDraft(
            PermitState.NOT_NEEDED if spared else state,
            department_id=case.script.term(TermKind.DEPARTMENT, department),
            done_on=now.date() if done else None,
            due_on=None if done or spared else now.date() + timedelta(case.dice.randint(20, 90)),
            number=f"演示〔{now.year}〕{case.dice.randint(1, 99)}号" if done else "",
            note="利用现有厂房（演示）" if spared else "",
        )
        permits.set_permit(case.script.session, case.owner, case.project_id, kind, draft, now=now)


def promise(case: Landed, now: datetime) -> None:
    """A promised condition, by the manager; some without their fair-competition review, some broken."""
    dice = case.dice
    reviewed, broken = dice.random() < 0.6, dice.random() < 0.06
    spared = not reviewed and dice.random() < 0.3
    state = PromiseState.KEPT if reviewed and dice.random() < 0.3 else PromiseState.OPEN
    draft = promises.PromiseDraft(
        what=dice.choice(WHAT),
        basis=BASIS,
        fair_review=FairReview.REVIEWED
        if reviewed
        else FairReview.NOT_NEEDED
        if spared
        else FairReview.MISSING,
        fair_review_number=f"演公审〔{now.year}〕{dice.randint(1, 60)}号" if reviewed else "",
        fair_review_why="不属于政策措施（演示）" if spared else "",
        due_on=now.date() + timedelta(days=dice.randint(60, 300)),
        state=PromiseState.BROKEN if broken else state,
        state_note="厂房交付延期（演示）" if broken else "",
    )
    manager = case.script.cast["manager"]
    promises.promise(case.script.session, manager, case.project_id, draft, now=now)
