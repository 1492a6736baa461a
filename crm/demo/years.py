"""The goals of the years: the plan's own, and its targets carried over, marked as demonstration."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial

from crm.accounts.operations import SYSTEM
from crm.demo.plan.quotas import PLAN_YEAR, YearQuota
from crm.demo.script import Script
from crm.goals.operations.plan import carry_over, load_goals

CARRIED = f"演示目标（沿用{PLAN_YEAR}年）"


def prepare(script: Script, quotas: Sequence[YearQuota]) -> None:
    """Name the scenes: the plan's goals early in its year, those of each later year in its first days."""
    days = script.days
    script.at(days.on(date(PLAN_YEAR, 1, 10)), partial(_load, script))
    for quota in quotas:
        if quota.year > PLAN_YEAR:
            script.at(days.on(date(quota.year, 1, 4)), partial(_carry, script, quota.year))


def _load(script: Script, now: datetime) -> None:
    load_goals(script.session, SYSTEM, now=now)


def _carry(script: Script, year: int, now: datetime) -> None:
    carry_over(script.session, SYSTEM, year=PLAN_YEAR, to=year, now=now, demo_note=CARRIED)
