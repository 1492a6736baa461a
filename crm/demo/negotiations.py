"""Leads that are not signed (yet): entered, appraised, moved, held, lost, taken up again."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from random import Random

from crm.catalog.rules import TermKind
from crm.companies.operations import firms, people
from crm.companies.rules import Position
from crm.core.actor import Actor
from crm.core.clock import day_of
from crm.demo import talk
from crm.demo.cast import rows
from crm.demo.script import Script
from crm.leads.models import Lead
from crm.leads.operations import care, decisions, moving
from crm.leads.operations import entry as leads
from crm.leads.rules.kinds import AgreementKind, AppraisalKind, Effect, Stage, Verdict
from crm.values.money import Money, Unit, parse_amount

INVENTED = "演示企业，虚构"
LETTERS = dict(zip("icnd", Stage, strict=False))
WAY = (Stage.CONTACTED, Stage.NEGOTIATING, Stage.DRAFTED)
HOLD_REASONS = ("投资方计划推迟", "市场行情待观察", "土地要素待落实", "能耗指标待落实")
LOST_REASONS = ("落户外地", "投资方资金链问题", "产业配套不足", "物流成本高", "长期失联")
BACK_REASONS = ("合作条件重新商谈", "投资方案调整", "选址调整")
PLACES = ("鄂尔多斯市", "呼和浩特市", "银川市", "榆林市")


@dataclass
class Case:
    """One lead of the tables on its way through the script."""

    script: Script
    row: dict[str, str]
    lead_id: int = 0
    draft: leads.LeadDraft = field(init=False)
    dice: Random = field(init=False)
    who: talk.Contact = field(init=False)

    def __post_init__(self) -> None:
        self.dice = self.script.dice(self.row["content"] + self.row["company"])
        self.who = talk.contact(self.dice)

    @property
    def owner(self) -> Actor:
        """Who has it."""
        return self.script.cast[self.row["owner"]]

    @property
    def manager(self) -> Actor:
        """Who decides on it: the district's manager, or the bureau's."""
        of_district = self.script.cast.get(f"{self.row['owner'].split('.')[0]}.juzhang")
        return of_district or self.script.cast["manager"]


def prepare(script: Script) -> None:
    """Name the scenes of every unsigned lead."""
    for row in rows("leads"):
        case = Case(script, row)
        age = int(row["age"])
        script.at(age, partial(enter, case))
        _decide(case, age)
        ends = _travel(case, age)
        _talk(case, age, ends)


def enter(case: Case, now: datetime) -> None:
    """The firm (unless it is there, or unnamed), then the lead."""
    script, row = case.script, case.row
    company_id = _company(case, now)
    anchored = row["anchor"]
    draft = leads.LeadDraft(
        content=row["content"],
        title=row["content"] if not row["company"] else "",
        company_id=company_id,
        contact_name=case.who.name,
        contact_title=case.who.title,
        contact_phone=case.who.phone,
        chain_id=script.chains.get(row["chain"]),
        node_id=script.nodes.get((row["chain"], row["node"])),
        position=Position(row["position"]) if row["position"] else None,
        effect=Effect(row["effect"]) if row["effect"] else None,
        model_id=script.models.get(row["model"]),
        head_firm_id=script.head_firms.get(anchored),
        scenario_id=script.scenarios.get(anchored),
        brought_by_id=script.companies.get(row.get("brought_by", "")),
        source_id=script.term(TermKind.SOURCE, row.get("source") or "引荐"),
        district_id=_district(case),
        amount=parse_amount(row["amount"], Unit.YI) if row.get("amount") else None,
        confidential="k" in row.get("flags", ""),
        next_step="电话联系，约首次对接",
        next_step_on=now.date() + timedelta(days=case.dice.randint(1, 4)),
    )
    case.draft = draft = _with_needs(draft, case.dice)
    lead = leads.enter(script.session, case.owner, draft, now=now)
    case.lead_id = lead.id
    if "x" in row.get("flags", ""):
        helper = script.cast["shiyike"].id or 0
        care.set_collaborators(script.session, case.owner, lead.id, [helper], now=now)


def _company(case: Case, now: datetime) -> int | None:
    script, name = case.script, case.row["company"]
    if not name or name in script.companies:
        return script.companies.get(name)
    sizes = case.dice.choices(
        ((), ("专精特新",), ("专精特新小巨人",), ("高新技术企业",), ("上市公司",), ("民企500强",)),
        (5, 3, 2, 4, 2, 1),
    )[0]
    draft = firms.CompanyDraft(
        name=name,
        division_code=script.divisions.get(case.row.get("from", ""), ""),
        size_ids=tuple(script.term(TermKind.SIZE_CLASS, size) for size in sizes),
        business=case.row["content"],
        demo_note=INVENTED,
    )
    company = firms.enter(script.session, case.owner, draft, now=now)
    script.companies[name] = company.id
    told = people.ContactDraft(case.who.name, case.who.title, case.who.phone)
    people.add_person(script.session, case.owner, company.id, told, now=now)
    return company.id


def _district(case: Case) -> int | None:
    script, told = case.script, case.row.get("district", "")
    if told == "?":
        return None
    return script.districts.get(told) or script.district_near(case.owner.unit_path)


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


def _decide(case: Case, age: int) -> None:
    """Most leads are appraised within days; the others are what the clocks are for."""
    if age > 5 and case.dice.random() < 0.8:
        verdict = Verdict.WAIT if case.dice.random() < 0.12 else Verdict.GO_ON
        case.script.at(age - case.dice.randint(1, 4), partial(appraise, case, verdict))


def _travel(case: Case, age: int) -> int:
    """Name the moves of a lead; how many days ago its last one (or its end) was."""
    outcome, _, through = case.row["outcome"].partition(":")
    target = LETTERS[(through or outcome)[0]]
    steps = [stage for stage in WAY if stage.rank <= target.rank]
    ago = age
    for number, stage in enumerate(steps, start=1):
        share = number / (len(steps) + 1) * case.dice.uniform(0.75, 1.05)
        ago = max(2, min(ago, round(age * (1 - share))))
        if stage is Stage.DRAFTED:
            case.script.at(ago + 2, partial(review, case))
        agreed = stage is Stage.DRAFTED and "a" in case.row["flags"]
        case.script.at(ago, partial(agree, case) if agreed else partial(move, case, stage))
    end = max(1, round(ago * case.dice.uniform(0.3, 0.7)))
    if outcome == "b":
        case.script.at(end, partial(back, case, LETTERS[through[1]]))
    elif outcome in "hlro":
        case.script.at(end, partial(hold if outcome in "hr" else lose, case))
    if outcome in "ro":
        case.script.at(max(1, end // 2), partial(resume if outcome == "r" else reopen, case))
    elif "amount" in case.row and case.row["amount"] and age > 60 and case.dice.random() < 0.15:
        case.script.at(max(1, end + 1 if outcome in "hl" else 1), partial(revise, case))
    return end if outcome in "hl" else 1


def _talk(case: Case, age: int, until: int) -> None:
    """Follow-ups between the entry and the end; the last one leaves the next step of today."""
    if age < 3:
        return
    last = max(until, talk.last_contact(case.dice, age))
    if case.row["outcome"] == "i" and case.dice.random() < 0.5:
        return
    days = sorted(
        {last, *(case.dice.randint(last, age - 1) for _ in range(1 + age // 45))}, reverse=True
    )
    for day, after in zip(days, [*days[1:], None], strict=True):
        case.script.at(day, partial(speak, case, day, after))


def move(case: Case, target: Stage, now: datetime) -> None:
    """A step forwards."""
    moving.move(case.script.session, case.owner, case.lead_id, target, now=now)


def back(case: Case, target: Stage, now: datetime) -> None:
    """A step backwards, with its reason."""
    reason = case.script.term(TermKind.BACK_REASON, case.dice.choice(BACK_REASONS))
    moving.move(case.script.session, case.owner, case.lead_id, target, reason_id=reason, now=now)


def hold(case: Case, now: datetime) -> None:
    """搁置."""
    moving.hold(
        case.script.session,
        case.owner,
        case.lead_id,
        until=max(
            now.date() + timedelta(days=1),
            case.script.today + timedelta(days=case.dice.randint(-3, 80)),
        ),
        reason_id=case.script.term(TermKind.HOLD_REASON, case.dice.choice(HOLD_REASONS)),
        now=now,
    )


def lose(case: Case, now: datetime) -> None:
    """流失."""
    name = case.dice.choice(LOST_REASONS)
    moving.lose(
        case.script.session,
        case.owner,
        case.lead_id,
        reason_id=case.script.term(TermKind.LOST_REASON, name),
        competing_place=case.dice.choice(PLACES) if name == "落户外地" else "",
        now=now,
    )


def resume(case: Case, now: datetime) -> None:
    """恢复."""
    note = "投资方重新启动前期工作。"
    moving.resume(case.script.session, case.owner, case.lead_id, note=note, now=now)


def reopen(case: Case, now: datetime) -> None:
    """重启."""
    note = "投资方调整方案后主动联系，恢复对接。"
    moving.reopen(case.script.session, case.owner, case.lead_id, note=note, now=now)


def revise(case: Case, now: datetime) -> None:
    """The investor plans bigger than at first."""
    lead, amount = case.script.session.get_one(Lead, case.lead_id), case.draft.amount
    if amount is None:
        return
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


def agree(case: Case, now: datetime) -> None:
    """A framework agreement, which takes the lead to 拟签约 and no further."""
    draft = decisions.AgreementDraft(
        AgreementKind.FRAMEWORK,
        day_of(now),
        case.row["company"],
        parse_amount(case.row["amount"], Unit.YI).low,
    )
    decisions.record_agreement(case.script.session, case.owner, case.lead_id, draft, now=now)


def speak(case: Case, day: int, after: int | None, now: datetime) -> None:
    """A follow-up; the last one plans for today's days, an earlier one for the next."""
    if after is None:
        step, since = talk.next_step(case.dice), (case.script.today - now.date()).days
        next_in = None if step is None else max(0, step + since)
    else:
        next_in = max(1, day - after)
    stage = stage_of(case)
    talk.follow_up(
        case.script,
        case.owner,
        ("lead", case.lead_id),
        stage.value,
        case.who,
        case.row["chain"],
        case.dice,
        now,
        next_in,
    )


def stage_of(case: Case) -> Stage:
    """Where the lead stands at this point of the story."""
    return case.script.session.get_one(Lead, case.lead_id).stage
