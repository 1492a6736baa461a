"""Projects and receipts to measure with, as many as asked for, decided by the rules of the house.

The first `SEED` projects with their receipts are told by dice, decided by the pure rules and written in
bulk; the others are their copies, made by the database itself, each under numbers of its own. Day and
month sums are what `recount` makes of all of them.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

from sqlalchemy import ARRAY, Connection, Table, Text, case, cast, func, insert, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from crm.accounts.models import Person, Unit
from crm.accounts.operations import SYSTEM
from crm.accounts.rules import Role, UnitKind
from crm.catalog.models import AttractionModel, ChainNode, District
from crm.companies.models import Company
from crm.companies.rules import Position
from crm.core import clock, migrations, pinyin
from crm.core.clock import SHANGHAI
from crm.core.database import Database
from crm.counting.models import (
    ALWAYS,
    CountedProject,
    CountedReceipt,
    DecisionRow,
    StandingRow,
    Subject,
)
from crm.counting.operations.deciding import SPLIT
from crm.counting.operations.recounting import recount
from crm.counting.queries.rules import InForce, in_force
from crm.counting.rules.decisions import Decision
from crm.counting.rules.dimensions import key_of
from crm.counting.rules.facts import MoneyFrom, ProjectFacts, ReceiptFacts, ReceiptState
from crm.counting.rules.plain import fingerprint, to_json
from crm.counting.rules.receipts import decide_receipt
from crm.counting.rules.starts import decide_start
from crm.ledger.models import MonthlyReport, Receipt, ReceiptStep
from crm.ledger.rules import ReceiptKind, Step, owed_until
from crm.projects.models import PlannedFunds, Project, Reached
from crm.projects.queries.facts import facts_of
from crm.projects.rules.kinds import Construction, Funding, Milestone, Origin, ProjectKind
from crm.values.money import Money
from crm.values.period import BookingMonth
from tests.bench.harness import Suite, Visit
from tests.factories.city import City, found_city

SEED = 5_000
EACH = 20
"""Receipts of a project."""

CHUNK = 5_000
FIRST_DAY = date(2023, 1, 1)
STORY = {
    ReceiptState.REPORTED: (Step.REPORTED,),
    ReceiptState.REVIEWED: (Step.REPORTED, Step.REVIEWED),
    ReceiptState.CONFIRMED: (Step.REPORTED, Step.REVIEWED, Step.CONFIRMED),
}
"""The steps that a receipt in a state has behind it."""


@dataclass(frozen=True)
class Scene:
    """What the dice choose from.

    Attributes:
        desks: (person, unit) of officers, by the district whose office they belong to.
        reviewers, confirmers: who reviews in a district, who confirms in the city.
    """

    desks: dict[int, list[tuple[int, int]]]
    reviewers: dict[int, int]
    confirmer: int
    nodes: list[tuple[int, int]]
    models: list[int]
    today: date


def fill(database: Database, projects: int) -> None:
    """The test city with so many projects, and `EACH` receipts of each."""
    migrations.upgrade(database)
    found_city(database)
    seed = min(projects, SEED)
    with database.engine.begin() as connection:
        scene = _scene(connection)
        _load(connection, Company, (_firm(number, scene) for number in range(1, seed + 1)))
        dice = random.Random(7)
        rows = [_project(scene, dice, number, seed) for number in range(1, seed + 1)]
        _load(connection, Project, rows)
        _load(connection, Reached, (one for row in rows for one in _milestones(row, dice)))
        _load(connection, PlannedFunds, (one for row in rows for one in _plan(row)))
        _decide(connection, scene, seed)
        for copy in range(1, -(-projects // seed)):
            _copy(connection, copy, seed)
    with database.write("bench") as session:
        recount(session, SYSTEM, now=clock.now())
    _tidy(database)


# --- the seed ------------------------------------------------------------------------------------


def _scene(connection: Connection) -> Scene:
    team = select(Unit.parent_id).where(Unit.id == Person.unit_id).scalar_subquery()
    rows = connection.execute(
        select(Person.id, Person.unit_id, District.id)
        .join(District, (District.unit_id == Person.unit_id) | (District.unit_id == team))
        .where(Person.role == Role.OFFICER)
        .order_by(Person.id)
    ).all()
    desks: dict[int, list[tuple[int, int]]] = {}
    for person, unit, district in rows:
        desks.setdefault(district, []).append((person, unit))
    reviewers = connection.execute(
        select(District.id, func.min(Person.id))
        .join(Person, Person.unit_id == District.unit_id)
        .where(Person.role == Role.REVIEWER)
        .group_by(District.id)
    ).tuples()
    bureau = select(Person.id).join(Unit, Unit.id == Person.unit_id)
    confirmer = connection.scalar(
        bureau.where(Unit.kind == UnitKind.BUREAU, Person.role == Role.MANAGER).limit(1)
    )
    return Scene(
        desks=desks,
        reviewers=dict(reviewers.all()),
        confirmer=confirmer or 0,
        nodes=list(connection.execute(select(ChainNode.chain_id, ChainNode.id)).tuples()),
        models=list(connection.scalars(select(AttractionModel.id))),
        today=clock.day_of(clock.now()),
    )


SHIFT = 10_000_000
"""Numbers of these firms begin here, beside whatever firms there are."""


def _firm(number: int, scene: Scene) -> dict[str, Any]:
    name = f"量测投资{number}"
    return {
        "id": SHIFT + number, "name": f"{name}有限公司", "name_key": name, "search_text": name,
        "pinyin": pinyin.full(name), "initials": pinyin.initials(name), "unit_id": 1,
        "public": False, "created_at": clock.now(), "country": "CN", "group_name": "",
        "address": "", "website": "", "business": "", "demo_note": "", "version": 1,
    }  # fmt: skip


def _project(scene: Scene, dice: random.Random, number: int, seed: int) -> dict[str, Any]:
    days = (scene.today - FIRST_DAY).days
    signed = FIRST_DAY + timedelta(days=days * number // (seed + 1))
    district = dice.choice(sorted(scene.desks))
    person, unit = dice.choice(scene.desks[district])
    chain, node = dice.choice(scene.nodes)
    name = f"量测项目{number}"
    agreed = Money.wan(dice.choice((6_000, 12_000, 35_000, 90_000, 250_000)) + dice.randint(0, 99))
    return {
        "id": number, "number": f"XM-{signed.year}-{number:06d}", "name": name,
        "pinyin": pinyin.full(name), "initials": pinyin.initials(name), "search_text": name,
        "content": name, "origin": Origin.BACKFILLED, "origin_note": "量测",
        "company_id": SHIFT + number, "kind": dice.choices(list(ProjectKind), (80, 8, 4, 5, 3))[0],
        "construction": dice.choices(list(Construction), (80, 10, 8, 2))[0],
        "funding": dice.choices(list(Funding), (92, 0, 4, 4))[0], "agreed": agreed,
        "signed_on": signed, "signing_party": f"{name}公司", "district_id": district,
        "chain_id": chain, "node_id": node if dice.random() < 0.7 else None,
        "position": dice.choice((*Position, None)), "model_id": dice.choice(scene.models),
        "unit_id": unit, "owner_id": person, "confidential": dice.random() < 0.02,
        "created_at": _moment(signed), "created_by": person,
    }  # fmt: skip


def _milestones(row: dict[str, Any], dice: random.Random) -> Iterator[dict[str, Any]]:
    """The signing, and for most a start that a department recognised."""
    same = {"project_id": row["id"], "reported_by": row["owner_id"]}
    signed: date = row["signed_on"]
    yield same | {
        "milestone": Milestone.SIGNED, "reported_on": signed, "recorded_at": _moment(signed),
        "accepted_on": None, "recognised_on": None,
    }  # fmt: skip
    started = signed + timedelta(days=dice.randint(20, 200))
    if started < clock.day_of(clock.now()) and dice.random() < 0.85:
        accepted = dice.random() < 0.9
        yield same | {
            "milestone": Milestone.STARTED, "reported_on": started,
            "recorded_at": _moment(started), "accepted_on": started if accepted else None,
            "recognised_on": started + timedelta(days=5) if accepted else None,
        }  # fmt: skip


def _plan(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    year = row["signed_on"].year
    for later in range(3):
        yield {
            "project_id": row["id"], "year": year + later, "amount": Money(row["agreed"].fen // 4),
        }  # fmt: skip


def _decide(connection: Connection, scene: Scene, seed: int) -> None:
    """The seed's decisions, by the rules: facts of the projects as the house itself reads them."""
    with Session(connection) as session:
        facts = facts_of(session, range(1, seed + 1))
        owners = dict(session.execute(select(Project.id, Project.owner_id)).tuples().all())
        force = in_force(session)
    dice = random.Random(8)
    told = [one for project in facts for one in _receipts(scene, dice, project, owners, seed)]
    starts = [(one, decide_start(one, force.rules)) for one in facts]
    _load(connection, CountedProject, (_kept("project_id", one.project, one) for one in facts))
    _load(connection, MonthlyReport, {one.report["id"]: one.report for one in told}.values())
    _load(connection, Receipt, (one.row for one in told))
    _load(connection, ReceiptStep, (step for one in told for step in one.steps))
    _load(
        connection,
        CountedReceipt,
        (_kept("receipt_id", one.facts.receipt, one.facts, one.facts.project) for one in told),
    )
    decided = [
        (Subject.PROJECT, one.project, one, decision, _moment(one.signed_on))
        for one, decision in starts
    ]
    decided += [_decided(one, force) for one in told]
    _load(connection, DecisionRow, (_decision(*one) for one in decided))
    _load(connection, StandingRow, (row for one in decided for row in _standings(*one)))


