"""The firms that the plan names with their places in chains, head firms, and the plan's scenarios.

Of a firm of the plan only its name is known here; whatever else is said of it is marked 演示.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select

from crm.companies.operations import chains, firms, head_firms
from crm.companies.rules import HeadFirmState, Position
from crm.demo.script import Script
from crm.demo.tables import Row, rows
from crm.leads.models import Scenario
from crm.leads.operations import scenarios
from crm.leads.rules.kinds import ScenarioState

OF_THE_PLAN = "名称出自2025年工作报告，其余内容为演示"
RECOGNISED_BY = "市产业链专班（演示）"


def prepare(script: Script) -> None:
    """Name the scenes: firms first, then the links between them, head firms, scenarios."""
    days = script.days
    for row in rows("firms"):
        script.at(days.first, partial(_enter, script, row))
    for row in rows("firms"):
        if row["leader"]:
            script.at(days.add(days.first, 1), partial(_link, script, row))
        if row["head_cluster"]:
            script.at(days.add(days.first, 2), partial(_court, script, row))
            if row["head_state"] != HeadFirmState.UNTOUCHED:
                met = script.dice(row["name"]).randint(20, 260)
                script.at(days.add(days.first, met), partial(_meet, script, row))
    script.at(days.add(days.first, 3), partial(_load_scenarios, script))
    for row in rows("scenarios"):
        script.at(days.ago(int(row["open_from"] or 60)), partial(_tell_scenario, script, row))


def _enter(script: Script, row: Row, now: datetime) -> None:
    manager = script.cast["manager"]
    draft = firms.CompanyDraft(name=row["name"], demo_note=OF_THE_PLAN)
    company = firms.enter(script.session, manager, draft, now=now)
    script.companies[row["name"]] = company.id
    place = chains.PositionDraft(
        chain_id=script.chains[row["chain"]],
        node_id=script.nodes[row["chain"], row["node"]] if row["node"] else None,
        position=Position(row["position"]),
        recognised_by=RECOGNISED_BY,
        recognised_on=now.date(),
    )
    chains.recognise(script.session, manager, company.id, place, now=now)


def _link(script: Script, row: Row, now: datetime) -> None:
    chains.link_supporter(
        script.session,
        script.cast["manager"],
        supporter_id=script.companies[row["name"]],
        leader_id=script.companies[row["leader"]],
        chain_id=script.chains[row["chain"]],
        supplies=row["supplies"],
        since=now.date(),
        now=now,
    )


def _court(script: Script, row: Row, now: datetime) -> None:
    head_firm = head_firms.make_head_firm(
        script.session,
        script.cast["manager"],
        script.companies[row["name"]],
        _courted(script, row),
        now=now,
    )
    script.head_firms[row["name"]] = head_firm.id


def _meet(script: Script, row: Row, now: datetime) -> None:
    draft = _courted(script, row)
    met = replace(draft, high_level_contact_on=now.date(), state=HeadFirmState(row["head_state"]))
    head_firms.edit_head_firm(
        script.session,
        script.cast["manager"],
        script.head_firms[row["name"]],
        met,
        version=None,
        now=now,
    )


def _courted(script: Script, row: Row) -> head_firms.HeadFirmDraft:
    return head_firms.HeadFirmDraft(
        cluster_id=script.clusters[row["head_cluster"]],
        why=row["head_why"],
        rank=int(row["head_rank"]),
        rank_source="演示榜单",
        responsible_leader=f"{row['responsible']}（演示）" if row["responsible"] else "",
        owner_id=script.cast["shiyike" if int(row["head_rank"]) % 2 else "shierke"].id,
    )


def _load_scenarios(script: Script, now: datetime) -> None:
    scenarios.load_scenarios(script.session, script.cast["manager"], now=now)
    found = script.session.execute(select(Scenario.title, Scenario.id)).all()
    script.scenarios.update(dict(found))


def _tell_scenario(script: Script, row: Row, now: datetime) -> None:
    manager = script.cast["manager"]
    scenario_id = script.scenarios[row["title"]]
    known = script.session.get_one(Scenario, scenario_id)
    scenarios.edit_scenario(
        script.session,
        manager,
        scenario_id,
        scenarios.ScenarioDraft(
            title=known.title,
            cluster_id=known.cluster_id,
            source=known.source,
            opened_by=row["opened_by"],
            demand=row["demand"],
            volume=row["volume"],
            place=row["place"],
            district_id=script.districts.get(row["district"]),
            open_from=now.date() if row["open_from"] else None,
            open_until=(
                script.days.today - timedelta(days=int(row["open_until"]))
                if row["open_until"]
                else None
            ),
            state=ScenarioState(row["state"]),
            owner_id=script.cast[row["owner"]].id,
        ),
        version=None,
        now=now,
    )
    for name in filter(None, row["match"].split(";")):
        scenarios.match_firm(
            script.session,
            manager,
            scenario_id,
            script.companies[name],
            day=now.date(),
            note="（演示）供需对接会",
            now=now,
        )
