"""Projects that start, and projects in hand: their days from signing to capacity."""

from __future__ import annotations

import math
from datetime import date, timedelta
from random import Random

from crm.demo.plan.days import Days, dice
from crm.demo.plan.officers import Officers
from crm.demo.plan.sizes import Size
from crm.demo.plan.stories import WAN, ProjectPlan, Start
from crm.demo.plan.words import Words, Work
from crm.projects.rules.kinds import Origin
from crm.values.period import Month, Year

LEAST = round(1.05 * WAN)
"""Projects that are to count are agreed at 1亿 and a little more at least."""

LARGER = 1.6
"""How much larger projects are than the tables' usual sizes; their money sets them right in the end."""

CLOSES = 9
"""January days by which everything about a start of the year before is done; its books close on the 15th."""


class Builder:
    """Makes projects one by one; what is drawn depends on their keys alone, names on their order."""

    def __init__(self, days: Days, words: Words, officers: Officers, size: Size) -> None:
        self.days = days
        self.size = size
        self.words = words
        self.officers = officers

    def started(self, key: str, month: Month, *, late: bool = False) -> ProjectPlan:
        """A project whose start counts in that month.

        Args:
            late: it started late in the year before, and came true in the month.
        """
        days, chance = self.days, dice("project", key)
        first, last = days.on(month.first_day), days.upto(min(month.last_day, days.last))
        if month.month == 12:
            last = days.upto(month.first_day + timedelta(days=19))
        reported = days.pick(chance, first, max(first, last))
        if late:
            before = date(month.year - 1, 11, 1)
            reported = days.pick(chance, before, before + timedelta(days=45))
        signed = days.upto(reported - timedelta(days=_drawn(chance, 25, 190, 60)))
        plan = self.signed(key, signed, self._countable(chance))
        plan.start = self._start(chance, reported, month, late)
        self.in_time(plan)
        self._after_start(plan, chance)
        return plan

    def signed(self, key: str, signed: date, work: Work) -> ProjectPlan:
        """A project signed on a day, through a lead where there was time for one, with its papers."""
        days, chance = self.days, dice("signing", key)
        officer = self.officers.draw(chance)
        firm = self.words.firm(chance, work, coded=True)
        plan = ProjectPlan(
            key=key,
            name=f"{firm.short}{work.content}项目"[:80],
            firm=firm,
            work=work,
            owner=officer.username,
            district=self.officers.landing(chance, officer),
            signed=signed,
            entered=signed,
            weight=_size(chance, work),
            origin=Origin.LEAD,
            phase_share=chance.uniform(0.35, 0.7) if chance.random() < 0.25 else None,
            planned_start=signed + timedelta(days=_drawn(chance, 40, 210, 90)),
        )
        plan.met = days.upto(signed - timedelta(days=_drawn(chance, 40, 260, 110)))
        if plan.met <= days.first or chance.random() < self.size.direct:
            plan.met = None
            plan.origin = Origin.TRANSFERRED if chance.random() < 0.2 else Origin.BACKFILLED
            plan.entered = _told(chance, days, signed)
        self.papers(plan, chance)
        plan.tags = _tags(plan, chance)
        if chance.random() < 0.12:
            plan.promised = days.add(plan.entered, chance.randint(1, 8))
        return plan

    def _countable(self, chance: Random) -> Work:
        while (work := self.words.work(chance)).high < 2 * LEAST:
            pass
        return work

    def _start(self, chance: Random, reported: date, month: Month, late: bool) -> Start:
        days = self.days
        closes = days.upto(date(reported.year + 1, 1, CLOSES))
        own = Month.of(reported)
        accepted = min(days.add(reported, chance.choice((0, 0, 0, 1, 2))), days.upto(own.last_day))
        told = days.add(reported, chance.randint(0, 3))
        papers = min(days.add(told, chance.randint(2, 16)), closes)
        recognised = min(days.add(told, chance.randint(6, 22)), closes)
        if late:
            first = max(month.first_day, date(month.year, 1, 20))
            recognised = days.pick(chance, first, month.last_day)
        return Start(
            reported=reported,
            told=told,
            accepted=accepted,
            recognised=max(recognised, accepted),
            papers=max(papers, told),
        )

    def papers(self, plan: ProjectPlan, chance: Random) -> None:
        """The papers of the signing, the registration with its licence, the codes, the permits."""
        days, entered = self.days, plan.entered
        plan.registered = days.add(entered, chance.randint(2, 8))
        plan.papers = plan.licence = days.add(plan.registered, chance.randint(1, 6))
        if chance.random() < 0.2:
            plan.licence = days.add(plan.papers, chance.randint(2, 12))
        plan.archived = chance.random() < 0.5
        plan.filed = days.add(entered, chance.randint(2, 14))
        if chance.random() < 0.4:
            plan.permits = days.add(plan.filed, chance.randint(3, 20))

    def in_time(self, plan: ProjectPlan) -> None:
        """What a start that counts needs before its year closes comes in time; nothing before its entry."""
        if plan.start is None:
            return
        plan.entered = min(plan.entered, plan.start.told)
        end = self.days.upto(date(plan.start.accepted.year + 1, 1, CLOSES))
        if plan.start.accepted.year < self.days.first.year:
            end = self.days.upto(date(self.days.first.year, 1, CLOSES))
        for name in ("papers", "registered", "licence"):
            day = getattr(plan, name)
            if day is not None and day > end:
                setattr(plan, name, max(end, plan.entered))

    def _after_start(self, plan: ProjectPlan, chance: Random) -> None:
        """Commissioned after a year or so, at capacity some months later."""
        if plan.start is None:
            return
        if chance.random() < 0.6:
            done = plan.start.accepted + timedelta(days=_drawn(chance, 210, 560, 360))
            plan.commissioned = self.days.on(max(done, plan.start.told))
            if chance.random() < 0.5:
                later = plan.commissioned + timedelta(days=_drawn(chance, 90, 300, 160))
                plan.capacity = self.days.on(later)

    def continuing(self, key: str) -> ProjectPlan:
        """A project that started in the year before the first: it brings the base year's money."""
        days, chance = self.days, dice("continuing", key)
        before = Year(days.first.year - 1)
        reported = before.first_day + timedelta(days=chance.randint(50, 320))
        signed = reported - timedelta(days=_drawn(chance, 40, 190, 80))
        plan = self.signed(key, signed, self._countable(chance))
        plan.origin, plan.entered = Origin.BACKFILLED, days.first
        self.papers(plan, chance)
        recognised = min(reported + timedelta(days=chance.randint(8, 30)), before.last_day)
        soon = days.add(days.first, chance.randint(0, 3))
        plan.start = Start(reported, soon, reported, recognised, days.add(soon, 1))
        self.in_time(plan)
        self._after_start(plan, chance)
        return plan

    def in_hand(self, key: str) -> ProjectPlan:
        """A project signed lately, not started; some wait for longer than they planned."""
        days, chance = self.days, dice("in hand", key)
        signed = days.ago(_drawn(chance, 2, 320, 45))
        plan = self.signed(key, signed, self.words.work(chance))
        plan.expects = "not_started"
        if chance.random() < 0.25 and signed > days.ago(60):
            plan.papers = None
        if chance.random() < 0.4:
            plan.registered = plan.licence = None
        return plan


def _told(chance: Random, days: Days, signed: date) -> date:
    """When a project without a lead came into the system: the old ones in the first days."""
    if signed < days.first:
        return days.add(days.first, chance.randint(0, 6))
    return days.add(signed, chance.randint(1, 8))


def _drawn(chance: Random, low: int, high: int, usual: int) -> int:
    return round(chance.triangular(low, high, usual))


def _size(chance: Random, work: Work) -> float:
    """Agreed investment in 万元 before its money is known: between the usual sizes, more often small."""
    return math.exp(chance.uniform(math.log(work.low), math.log(work.high))) * LARGER


def _tags(plan: ProjectPlan, chance: Random) -> tuple[str, ...]:
    wanted = (
        ("重大项目", plan.weight >= 5 * WAN or chance.random() < 0.35),
        ("补链项目", plan.work.effect == "fill" and chance.random() < 0.5),
        ("绿色低碳", chance.random() < 0.08),
        ("观摩项目", chance.random() < 0.05),
        ("两新", chance.random() < 0.03),
    )
    return tuple(name for name, yes in wanted if yes)
