"""The goals of the years: the plan's own, and its targets carried over, marked as demonstration."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial

from crm.accounts.operations import SYSTEM
from crm.demo.plan.officers import Officers
from crm.demo.plan.quotas import PLAN_YEAR, YearQuota
from crm.demo.script import Script
from crm.goals.operations.plan import carry_over, load_goals
from crm.goals.operations.targets import split
from crm.goals.queries import targets
from crm.goals.rules.kinds import SPLIT_BY_DISTRICT
from crm.goals.rules.parts import evenly

CARRIED = f"演示目标（沿用{PLAN_YEAR}年）"


def prepare(script: Script, quotas: Sequence[YearQuota]) -> None:
    """Name the scenes: the plan's goals early in its year, those of each later year in its first days."""
    days = script.days
    told = days.on(date(PLAN_YEAR, 1, 10))
    script.at(told, partial(_load, script))
    script.at(days.add(told, 3), partial(_share_out, script))
    for quota in quotas:
        if quota.year > PLAN_YEAR:
            script.at(days.on(date(quota.year, 1, 4)), partial(_carry, script, quota.year))


def _load(script: Script, now: datetime) -> None:
    load_goals(script.session, SYSTEM, now=now)


def _share_out(script: Script, now: datetime) -> None:
    """The bureau's manager gives each district its part of both goals; later years take them over."""
    shares = {script.districts[name]: share for name, share in Officers().shares.items()}
    for goal in targets.goals(script.session, PLAN_YEAR):
        if goal.key in SPLIT_BY_DISTRICT:
            parts = evenly(goal.target, shares)
            manager, districts = script.cast["manager"], dict(zip(shares, parts, strict=True))
            split(
                script.session,
                manager,
                goal.id,
                districts=districts,
                months=(),
                version=None,
                now=now,
            )


def _carry(script: Script, year: int, now: datetime) -> None:
    carry_over(script.session, SYSTEM, year=PLAN_YEAR, to=year, now=now, demo_note=CARRIED)