@dataclass(frozen=True)
class Told:
    """A receipt as its row, its report's, its steps and its facts."""

    row: dict[str, Any]
    report: dict[str, Any]
    steps: list[dict[str, Any]]
    facts: ReceiptFacts
    project: ProjectFacts


def _receipts(
    scene: Scene, dice: random.Random, project: ProjectFacts, owners: dict[int, int], seed: int
) -> Iterator[Told]:
    """A project's money between its signing and today."""
    officer = owners[project.project]
    reviewer = scene.reviewers.get(project.place.district, scene.confirmer + 1)
    for place in range(1, EACH + 1):
        number = (project.project - 1) * EACH + place
        span = max((scene.today - project.signed_on).days - 1, 0)
        arrived = project.signed_on + timedelta(days=dice.randint(0, min(span, 700)))
        age = (scene.today - arrived).days
        state = ReceiptState.CONFIRMED if age > 40 else dice.choice(list(STORY))
        amount = Money(project.total.fen // (EACH * 2) + dice.randint(0, 10**7) * 100)
        origin = dice.choices(list(MoneyFrom), (8, 72, 12, 8))[0]
        reported = _moment(min(arrived + timedelta(days=3), scene.today))
        confirmed = reported + timedelta(hours=2) if state is ReceiptState.CONFIRMED else None
        month = BookingMonth.of(arrived)
        report_id = project.project * 10_000 + (month.year - 2020) * 12 + month.month
        by = {Step.REPORTED: officer, Step.REVIEWED: reviewer, Step.CONFIRMED: scene.confirmer}
        row = {
            "id": number, "number": f"DZ-{arrived.year}-{number:07d}", "report_id": report_id,
            "project_id": project.project, "arrived_on": arrived, "currency": "CNY",
            "entered": Decimal(amount.fen).scaleb(-2), "amount": amount,
            "kind": dice.choice(list(ReceiptKind)), "origin": origin, "payer": "量测投资",
            "state": state, "reported_by": officer, "reported_at": reported,
            "owed_until": owed_until(clock.day_of(reported)),
            "reviewed_by": reviewer if state is not ReceiptState.REPORTED else None,
            "reviewed_at": reported if state is not ReceiptState.REPORTED else None,
            "confirmed_by": scene.confirmer if confirmed else None, "confirmed_at": confirmed,
        }  # fmt: skip
        report = {
            "id": report_id, "project_id": project.project, "year": month.year,
            "month": month.month, "opened_at": reported, "opened_by": officer,
        }  # fmt: skip
        steps = [
            {"receipt_id": number, "step": step, "by_id": by[step], "at": reported}
            for step in STORY[state]
        ]
        facts = ReceiptFacts(
            receipt=number, project=project.project, arrived_on=arrived, amount=amount,
            origin=origin, state=state, reported_on=clock.day_of(reported), confirmed_at=confirmed,
        )  # fmt: skip
        yield Told(row, report, steps, facts, project)


Decided = tuple[Subject, int, ProjectFacts, Decision, datetime]


def _decided(one: Told, force: InForce) -> Decided:
    decision = decide_receipt(one.facts, one.project, force.rules, force.books)
    at = one.facts.confirmed_at or one.row["reported_at"]
    return Subject.RECEIPT, one.facts.receipt, one.project, decision, at


def _kept(key: str, number: int, facts: Any, project: int | None = None) -> dict[str, Any]:
    told = to_json(facts)
    mark = {"facts": told, "fingerprint": fingerprint(told), "handed_at": clock.now()}
    return {key: number} | mark | ({"project_id": project} if project else {})


def _decision(
    subject: Subject, number: int, project: ProjectFacts, decision: Decision, at: datetime
) -> dict[str, Any]:
    said = ("verdict", "reason", "rules_of", "amount", "year", "stands_on", "month", "late")
    return {name: getattr(decision, name) for name in said} | {
        "subject": subject, "subject_id": number, "project_id": project.project,
        "decided_at": at, "replaced_at": ALWAYS, "rule_set_id": None,
        "terminated_later": decision.terminated_later, "owed": list(decision.owed),
        "looked_at": dict(decision.looked_at), "fingerprint": f"{subject}{number}",
    }  # fmt: skip


def _standings(
    subject: Subject, number: int, project: ProjectFacts, decision: Decision, at: datetime
) -> Iterator[dict[str, Any]]:
    for one in decision.standings:
        keys = {dimension.value: key_of(dimension, project.place, one) for dimension in SPLIT}
        yield keys | {
            "subject": subject, "subject_id": number, "project_id": project.project,
            "measure": one.measure, "day_from": one.day_from, "day_until": one.day_until,
            "amount": one.amount, "district_id": project.place.district, "known_from": at,
            "known_until": ALWAYS,
        }  # fmt: skip


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(10), SHANGHAI)


