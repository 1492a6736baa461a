"""The whole plan of the demo: how many leads and projects, and who is which."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice

from crm.demo.plan.days import Days, dice
from crm.demo.plan.leads import Leads
from crm.demo.plan.money import fund
from crm.demo.plan.named import named
from crm.demo.plan.odd import Oddities, hang
from crm.demo.plan.officers import Officers
from crm.demo.plan.projects import Builder
from crm.demo.plan.quotas import YearQuota, months_told, split, years
from crm.demo.plan.sizes import Size
from crm.demo.plan.stories import Fate, LeadPlan, Line, ProjectPlan
from crm.demo.plan.talks import kept_up
from crm.demo.plan.words import Words
from crm.demo.tables import rows
from crm.projects.rules.kinds import Origin, Relation
from crm.values.period import Month
from crm.values.workdays import WorkCalendar

WEEK = timedelta(days=7)

LOST_FOR_SIGNED = 2
"""So many are lost for each one signed: of those closed a third is signed."""

PHASES = 0.03
"""The part of starts that are later phases with a filing code of their own."""


@dataclass
class City:
    """What is told: every list in the order in which it was drawn."""

    days: Days
    quotas: list[YearQuota]
    leads: list[LeadPlan]
    projects: list[ProjectPlan]
    lines: list[Line]


def plan_city(calendar: WorkCalendar, today: date, size: Size) -> City:
    """The plan of a day: the same for the same day, calendar and size."""
    days = Days(calendar, today)
    quotas = years(days, size)
    officers, words = Officers(), Words()
    builder = Builder(days, words, officers, size)
    projects = _projects(builder, quotas)
    leads = _leads(Leads(days, words, officers, size), projects)
    _look_lived_in(days, leads)
    for project in projects:
        kept_up(days, project, 150 / size.talks)
    return City(days, quotas, leads, projects, fund(days, projects, quotas, size.reports))


def _projects(builder: Builder, quotas: list[YearQuota]) -> list[ProjectPlan]:
    days, size = builder.days, builder.size
    found = [*islice(named(builder), size.named)]
    found += [builder.continuing(f"continuing {number}") for number in range(size.continuing)]
    odd = Oddities(builder, found)
    for quota in quotas:
        found += odd.of(quota, hanging=False)
    counted = Counter(
        (one.start.accepted.year, one.start.accepted.month)
        for one in found
        if one.start is not None and one.expects == "started"
    )
    for quota in quotas:
        for month, wanted in enumerate(quota.starts, start=1):
            for number in range(max(0, wanted - counted[quota.year, month])):
                late = number == 0 and month in (2, 3) and quota.year > days.first.year
                key = f"{quota.year}-{month} {number}"
                found.append(builder.started(key, Month(quota.year, month), late=late))
    _make_phases(found)
    for quota in quotas:
        found += odd.of(quota, hanging=True)
    found += [builder.in_hand(f"in hand {number}") for number in range(size.in_hand)]
    return [one for one in found if days.past(one.entered)]


def _make_phases(projects: list[ProjectPlan]) -> None:
    """Some of the starts are later phases of projects that were there before."""
    good = [one for one in projects if one.expects == "started" and not one.named]
    later = [
        one
        for one in good
        if one.origin is not Origin.LEAD and dice("phase", one.key).random() < PHASES
    ]
    first = [one for one in good if one not in later and one.terminated is None]
    for one in later:
        known_by = one.signed - timedelta(days=60)
        before = [other for other in first if other.entered < known_by]
        if before:
            hang(one, dice("parent", one.key).choice(before), Relation.PHASE)


def _leads(maker: Leads, projects: Iterable[ProjectPlan]) -> list[LeadPlan]:
    days, size = maker.days, maker.size
    signed = []
    for project in projects:
        if project.met is not None:
            lead = maker.signed(project, project.met)
            project.lead = lead
            signed.append(lead)
    lost = []
    months = months_told(days)
    counts = split(LOST_FOR_SIGNED * len(signed), [weight for _, weight in months])
    for (first, _), count in zip(months, counts, strict=True):
        for number in range(count):
            key = f"lost {first} {number}"
            entered = days.pick(
                dice("entered", key), first, min(Month.of(first).last_day, days.ago(25))
            )
            lost.append(maker.lost(key, entered))
    opened = [maker.open(f"open {number}") for number in range(size.open)]
    held = [maker.held(f"held {number}") for number in range(size.held)]
    return signed + lost + opened + held


def _look_lived_in(days: Days, leads: Iterable[LeadPlan]) -> None:
    """Each officer whom visitors play has something overdue and something ahead."""
    talked = [lead for lead in leads if lead.fate is Fate.OPEN and lead.talks]
    for row in rows("people"):
        mine = [lead for lead in talked if lead.last_owner == row["username"]]
        if not row["account"] or len(mine) < 2:
            continue
        mine.sort(key=lambda lead: lead.talks[-1].day)
        for lead, next_on in ((mine[0], days.ago(3)), (mine[-1], days.on(days.last + WEEK))):
            last = lead.talks[-1]
            lead.talks[-1] = replace(last, next_on=max(last.day, next_on))
