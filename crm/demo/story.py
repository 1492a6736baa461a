"""The demo told from its plan: what the city did from the base year to yesterday."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from crm.accounts.operations import SYSTEM
from crm.catalog.operations.plan import load_plan
from crm.catalog.queries import work_calendar
from crm.core.clock import SHANGHAI, day_of
from crm.demo import anchors, cast, habits, landings, negotiations, terms, years
from crm.demo.papers import Stock
from crm.demo.plan.city import City, plan_city
from crm.demo.plan.sizes import Size
from crm.demo.plan.stories import LeadPlan
from crm.demo.script import Script, Told
from crm.demo.treasury import Treasury


def in_silence(day: date, part: float) -> None:
    """Nobody listens."""


def tell(
    session: Session,
    hashes: Mapping[str, str],
    stock: Stock,
    *,
    now: datetime,
    size: Size,
    told: Told = in_silence,
) -> City:
    """Enter the plan, people, firms, leads, projects and money through the operations; what was planned.

    All in the caller's one transaction, so that a first start that fails leaves nothing half; its
    trail is sealed month by month. The same day and size give the same rows.

    Args:
        hashes: the password hash of each demo account.
        stock: papers that are in the store already.
        size: how large a city.
        told: hears after each month how far the story is.
    """
    with _undisturbed():
        city = plan_city(work_calendar(session), day_of(now), size)
        first = datetime.combine(city.days.first - timedelta(days=1), time(8), SHANGHAI)
        load_plan(session, SYSTEM, now=first)
        script = Script(session, cast.enter(session, hashes, now=first), city.days)
        anchors.prepare(script)
        years.prepare(script, city.quotas)
        habits.prepare(script)
        _prepare(script, city, stock)
        script.play(told)
    return city


def _prepare(script: Script, city: City, stock: Stock) -> None:
    """Name the scenes: leads before the projects that they become, projects before their money."""
    cases: dict[str, negotiations.Case] = {}

    def lead(plan: LeadPlan) -> None:
        cases[plan.key] = negotiations.prepare(script, plan)

    for one in city.leads:
        lead(one)
    known: landings.Landings = {}
    for project in city.projects:
        of = cases[project.lead.key] if project.lead else None
        case = landings.Landing(script, project, stock, of)
        landings.prepare(case, known)
        terms.look_after(case)
    Treasury(script, known, stock).prepare(city.lines)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Without the collector of cycles, which would walk the whole story again and again."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
