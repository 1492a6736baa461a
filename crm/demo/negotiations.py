"""Leads as planned: entered, appraised, moved, held, lost, taken up again, given away, talked about."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial
from random import Random

from stdnum.cn import uscc

from crm.catalog.rules import TermKind
from crm.companies.operations import firms, people
from crm.companies.rules import Position
from crm.core.actor import Actor
from crm.core.clock import day_of
from crm.demo import talk
from crm.demo.plan.stories import LeadPlan, Move, Step, Talk
from crm.demo.plan.words import Firm
from crm.demo.script import Script
from crm.leads.models import Lead
from crm.leads.operations import care, decisions, moving
from crm.leads.operations import entry as leads
from crm.leads.rules.kinds import AgreementKind, AppraisalKind, Effect, EventKind, Stage, Verdict
from crm.values.money import Amount, Money

INVENTED = "演示企业，虚构"
BACK_REASONS = ("合作条件重新商谈", "投资方案调整", "选址调整")
UNNAMED = "（投资方暂不具名）"


class Case:
    """One lead on its way through the script."""

    def __init__(self, script: Script, plan: LeadPlan) -> None:
        self.script = script
        self.plan = plan
        self.username = plan.owner
        self.lead_id = 0
        self.stage = Stage.IDENTIFIED
        self.draft: leads.LeadDraft | None = None
        self.dice: Random = script.dice(f"case {plan.key}")
        self.who = talk.contact(self.dice)

    @property
    def owner(self) -> Actor:
        """Who has it at this point of the story."""
        return self.script.cast[self.username]

    @property
    def manager(self) -> Actor:
        """Who decides on it."""
        return self.script.manager_of(self.username)


def prepare(script: Script, plan: LeadPlan) -> Case:
    """Name the scenes of a lead, those of one day in the order in which they can happen."""
    case, at = Case(script, plan), script.at
    at(plan.entered, partial(enter, case))
    if plan.appraised:
        day, verdict = plan.appraised
        at(day, partial(appraise, case, verdict))
    if plan.helper:
        at(plan.moves[0].day if plan.moves else plan.entered, partial(share, case))
    at(plan.reviewed, partial(review, case))
    for step in plan.moves:
        at(step.day, partial(move, case, step))
    at(plan.agreed, partial(agree, case, plan.firm.name if plan.firm else ""))
    for day, username in plan.given:
        at(day, partial(give, case, username))
    for change in plan.steps:
        at(change.day, partial(take_step, case, change))
    at(plan.revised, partial(revise, case))
    for one in plan.talks:
        at(one.day, partial(speak, case, one))
    return case


def enter(case: Case, now: datetime) -> None:
    """The firm (unless it is there, or unnamed), then the lead."""
    script, plan = case.script, case.plan
    company_id = None if plan.firm is None else firm(script, case.owner, plan.firm, case.who, now)
    case.draft = _draft(case, company_id, now)
    case.lead_id = leads.enter(script.session, case.owner, case.draft, now=now).id


def firm(script: Script, actor: Actor, told: Firm, who: talk.Contact, now: datetime) -> int:
    """The firm's number; it is entered by the first who meets it, with somebody to talk to."""
    if told.name in script.companies:
        return script.companies[told.name]
    draft = firms.CompanyDraft(
        name=told.name,
        division_code=script.divisions.get(told.place, ""),
        credit_code=code(told.number) if told.coded else "",
        size_ids=tuple(script.term(TermKind.SIZE_CLASS, size) for size in told.sizes),
        demo_note=INVENTED,
    )
    company = firms.enter(script.session, actor, draft, now=now)
    script.companies[told.name] = company.id
    if told.coded:
        contact = people.ContactDraft(who.name, who.title, who.phone)
        people.add_person(script.session, actor, company.id, contact, now=now)
    return company.id


def code(number: int) -> str:
    """A credit code that passes its check and belongs to nobody."""
    base = f"91150200MADEM{number:04d}"
    return base + uscc.calc_check_digit(base)


def _draft(case: Case, company_id: int | None, now: datetime) -> leads.LeadDraft:
    script, plan, work = case.script, case.plan, case.plan.work
    today = now.date()
    draft = leads.LeadDraft(
        content=work.content,
        title="" if company_id else f"{work.content}{UNNAMED}",
        company_id=company_id,
        contact_name=case.who.name,
        contact_title=case.who.title,
        contact_phone=case.who.phone,
        chain_id=script.chains.get(work.chain),
        node_id=script.nodes.get((work.chain, work.node)),
        position=Position(work.position) if work.position else None,
        effect=Effect(work.effect) if work.effect else None,
        model_id=script.models.get(plan.model),
        head_firm_id=script.head_firms.get(plan.anchor),
        scenario_id=script.scenarios.get(plan.anchor),
        brought_by_id=script.companies.get(plan.brought_by),
        source_id=script.term(TermKind.SOURCE, plan.source),
        district_id=script.districts.get(plan.district),
        amount=_amount(plan),
        confidential=plan.confidential,
        next_step="电话联系，约首次对接" if plan.first_step else "",
        next_step_on=max(plan.first_step, today) if plan.first_step else None,
    )
    return _with_needs(draft, case.dice)


