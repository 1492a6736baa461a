"""Money: how it comes in over a project's life, made to come to each year's total."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from random import Random

from crm.counting.rules.facts import MoneyFrom
from crm.demo.plan.days import Days, dice
from crm.demo.plan.projects import LEAST
from crm.demo.plan.quotas import YearQuota
from crm.demo.plan.rounds import put_through
from crm.demo.plan.stories import WAN, Line, ProjectPlan
from crm.demo.plan.words import weighed
from crm.demo.tables import rows
from crm.ledger.rules import ReceiptKind
from crm.projects.rules.kinds import Funding, ProjectKind
from crm.values.period import BookingMonth

K = ReceiptKind

COURSE: tuple[tuple[float, tuple[tuple[ReceiptKind, int], ...]], ...] = (
    (0.12, ((K.CAPITAL, 6), (K.LAND, 4))),
    (0.45, ((K.CONSTRUCTION, 7), (K.LAND, 1), (K.CAPITAL, 2), (K.EQUIPMENT, 1))),
    (0.85, ((K.EQUIPMENT, 6), (K.CONSTRUCTION, 4), (K.EQUITY, 1))),
    (9.0, ((K.WORKING_CAPITAL, 4), (K.EQUIPMENT, 4), (K.EQUITY, 1), (K.CONSTRUCTION, 1))),
)
"""What the money is for, by how far a project is: up to that share of its time, and how often."""

ORIGINS = (
    (MoneyFrom.OUTSIDE_REGION, 84),
    (MoneyFrom.ABROAD, 4),
    (MoneyFrom.REGION, 7),
    (MoneyFrom.CITY, 5),
)
"""Where a project's money mostly comes from."""

ADMITTED = (MoneyFrom.OUTSIDE_REGION, MoneyFrom.ABROAD)
FUNDED = (ProjectKind.INDUSTRIAL, ProjectKind.NEW_ENERGY)

OVER = 0.008
"""The part of projects where more arrives than was agreed, and a reason is asked."""

REPORTS = 0.37
"""In so many of its months money of a project arrives."""

LINES = ((1, 30), (2, 42), (3, 28))


def fund(
    days: Days, projects: Sequence[ProjectPlan], quotas: Iterable[YearQuota], often: float
) -> list[Line]:
    """The lines of all projects, told ones; agreed investments are set to what their money comes to.

    Args:
        often: how often money is reported, 1: as usual; the years' sums are the same.
    """
    lines = {project.key: list(_lines(days, project, often)) for project in projects}
    for project in projects:
        put_through(days, project, lines[project.key])
        if project.fixed_agreed:
            _fit(lines[project.key], project.fixed_agreed)
    fixed = {project.key for project in projects if project.fixed_agreed}
    _level([line for found in lines.values() for line in found], quotas, fixed)
    for project in projects:
        _agree(project, lines[project.key])
    return [line for found in lines.values() for line in found if days.past(line.reported)]


def _lines(days: Days, project: ProjectPlan, often: float) -> Iterable[Line]:
    """Raw lines: whole life, also the months to come, so that what was agreed is more than what is here."""
    chance = dice("money", project.key)
    months = _months(days, project, chance, often)
    if not months:
        return
    mostly = MoneyFrom.CITY if project.funding is Funding.FISCAL else weighed(chance, ORIGINS)
    weights = [
        math.sin(math.pi * (n + 0.7) / (len(months) + 0.4)) + 0.25 for n in range(len(months))
    ]
    whole = sum(weights)
    for number, (month, weight) in enumerate(zip(months, weights, strict=True)):
        kinds = next(kinds for share, kinds in COURSE if number / len(months) < share)
        yield from _report(
            days, project, month, project.weight * weight / whole, kinds, mostly, chance
        )


