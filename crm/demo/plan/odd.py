"""Projects that do not count, or not yet, each for its own reason: so many a year of `data/oddities.csv`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from crm.counting.rules.facts import MovedFrom
from crm.demo.plan.days import dice
from crm.demo.plan.projects import Builder
from crm.demo.plan.quotas import PLAN_YEAR, YearQuota
from crm.demo.plan.stories import ProjectPlan, Start
from crm.demo.tables import Row, rows
from crm.projects.rules.kinds import Construction, Funding, Origin, ProjectKind, Relation
from crm.values.period import Year

NEVER = "never"
OWED = "owed"
UNRECOGNISED = "unrecognised"
ENDED = "ended"
ENDED_LATER = "ended_later"

OWED_LATELY = 200
"""Days; whoever owed the papers of a start for longer has given them by now."""

REASONS = ("投资方撤资", "长期未开工", "投资方未履约", "土地供应未落实", "产业政策调整")


class Oddities:
    """Draws them for a year; a phase or an increase hangs on a project of before."""

    def __init__(self, builder: Builder, known: Sequence[ProjectPlan]) -> None:
        self._builder = builder
        self._days = builder.days
        self._known = known

    def of(self, quota: YearQuota, *, hanging: bool) -> Iterator[ProjectPlan]:
        """The year's, as far as it is told: those that hang on another project, or those that do not."""
        year = Year(quota.year)
        told = self._days.count(year.first_day, min(year.last_day, self._days.last))
        part = told / max(1, self._days.count(year.first_day, year.last_day))
        always = self._builder.size.odd > 0 or quota.year == PLAN_YEAR
        least = 1 if always and part > 0.5 else 0
        for row in rows("oddities"):
            if (row["relation"] != Relation.FIRST) is not hanging:
                continue
            count = int(row["a_year"]) * quota.share * part * self._builder.size.odd
            for number in range(max(round(count), least)):
                key = f"{row['name']} {year} {number}"
                if (plan := self._one(row, key, quota.year)) is not None:
                    yield plan

    def _one(self, row: Row, key: str, year: int) -> ProjectPlan | None:
        days, chance = self._days, dice("odd", key)
        first, last = days.on(date(year, 2, 10)), days.upto(date(year, 9, 20))
        if row["start"] == ENDED_LATER:
            first, last = days.on(date(year, 3, 1)), days.upto(date(year, 5, 31))
        if row["start"] == OWED:
            first = max(first, days.ago(OWED_LATELY))
        reported = days.pick(chance, first, min(last, days.ago(50)))
        if not first <= reported <= days.ago(50):
            return None
        signed = days.upto(reported - timedelta(days=chance.randint(25, 110)))
        plan = self._builder.signed(key, signed, self._builder.words.work(chance))
        self._builder.papers(plan, chance)
        if row["relation"] != Relation.FIRST and not self._hang(plan, row, chance):
            return None
        if row["expects"] == "signed_before":
            before = self._before(plan)
            if not before:
                return None
            plan.earlier = chance.choice(before).key
        plan.expects = row["expects"]
        plan.kind = ProjectKind(row["kind"])
        plan.construction = Construction(row["construction"])
        plan.funding = Funding(row["funding"])
        plan.moved_from = MovedFrom(row["moved_from"]) if row["moved_from"] else None
        plan.inside_old_plant = bool(row["inside_old_plant"])
        plan.fiscal_share = int(row["fiscal_share"]) / 100 if row["fiscal_share"] else None
        plan.phase_share = None
        plan.fixed_agreed = chance.randint(int(row["low"]) // 100, int(row["high"]) // 100) * 100
        plan.weight = float(plan.fixed_agreed)
        self._progress(plan, row, chance, reported)
        return plan

    def _progress(self, plan: ProjectPlan, row: Row, chance: Random, reported: date) -> None:
        days = self._days
        if row["start"] == NEVER:
            plan.terminated = (days.add(reported, chance.randint(20, 90)), chance.choice(REASONS))
            if not days.past(plan.terminated[0]):
                plan.terminated = (days.last, plan.terminated[1])
            return
        told = days.add(reported, chance.randint(0, 3))
        plan.start = Start(
            reported=reported,
            told=told,
            accepted=reported,
            recognised=None if row["start"] == UNRECOGNISED else days.add(told, 12),
            papers=None if row["start"] == OWED else days.add(told, chance.randint(3, 10)),
        )
        self._builder.in_time(plan)
        if row["start"] == ENDED:
            ended = min(days.upto(date(reported.year, 12, 20)), days.last)
            plan.terminated = (days.pick(chance, days.add(told, 20), ended), REASONS[0])
        if row["start"] == ENDED_LATER:
            ended = days.on(date(reported.year + 1, 3, 1)) + timedelta(days=chance.randint(0, 90))
            if days.past(days.on(ended)):
                plan.terminated = (days.on(ended), REASONS[2])
            # until then it counts like any other

    def _hang(self, plan: ProjectPlan, row: Row, chance: Random) -> bool:
        """Under a first project that was signed before and lives; False where there is none."""
        before = self._before(plan)
        if before:
            hang(plan, chance.choice(before), Relation(row["relation"]))
        if row["expects"] == "phase_without_filing":
            plan.filed = None
        return bool(before)

    def _before(self, plan: ProjectPlan) -> list[ProjectPlan]:
        """The first projects that were here before it and live."""
        return [
            one
            for one in self._known
            if one.relation is Relation.FIRST
            and one.terminated is None
            and one.expects == "started"
            and one.entered < plan.signed - timedelta(days=30)
            and not one.named
        ]


def hang(plan: ProjectPlan, parent: ProjectPlan, relation: Relation) -> None:
    """Make it a later phase of the parent, or a capital increase: same firm, owner and place."""
    plan.relation, plan.parent = relation, parent.key
    plan.origin, plan.entered, plan.met = Origin.BACKFILLED, plan.signed, None
    plan.firm, plan.owner, plan.district = parent.firm, parent.owner, parent.district
    plan.work = replace(parent.work)
    what = "二期" if relation is Relation.PHASE else "增资扩产"
    plan.name = f"{parent.name.removesuffix('项目')}{what}项目"[:80]