# --- its copies ----------------------------------------------------------------------------------


def _copy(connection: Connection, copy: int, seed: int) -> None:
    """The seed once more: every number moved on, all that is said of them the same."""
    projects, receipts, reports = copy * seed, copy * seed * EACH, copy * seed * 10_000
    by_project = {"project_id": projects}
    moved: dict[Any, tuple[str, int, dict[str, int]]] = {
        Project: ("id", seed, {"id": projects}),
        Reached: ("project_id", seed, by_project),
        PlannedFunds: ("project_id", seed, by_project),
        CountedProject: ("project_id", seed, by_project),
        MonthlyReport: ("project_id", seed, by_project | {"id": reports}),
        Receipt: ("id", seed * EACH, by_project | {"id": receipts, "report_id": reports}),
        ReceiptStep: ("receipt_id", seed * EACH, {"receipt_id": receipts}),
        CountedReceipt: ("receipt_id", seed * EACH, by_project | {"receipt_id": receipts}),
        DecisionRow: ("project_id", seed, by_project),
        StandingRow: ("project_id", seed, by_project),
    }
    for model, (key, most, shifts) in moved.items():
        table: Table = model.__table__
        values = [
            _moved(connection, column, copy, shifts, projects, receipts)
            for column in table.c
            if column.name != "id" or "id" in shifts
        ]
        names = [column.name for column in table.c if column.name != "id" or "id" in shifts]
        rows = select(*values).where(table.c[key] <= most)
        connection.execute(insert(table).from_select(names, rows))


