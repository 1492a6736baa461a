"""The funds that a project plans by year."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from crm.audit.operations import record_values
from crm.core.actor import Actor
from crm.projects.models import PlannedFunds, Project
from crm.projects.queries.facts import plan_of
from crm.projects.rules.investment import FundsPlan
from crm.values.money import Money, show


def plan_funds(
    session: Session, actor: Actor, project: Project, plan: FundsPlan, *, now: datetime
) -> None:
    """Make the years of a project's plan those of `plan`; the caller checked it and hands the facts on."""
    rows, wanted = plan_of(session, project.id), dict(plan.years)
    before = {year: row.amount for year, row in rows.items()}
    if before == wanted:
        return
    for year, row in rows.items():
        if year in wanted:
            row.amount = wanted[year]
        else:
            session.delete(row)
    for year in wanted.keys() - rows.keys():
        session.add(PlannedFunds(project_id=project.id, year=year, amount=wanted[year]))
    session.flush()
    record_values(
        session, actor, "project.funds_planned", project, now=now,
        before={"plan": _told(before)}, after={"plan": _told(wanted)},
    )  # fmt: skip


def _told(years: dict[int, Money]) -> list[str]:
    return [f"{year} {show(amount)}" for year, amount in sorted(years.items())]
