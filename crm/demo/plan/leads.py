"""Leads from their first day to their fate: moves, decisions, holds, losses, hand-overs, follow-ups."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from crm.demo.plan.days import Days, dice
from crm.demo.plan.officers import Officers
from crm.demo.plan.sizes import Size
from crm.demo.plan.stories import Fate, LeadPlan, Move, ProjectPlan, Step
from crm.demo.plan.talks import talked
from crm.demo.plan.words import Words, weighed
from crm.demo.tables import rows
from crm.leads.rules.kinds import EventKind, Stage, Verdict

WAY = (Stage.CONTACTED, Stage.NEGOTIATING, Stage.DRAFTED)

OPEN_STAGES = (
    (Stage.IDENTIFIED, 2, 30, 22),
    (Stage.CONTACTED, 10, 110, 30),
    (Stage.NEGOTIATING, 45, 300, 33),
    (Stage.DRAFTED, 90, 380, 15),
)
"""Where the open ones stand: stage, youngest and oldest in days, how often."""

LOST_STAGES = (
    (Stage.IDENTIFIED, 20),
    (Stage.CONTACTED, 38),
    (Stage.NEGOTIATING, 32),
    (Stage.DRAFTED, 10),
)
HOLD_REASONS = (
    "投资方计划推迟",
    "市场行情待观察",
    "土地要素待落实",
    "能耗指标待落实",
    "投资方资金未落实",
)
LOST_REASONS = (
    ("落户外地", 30), ("投资方取消投资", 16), ("投资方资金链问题", 10), ("产业配套不足", 10),
    ("物流成本高", 8), ("政策诉求差距过大", 9), ("研判不符合产业导向", 6), ("长期失联", 8),
    ("土地要素无法满足", 3),
)  # fmt: skip
PLACES = (
    "鄂尔多斯市",
    "呼和浩特市",
    "银川市",
    "榆林市",
    "乌兰察布市",
    "西安市",
    "滁州市",
    "宜宾市",
)


class Leads:
    """Makes leads; a signed one from the project it becomes."""

    def __init__(self, days: Days, words: Words, officers: Officers, size: Size) -> None:
        self.days = days
        self.size = size
        self._words = words
        self._officers = officers
        self._anchors = [row for row in rows("firms") if row["head_cluster"]]
        self._leaders = [row for row in rows("firms") if row["position"] == "leader"]
        self._scenarios = rows("scenarios")
        self._weeks = rows("sources")

    def signed(self, project: ProjectPlan, met: date) -> LeadPlan:
        """The lead that became this project; met: the day on which it was entered."""
        plan = self._lead(f"of {project.key}", met, Fate.SIGNED)
        plan.firm, plan.work = project.firm, project.work
        plan.owner, plan.district = project.owner, project.district
        plan.low = plan.high = max(300, round(project.weight / 100) * 100)
        self._anchor(plan, dice("anchor", plan.key))
        reached = weighed(dice("way", plan.key), ((3, 60), (2, 40)))
        last = self.days.add(project.signed, -2)
        self._travel(plan, WAY[:reached], last)
        self._sometimes(plan, last)
        self._talk(plan, last, 28)
        return plan

    def open(self, key: str) -> LeadPlan:
        """One that is worked on today."""
        chance = dice("open", key)
        stage, young, old, _ = chance.choices(OPEN_STAGES, [one[3] for one in OPEN_STAGES])[0]
        entered = self.days.ago(round(chance.triangular(young, old, young + (old - young) * 0.25)))
        plan = self._lead(key, entered, Fate.OPEN)
        last = self.days.ago(weighed(chance, ((2, 4), (6, 4), (12, 3), (25, 2), (60, 1))))
        self._travel(plan, WAY[: stage.rank], max(entered, last))
        self._name(plan, chance, stage)
        self._sometimes(plan, last)
        self._talk(plan, None, 14)
        return plan

    def held(self, key: str) -> LeadPlan:
        """One on hold until some day about now."""
        chance = dice("held", key)
        entered = self.days.ago(chance.randint(60, 360))
        plan = self._lead(key, entered, Fate.HELD)
        stage = weighed(chance, LOST_STAGES)
        held = self.days.pick(chance, self.days.add(entered, 15), self.days.ago(5))
        self._travel(plan, WAY[: stage.rank], self.days.add(held, -2))
        until = max(
            held + timedelta(days=1), self.days.today + timedelta(days=chance.randint(-3, 90))
        )
        plan.steps.append(Step(held, EventKind.HELD, until, chance.choice(HOLD_REASONS)))
        self._name(plan, chance, stage)
        self._talk(plan, self.days.add(held, -1), 20)
        return plan

    def lost(self, key: str, entered: date) -> LeadPlan:
        """One that was given up within a year of its entry, and stays lost."""
        days, chance = self.days, dice("lost", key)
        stage = weighed(chance, LOST_STAGES)
        plan = self._lead(key, entered, Fate.LOST)
        lived = round(chance.triangular(20, 120 + 70 * stage.rank, 40 + 30 * stage.rank))
        ended = min(days.on(entered + timedelta(days=lived)), days.last)
        self._travel(plan, WAY[: stage.rank], max(entered, days.add(ended, -3)))
        self._name(plan, chance, stage)
        self._sometimes(plan, days.add(ended, -3))
        plan.steps.append(_loss(chance, ended))
        if chance.random() < 0.04 and days.past(days.add(ended, 40)):
            plan.steps.append(Step(days.add(ended, 15), EventKind.REOPENED))
            plan.steps.append(_loss(chance, days.add(ended, chance.randint(25, 40))))
        self._talk(plan, days.add(ended, -1), 36)
        return plan

    def _lead(self, key: str, entered: date, fate: Fate) -> LeadPlan:
        chance = dice("lead", key)
        work = self._words.work(chance)
        officer = self._officers.draw(chance)
        low = round(chance.uniform(work.low, work.high) / 500) * 500 or 500
        wide, vague = chance.random() < 0.12, chance.random() < 0.18
        plan = LeadPlan(
            key=key,
            owner=officer.username,
            firm=self._words.firm(chance, work, coded=fate is Fate.OPEN and chance.random() < 0.5)
            if fate is not Fate.SIGNED
            else None,
            work=work,
            district=officer.district
            or ("" if chance.random() < 0.5 else self._officers.landing(chance, officer)),
            source=chance.choices(self._weeks, [int(row["weight"]) for row in self._weeks])[0][
                "source"
            ],
            model="",
            entered=entered,
            fate=fate,
            low=low,
            high=low + 5000 if wide else low,
            estimated=vague,
            confidential=fate is Fate.OPEN and chance.random() < 0.02,
            first_step=self.days.add(entered, chance.randint(1, 4)),
        )
        if chance.random() < 0.06:
            plan.low = plan.high = None
        if fate is not Fate.SIGNED:
            self._anchor(plan, chance)
        return plan

    def _anchor(self, plan: LeadPlan, chance: Random) -> None:
        """How it was attracted, and on what it hangs: a head firm or a scenario of its chain, a leader."""
        model = chance.choices(rows("ways"), [int(row["weight"]) for row in rows("ways")])[0][
            "model"
        ]
        if model == "head_firm":
            near = [row for row in self._anchors if row["chain"] == plan.work.chain]
            plan.anchor = chance.choice(near)["name"] if near else ""
            model = model if near else "chain"
        if model == "scenario":
            near = [row for row in self._scenarios if row["chain"] == plan.work.chain]
            plan.anchor = chance.choice(near or self._scenarios)["title"]
        plan.model = model
        leaders = [row for row in self._leaders if row["chain"] == plan.work.chain]
        if leaders and plan.work.position == "supporting" and chance.random() < 0.3:
            plan.brought_by = chance.choice(leaders)["name"]

    def _talk(self, plan: LeadPlan, until: date | None, every: float) -> None:
        talked(self.days, plan, until, every / self.size.talks)

    def _name(self, plan: LeadPlan, chance: Random, stage: Stage) -> None:
        """Early on some have no name yet."""
        if stage.rank < Stage.NEGOTIATING.rank and chance.random() < 0.08:
            plan.firm = None

    def _travel(self, plan: LeadPlan, stages: tuple[Stage, ...], last: date) -> None:
        """The moves, spread over the time there was; the review before a draft; the first decision."""
        days, chance = self.days, dice("travel", plan.key)
        span = max(0, (last - plan.entered).days)
        day = plan.entered
        for number, stage in enumerate(stages, start=1):
            share = min(1.0, number / (len(stages) + 0.3) * chance.uniform(0.8, 1.1))
            day = min(max(day, days.upto(plan.entered + timedelta(days=round(span * share)))), last)
            if stage is Stage.DRAFTED:
                plan.reviewed = max(plan.entered, days.add(day, -2))
            plan.moves.append(Move(day, stage))
        if plan.reviewed and plan.fate is Fate.OPEN and chance.random() < 0.2:
            plan.agreed = plan.moves.pop().day
        if chance.random() < 0.85:
            verdict = Verdict.WAIT if chance.random() < 0.08 else Verdict.GO_ON
            decided = days.add(plan.entered, weighed(chance, ((1, 4), (2, 4), (3, 3), (5, 1))))
            plan.appraised = (min(decided, last, days.last), verdict) if decided <= last else None

    def _sometimes(self, plan: LeadPlan, last: date) -> None:
        """What happens to some on the way: held a while, gone back a stage, given away, grown, shared."""
        days, chance = self.days, dice("sometimes", plan.key)
        if (last - plan.entered).days < 30:
            return
        middle = days.pick(chance, days.add(plan.entered, 8), days.add(last, -8))
        fate = chance.random()
        if fate < 0.05 and plan.moves:
            self._pause(plan, chance, last)
        elif fate < 0.09:
            self._back(plan, chance, last)
        elif fate < 0.14:
            officer = self._officers.by_name[plan.owner]
            self._give(plan, chance, officer.username, middle)
        elif fate < 0.21 and plan.low is not None:
            plan.revised = middle
        elif fate < 0.25:
            plan.helper = self._officers.colleague(
                chance, self._officers.by_name[plan.owner]
            ).username

    def _pause(self, plan: LeadPlan, chance: Random, last: date) -> None:
        """Held after its last move, and taken up again."""
        held = self.days.add(plan.moves[-1].day, 1)
        resumed = min(self.days.add(held, chance.randint(8, 35)), self.days.add(last, -1))
        if held < resumed:
            until = resumed + timedelta(days=5)
            plan.steps.append(Step(held, EventKind.HELD, until, chance.choice(HOLD_REASONS)))
            plan.steps.append(Step(resumed, EventKind.RESUMED))

    def _back(self, plan: LeadPlan, chance: Random, last: date) -> None:
        """A stage back, and forwards again some weeks later."""
        if not plan.moves or plan.moves[-1].stage is Stage.CONTACTED:
            return
        top = plan.moves[-1]
        lower = WAY[top.stage.rank - 2]
        gone = self.days.add(top.day, chance.randint(2, 8))
        again = self.days.add(gone, chance.randint(5, 20))
        if again <= last:
            plan.moves += [Move(gone, lower, back=True), replace(top, day=again)]

    def _give(self, plan: LeadPlan, chance: Random, owner: str, day: date) -> None:
        """To a colleague, or to another district (流转); the present owner had it from the start till now."""
        officer = self._officers.by_name[owner]
        far = chance.random() < 0.5
        before = (self._officers.elsewhere if far else self._officers.colleague)(chance, officer)
        plan.owner = before.username
        plan.given.append((day, owner))


def _loss(chance: Random, day: date) -> Step:
    reason = weighed(chance, LOST_REASONS)
    place = chance.choice(PLACES) if reason == "落户外地" else ""
    return Step(day, EventKind.LOST, reason=reason, place=place)