def _moved(
    connection: Connection,
    column: Any,
    copy: int,
    shifts: dict[str, int],
    projects: int,
    receipts: int,
) -> Any:
    if column.name == "number":
        return column + f"-{copy}"
    if column.name == "facts":
        return _facts(connection, column, projects, receipts)
    if column.name == "subject_id":
        of_project = column.table.c.subject == Subject.PROJECT
        return column + case((of_project, projects), else_=receipts)
    return column + shifts[column.name] if column.name in shifts else column


def _sqlite(connection: Connection) -> bool:
    return connection.dialect.name == "sqlite"


def _facts(connection: Connection, column: Any, projects: int, receipts: int) -> Any:
    """The facts of a copy name its own numbers: counting finds projects and receipts by them."""
    own = column.table.c
    numbers = {"project": own.project_id + projects}
    if "receipt_id" in own:
        numbers["receipt"] = own.receipt_id + receipts
    if _sqlite(connection):
        pairs = [part for name, number in numbers.items() for part in (f"$.{name}", number)]
        return func.json_set(column, *pairs)
    told: Any = cast(column, JSONB)
    for name, number in numbers.items():
        told = func.jsonb_set(told, cast([name], ARRAY(Text)), func.to_jsonb(number), type_=JSONB)
    return told


# --- in bulk -------------------------------------------------------------------------------------