def _months(days: Days, project: ProjectPlan, chance: Random, often: float) -> list[BookingMonth]:
    """The booking months in which money arrives, from just before the start over a year or two."""
    start = project.start
    if start is None:
        if project.expects != "not_started" or project.named or chance.random() < 0.6:
            return []
        first, length = project.entered + timedelta(days=10), 2
    else:
        first = max(start.reported - timedelta(days=40), project.entered)
        length = chance.randint(9, 22) if project.weight > WAN else chance.randint(4, 10)
    if first < days.first:
        length -= min(length - 4, (days.first - first).days // 31)
    month = BookingMonth.of(max(first, days.first))
    found = []
    for _ in range(length):
        found.append(month)
        month = month.next()
    ended = project.terminated[0] if project.terminated else date.max
    kept = [
        one for one in found if chance.random() < REPORTS * often or one in (found[0], found[-1])
    ]
    return [one for one in kept if one.last_day < ended and one.last_day > project.entered]


def _report(
    days: Days,
    project: ProjectPlan,
    month: BookingMonth,
    amount: float,
    kinds: tuple[tuple[ReceiptKind, int], ...],
    mostly: MoneyFrom,
    chance: Random,
) -> Iterable[Line]:
    first = max(month.first_day, project.entered)
    parts = [chance.uniform(0.4, 1.0) for _ in range(weighed(chance, LINES))]
    for part in parts:
        other = chance.random() < 0.06
        origin = chance.choice(list(MoneyFrom)) if other else mostly
        fiscal = project.funding in (Funding.MIXED, Funding.FISCAL) and chance.random() < 0.4
        counts = origin in ADMITTED and project.kind in FUNDED and not fiscal
        yield Line(
            project=project.key,
            arrived=days.pick(chance, first, month.last_day - timedelta(days=1)),
            month=month.first_day,
            amount=max(1, round(amount * part / sum(parts))),
            kind=weighed(chance, kinds),
            origin=origin,
            counts=counts,
            currency=_currency(chance) if origin is MoneyFrom.ABROAD else "CNY",
            fiscal=fiscal,
        )


def _currency(chance: Random) -> str:
    return chance.choices([row["currency"] for row in rows("rates")], [6, 2, 3])[0]


def _level(lines: Iterable[Line], quotas: Iterable[YearQuota], fixed: Collection[str]) -> None:
    """Stretch the money of each booking month so that what counts comes to the month's quota.

    Months without a quota, those to come, are stretched like the month before.

    Args:
        fixed: projects whose money keeps its amounts.
    """
    by_month: dict[tuple[int, int], list[Line]] = defaultdict(list)
    for line in lines:
        month = BookingMonth.of(line.arrived)
        by_month[month.year, month.month].append(line)
    wanted = {
        (quota.year, month): funds
        for quota in quotas
        for month, funds in enumerate(quota.funds, start=1)
    }
    usual = 1.0
    for name in sorted(by_month):
        found = [line for line in by_month[name] if line.project not in fixed]
        rest = sum(line.amount for line in by_month[name] if line.counts and line.project in fixed)
        raw = sum(line.amount for line in found if line.counts)
        if wanted.get(name, 0) > rest and raw:
            usual = (wanted[name] - rest) / raw
        for line in found:
            line.amount = max(1, round(line.amount * usual))
            if line.typed is not None:
                line.typed = max(1, round(line.typed * usual))


def _agree(project: ProjectPlan, lines: Sequence[Line]) -> None:
    """What was agreed: a little more than all its money, or a little less where more is to arrive."""
    chance = dice("agreed", project.key)
    total = sum(line.amount for line in lines if not line.replaces)
    over = chance.random() < OVER and project.start is not None and len(lines) > 4
    least = LEAST if project.expects == "started" else 300
    share = 1.04 if over else chance.uniform(0.72, 0.93)
    agreed = max(least, math.ceil(total / share / 100) * 100)
    if project.fixed_agreed:
        agreed = project.fixed_agreed
    elif project.named:
        agreed = max(project.agreed, agreed)
    elif not lines:
        agreed = max(least, round(project.weight / 100) * 100)
    project.agreed = agreed
    _mark_above(lines, agreed)
    if project.phase_share is not None and project.phase_share * agreed < LEAST:
        project.phase_share = None
    if project.expects == "not_started" and agreed < WAN:
        project.expects = "below_minimum"
    project.plan = _plan(project, lines)


def _fit(lines: Sequence[Line], agreed: int) -> None:
    """Of a project whose agreed amount is given the money comes to four fifths of it."""
    total = sum(line.amount for line in lines)
    for line in lines:
        line.amount = max(1, line.amount * agreed * 4 // (total * 5))
        line.typed = None


def _mark_above(lines: Sequence[Line], agreed: int) -> None:
    total = 0
    for line in sorted(lines, key=lambda line: line.reported):
        total += max(line.amount, line.typed or 0)
        line.above = total > agreed


def _plan(project: ProjectPlan, lines: Sequence[Line]) -> dict[int, int]:
    """The funds planned by year: about what arrives, in whole 百万元, within what was agreed."""
    if dice("planned", project.key).random() < 0.15:
        return {}
    found: dict[int, int] = defaultdict(int)
    for line in lines:
        if not line.replaces:
            found[line.arrived.year] += line.amount
    left, plan = project.agreed, {}
    for year in sorted(found):
        part = min(left, math.ceil(found[year] * 1.06 / 100) * 100)
        if part > 0 and year >= project.signed.year:
            plan[year] = part
            left -= part
    return plan