def _amount(plan: LeadPlan) -> Amount | None:
    if plan.low is None or plan.high is None:
        return None
    return Amount(Money.wan(plan.low), Money.wan(plan.high), plan.estimated)


def _with_needs(draft: leads.LeadDraft, dice: Random) -> leads.LeadDraft:
    """Land, power, workers in proportion to the money, where they are known already."""
    if draft.amount is None or dice.random() < 0.4:
        return draft
    yi = max(1, draft.amount.low.fen // Money.yi(1).fen)
    return replace(
        draft,
        land_mu=min(yi * dice.randint(12, 25), 900),
        power_kva=min(yi * dice.randint(5, 12) * 100, 60_000),
        workers=min(yi * dice.randint(20, 60), 1500),
    )


def share(case: Case, now: datetime) -> None:
    """A colleague works on it as well."""
    helper = case.script.cast[case.plan.helper].id or 0
    care.set_collaborators(case.script.session, case.owner, case.lead_id, [helper], now=now)


def give(case: Case, username: str, now: datetime) -> None:
    """To another officer (流转 where he is of another district), by the manager above both."""
    manager = case.script.cast["manager"]
    to = case.script.cast[username]
    note = "按片区分工调整（演示）"
    care.assign(case.script.session, manager, case.lead_id, to.id or 0, note=note, now=now)
    case.username = username


def move(case: Case, step: Move, now: datetime) -> None:
    """To another stage; backwards with its reason."""
    reason = case.script.term(TermKind.BACK_REASON, case.dice.choice(BACK_REASONS))
    moving.move(
        case.script.session, case.owner, case.lead_id, step.stage,
        reason_id=reason if step.back else None, now=now,
    )  # fmt: skip
    case.stage = step.stage


def take_step(case: Case, step: Step, now: datetime) -> None:
    """搁置, 恢复, 流失, 重启."""
    session, owner, lead_id = case.script.session, case.owner, case.lead_id
    term = case.script.term
    if step.kind is EventKind.HELD:
        reason = term(TermKind.HOLD_REASON, step.reason)
        moving.hold(session, owner, lead_id, until=step.until, reason_id=reason, now=now)
    elif step.kind is EventKind.RESUMED:
        moving.resume(session, owner, lead_id, note="投资方重新启动前期工作。", now=now)
    elif step.kind is EventKind.LOST:
        reason = term(TermKind.LOST_REASON, step.reason)
        moving.lose(session, owner, lead_id, reason_id=reason, competing_place=step.place, now=now)
    else:
        note = "投资方调整方案后主动联系，恢复对接。"
        moving.reopen(session, owner, lead_id, note=note, now=now)


def revise(case: Case, now: datetime) -> None:
    """The investor plans bigger than at first."""
    if case.draft is None or case.draft.amount is None:
        return
    lead, amount = case.script.session.get_one(Lead, case.lead_id), case.draft.amount
    bigger = replace(amount, low=amount.high, high=amount.high + Money.wan(5000))
    draft = replace(
        case.draft,
        amount=bigger,
        next_step=lead.next_step,
        next_step_on=lead.next_step_on if lead.next_step else None,
    )
    leads.revise(case.script.session, case.owner, case.lead_id, draft, now=now)


def appraise(case: Case, verdict: Verdict, now: datetime) -> None:
    """The first decision."""
    why = (
        "符合产业方向，继续推进。"
        if verdict is Verdict.GO_ON
        else "投资主体情况待核实，暂缓安排考察。"
    )
    draft = decisions.AppraisalDraft(AppraisalKind.FIRST, verdict, why, day_of(now))
    decisions.appraise(case.script.session, case.manager, case.lead_id, draft, now=now)


def review(case: Case, now: datetime) -> None:
    """The project review before 拟签约."""
    draft = decisions.AppraisalDraft(
        AppraisalKind.REVIEW,
        Verdict.GO_ON,
        "专题会研究，同意进入协议起草。",
        day_of(now),
        industry="符合产业链方向",
        land="园区现有工业用地可保障",
        energy="能耗指标按程序申请",
        environment="不涉及敏感区，按规定办理环评",
        due_diligence="投资方经营正常，无重大失信记录（演示）",
    )
    decisions.appraise(case.script.session, case.manager, case.lead_id, draft, now=now)


def agree(case: Case, party: str, now: datetime) -> None:
    """A framework agreement, which takes the lead to 拟签约 and no further."""
    draft = decisions.AgreementDraft(
        AgreementKind.FRAMEWORK,
        day_of(now),
        party,
        Money.wan(case.plan.low or 10_000),
    )
    decisions.record_agreement(case.script.session, case.owner, case.lead_id, draft, now=now)
    case.stage = Stage.DRAFTED


def speak(case: Case, told: Talk, now: datetime) -> None:
    """A follow-up."""
    on = ("lead", case.lead_id)
    chain = case.plan.work.chain
    talk.follow_up(
        case.script, case.owner, on, case.stage.value, case.who, chain, case.dice, now, told.next_on
    )