def _load(connection: Connection, kind: Any, rows: Iterable[dict[str, Any]]) -> None:
    rows = iter(rows)
    while some := list(islice(rows, CHUNK)):
        connection.execute(insert(kind), some)


def _tidy(database: Database) -> None:
    """What a night does: statistics; on PostgreSQL a VACUUM for index-only scans, and the sequences."""
    with database.engine.connect() as connection:
        if database.sqlite:
            connection.exec_driver_sql("ANALYZE")
            return
        for model in (Project, Receipt, MonthlyReport, Company):
            name = model.__tablename__
            connection.exec_driver_sql(
                f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))"
            )
        connection.commit()
        raw = connection.execution_options(isolation_level="AUTOCOMMIT")
        raw.exec_driver_sql("VACUUM ANALYZE")


# --- what is measured ----------------------------------------------------------------------------


READERS = ("city_manager", "kunqu_reviewer", "kunqu_officer")


def _visits(city: City) -> list[Visit]:
    """The pages of the issue's bar, which may not grow with the data; then those that only have one."""
    chain = city.chain_id("稀土")
    node = city.node_id("稀土", "永磁电机")
    rows = "/goals/rows?measure=funds_counted"
    pages = {
        "board": "/goals",
        "board on 30 June 2025": "/goals?year=2025&on=2025-06-30",
        "ranking by rate": "/goals?year=2025&track=funds&by=rate",
        "board by chain": "/goals?tab=chain",
        "board by node": "/goals?tab=node",
        "board by position": "/goals?tab=position",
        "board by model": "/goals?tab=model",
        "funds by anchor": "/goals?track=funds&tab=anchor",
        "funds by node": "/goals?track=funds&tab=node",
        "rows of the funds": rows,
        "rows of the funds by amount": f"{rows}&order=amount",
        "rows of a chain": f"{rows}&dimension=chain&key={chain}",
        "rows of a node": f"{rows}&dimension=node&key={node}",
        "rows of the starts": "/goals/rows?measure=starts_counted",
        "other goals": "/goals/others?year=2025",
    }
    found = [Visit(name, who, page, 200) for name, page in pages.items() for who in READERS]
    then = "/goals?year=2025&on=2025-06-30&known=2025-07-10"
    found.append(Visit("board as known then", "city_manager", then, 1500, grows=False))
    for name, page in {"statistics": "/funds", "queue": "/receipts"}.items():
        found += [Visit(name, who, page, 1000, grows=False) for who in READERS]
    return found


SUITE = Suite("money", 50_000, 1, fill, _visits)
