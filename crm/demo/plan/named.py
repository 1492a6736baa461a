"""The projects that the plan names: name, firm and chain are the plan's, every day and amount is 演示."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from crm.demo.plan.days import Days, dice
from crm.demo.plan.projects import Builder
from crm.demo.plan.stories import ProjectPlan, Start
from crm.demo.plan.words import Firm, Work
from crm.demo.tables import Row, rows
from crm.projects.rules.kinds import Construction, Origin, ProjectKind
from crm.values.money import Money, Unit, parse_money


def named(builder: Builder) -> Iterator[ProjectPlan]:
    """Those that are signed by the last day told."""
    for place, row in enumerate(rows("named"), start=1):
        if builder.days.past(date.fromisoformat(row["signed"])):
            yield _plan(builder, row, place)


def _plan(builder: Builder, row: Row, place: int) -> ProjectPlan:
    days, chance = builder.days, dice("named", row["company"], row["name"])
    signed = date.fromisoformat(row["signed"])
    agreed = parse_money(row["agreed"], Unit.YI).fen // Money.wan(1).fen
    phase = parse_money(row["phase_one"], Unit.YI).fen if row["phase_one"] else 0
    plan = ProjectPlan(
        key=f"named {row['company']} {row['name']}",
        name=row["name"]
        if row["company"].endswith("（演示）")
        else f"{row['company']}{row['name']}",
        firm=Firm(row["company"], of_plan=not row["company"].endswith("（演示）"), number=place),
        work=Work(
            row["chain"], row["node"], row["position"], row["effect"], "", row["content"], 0, 0
        ),
        owner=row["owner"],
        district=row["district"],
        signed=signed,
        entered=days.first if signed < days.first else days.add(signed, chance.randint(1, 6)),
        weight=agreed * 0.9,
        expects=row["expects"],
        origin=Origin.BACKFILLED,
        kind=ProjectKind(row["kind"]),
        construction=Construction(row["construction"]),
        model=row["model"],
        anchor=row["anchor"],
        phase_share=phase / Money.wan(agreed).fen if phase else None,
        tags=tuple(filter(None, row["tags"].split(";"))),
        named=True,
    )
    plan.agreed = agreed
    builder.papers(plan, chance)
    if row["started"]:
        _start(plan, days, date.fromisoformat(row["started"]))
    builder.in_time(plan)
    for name in ("commissioned", "capacity"):
        if row[name]:
            setattr(plan, name, days.on(date.fromisoformat(row[name])))
    return plan


def _start(plan: ProjectPlan, days: Days, started: date) -> None:
    if started < days.first:
        soon = days.add(days.first, 1)
        plan.start = Start(started, soon, started, started, days.add(soon, 1))
        return
    told = days.add(started, 1)
    plan.start = Start(started, told, days.on(started), days.add(told, 10), days.add(told, 4))
    plan.entered = min(plan.entered, told)
