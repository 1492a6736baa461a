"""A large city to measure in: the test city with more offices, and as many leads and firms as asked for.

Rows are written in bulk, past the operations; what a lead's columns and its dated states say agrees. The
first `SEED` leads are told by dice, the others are their copies, made by the database itself.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Table, case, func, insert, select

from crm.accounts.models import Person, Unit
from crm.accounts.rules import Role, UnitKind, path_of
from crm.catalog.models import AttractionModel, ChainNode, District, Term
from crm.catalog.rules import TermKind
from crm.companies.models import Company, CompanyShare
from crm.companies.rules import Position
from crm.core import clock, migrations, pinyin
from crm.core.database import Database
from crm.leads.models import FOREVER, Lead, LeadState
from crm.leads.rules.kinds import Stage, Standing
from crm.values.money import Money
from tests.factories.city import found_city

TEAMS, OFFICERS = 3, 10
"""In every district that the test city leaves empty: teams, and officers in each."""

FEW = 20
"""So many leads has the officer of 青山一科 (`qingshan_officer`), and nobody else is in his team."""

SEED = 10_000
CHUNK = 5_000

PLACES = (
    "苏州",
    "深圳",
    "常州",
    "合肥",
    "无锡",
    "宁波",
    "上海",
    "北京",
    "西安",
    "成都",
    "东莞",
    "嘉兴",
)
TRADES = (
    "永磁电机",
    "光伏玻璃",
    "储能电池",
    "碳纤维",
    "镁合金轮毂",
    "石墨电极",
    "氢燃料电堆",
    "逆变器",
)
FORMS = ("生产基地", "产业园", "研发中心", "配套工厂", "二期扩建")

BULK = (Company, CompanyShare, Lead, LeadState)


def fill(database: Database, size: int) -> None:
    """Fill an empty database: the city, `size` firms, `size` leads with their states and readers."""
    migrations.upgrade(database)
    found_city(database)
    with database.write("bench") as session:
        _offices(session)
    with database.engine.begin() as connection:
        if database.sqlite:
            connection.exec_driver_sql("PRAGMA cache_size=-500000")
        _without_indexes(connection)
        scene, seed = _scene(connection), min(size, SEED)
        _load(connection, Company, _firms(scene, seed))
        _tell(connection, scene, seed)
        for copy in range(1, -(-size // seed)):
            _copy(connection, scene, copy, seed)
        _with_indexes(connection)
    _tidy(database)


def _tell(connection: Connection, scene: Scene, seed: int) -> None:
    dice, today = random.Random(1), clock.day_of(clock.now())
    told = [_told(scene, dice, number, seed, today) for number in range(1, seed + 1)]
    _load(connection, Lead, (one.row for one in told))
    _load(connection, LeadState, (state for one in told for state in one.states))
    _load(connection, CompanyShare, (reader for one in told for reader in one.readers))


# --- the city ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Scene:
    """What the dice choose from.

    Attributes:
        desks: (person, unit, district) of everybody who owns leads.
        few: the desk that has few.
        nodes: (chain, node).
    """

    desks: list[tuple[int, int, int | None]]
    few: tuple[int, int, int | None]
    districts: list[int]
    nodes: list[tuple[int, int]]
    models: list[int]
    sources: list[int]
    bureau: int


def _offices(session: Any) -> None:
    """Teams and officers in the offices that have none."""
    now = clock.now()
    offices = session.scalars(select(Unit).where(Unit.kind == UnitKind.DISTRICT)).all()
    peopled = set(session.scalars(select(Unit.parent_id).where(Unit.kind == UnitKind.TEAM)))
    for office in offices:
        for team in range(1, TEAMS + 1) if office.id not in peopled else ():
            name = f"{office.name.removesuffix('招商局')}{team}科"
            unit = Unit(name=name, kind=UnitKind.TEAM, parent_id=office.id, path=f"new {name}")
            session.add(unit)
            session.flush()
            unit.path = path_of(office.path, unit.id)
            session.add_all(
                Person(
                    username=f"u{unit.id}-{n}",
                    name=f"{name}专员{n}",
                    name_pinyin=pinyin.full(f"{name}专员{n}"),
                    role=Role.OFFICER,
                    unit_id=unit.id,
                    created_at=now,
                )
                for n in range(OFFICERS)
            )


def _scene(connection: Connection) -> Scene:
    place = select(District.id).where(District.unit_id.in_([Unit.id, Unit.parent_id]))
    rows = connection.execute(
        select(Person.id, Unit.id, place.scalar_subquery(), Person.username)
        .join(Unit, Unit.id == Person.unit_id)
        .where(Person.role == Role.OFFICER)
        .order_by(Person.id)
    ).all()
    desks = {username: (person, unit, district) for person, unit, district, username in rows}
    few = desks.pop("qingshan_officer")
    return Scene(
        desks=list(desks.values()),
        few=few,
        districts=list(
            connection.scalars(select(District.id).where(District.unit_id.is_not(None)))
        ),
        nodes=[tuple(row) for row in connection.execute(select(ChainNode.chain_id, ChainNode.id))],
        models=list(connection.scalars(select(AttractionModel.id))),
        sources=list(connection.scalars(select(Term.id).where(Term.kind == TermKind.SOURCE))),
        bureau=connection.scalar(select(func.min(Unit.id))) or 1,
    )


# --- firms and leads ---------------------------------------------------------------------------


@cache
def _said(word: str) -> tuple[str, str, str]:
    return word, pinyin.full(word), pinyin.initials(word)


def _named(*words: str, number: int) -> tuple[str, str, str]:
    """A name with its pinyin and initials, put together from words read once."""
    parts = [_said(word) for word in words]
    name, full, short = (sep.join(part[n] for part in parts) for n, sep in enumerate(("", " ", "")))
    return f"{name}{number}", f"{full} {number:07d}", f"{short}{number}"


def _firms(scene: Scene, size: int) -> Iterator[dict[str, Any]]:
    dice, now = random.Random(2), clock.now()
    for number in range(1, size + 1):
        words = dice.choice(PLACES), dice.choice(TRADES)
        name, full, short = _named(*words, number=number)
        yield {
            "id": number, "name": f"{name}有限公司", "name_key": name, "search_text": name,
            "pinyin": full, "initials": short, "unit_id": scene.bureau, "public": False,
            "created_at": now, "country": "CN", "group_name": "", "address": "", "website": "",
            "business": "", "demo_note": "", "version": 1,
        }  # fmt: skip


@dataclass(frozen=True)
class Told:
    """A lead's row, its dated states, and who reads its investor."""

    row: dict[str, Any]
    states: list[dict[str, Any]]
    readers: list[dict[str, Any]]


OPEN = (Stage.IDENTIFIED, Stage.CONTACTED, Stage.NEGOTIATING, Stage.DRAFTED)


def _told(scene: Scene, dice: random.Random, number: int, size: int, today: date) -> Told:
    entered = today - timedelta(days=3650 - 3650 * number // size)
    stage, standing = _fate(dice, (today - entered).days)
    person, unit, district = scene.few if number <= FEW else dice.choice(scene.desks)
    working = standing is Standing.OPEN and stage is not Stage.SIGNED
    last = max(entered, today - timedelta(days=dice.randint(0, 200))) if working else entered
    steps = stage.rank + (standing is not Standing.OPEN)
    days = sorted(entered + timedelta(days=dice.randint(1, 900)) for _ in range(steps))
    days = [min(day, last if working else today) for day in days]
    moved = days[stage.rank - 1] if stage.rank else entered
    silent = max(moved, today - timedelta(days=dice.randint(0, 60))) if working else moved
    planned = working and dice.random() < 0.8
    chain, node = dice.choice(scene.nodes)
    amount = Money.wan(
        dice.choice((500, 2_000, 8_000, 12_000, 35_000, 100_000)) + dice.randint(0, 99)
    )
    known = dice.random() < 0.9
    words = dice.choice(PLACES), dice.choice(TRADES), dice.choice(FORMS)
    title, full, short = _named(*words, number=number)
    row = {
        "id": number, "number": f"XS-{entered.year}-{number:07d}", "title": title, "pinyin": full,
        "initials": short, "search_text": title, "company_id": number, "content": title,
        "contact_name": "王经理", "contact_title": "", "contact_phone": "", "chain_id": chain,
        "node_id": node if dice.random() < 0.7 else None,
        "position": dice.choice((*Position, None)), "model_id": dice.choice(scene.models),
        "source_id": dice.choice(scene.sources), "introducer": "",
        "responsible_leader": "王市长" if dice.random() < 0.02 else "",
        "district_id": district if dice.random() < 0.9 else dice.choice(scene.districts),
        "unit_id": unit, "owner_id": person, "confidential": dice.random() < 0.02,
        "amount_low": amount if known else Money(0), "amount_high": amount if known else None,
        "amount_known": known, "amount_estimated": False, "needs_note": "", "stage": stage,
        "standing": standing, "competing_place": "",
        "standing_until": today + timedelta(days=dice.randint(-20, 60))
        if standing is Standing.ON_HOLD else None,
        "next_step": "约见投资总监" if planned else "",
        "next_step_on": today + timedelta(days=dice.randint(-15, 40)) if planned else FOREVER,
        "last_contact_on": silent, "silent_from": silent, "moved_on": moved, "staged_from": moved,
        "entered_on": entered, "created_at": clock.now(), "created_by": person, "version": 1,
    }  # fmt: skip
    return Told(row, _states(row, days), _readers(row))


def _fate(dice: random.Random, age: int) -> tuple[Stage, Standing]:
    """Where a lead of so many days stands: the old ones are mostly signed or lost."""
    luck = dice.random()
    if age < 200:
        return dice.choice(OPEN[:3]), Standing.OPEN if luck < 0.9 else Standing.LOST
    if luck < 0.3:
        return dice.choice(OPEN), Standing.OPEN
    if luck < 0.5:
        return Stage.SIGNED, Standing.OPEN
    return dice.choice(OPEN), Standing.ON_HOLD if luck < 0.53 else Standing.LOST


def _states(row: dict[str, Any], days: list[date]) -> list[dict[str, Any]]:
    """The stages one after the other, and the hold or loss at the end; several on one day are one."""
    same = {
        name: row[name]
        for name in (
            "district_id",
            "unit_id",
            "owner_id",
            "chain_id",
            "node_id",
            "position",
            "model_id",
        )
    }
    told = [(row["entered_on"], Stage.IDENTIFIED, Standing.OPEN)]
    for n, day in enumerate(days, 1):
        rank = min(n, row["stage"].rank)
        last = row["standing"] if n == len(days) else Standing.OPEN
        told.append((day, list(Stage)[rank], last))
    by_day = {day: (stage, standing) for day, stage, standing in told}
    starts = list(by_day.items())
    ends = [day for day, _ in starts[1:]] + [FOREVER]
    since: dict[Stage, date] = {}
    for day, stage, _standing in told:
        since.setdefault(stage, day)
    following = [stage for _day, (stage, _standing) in starts[1:]] + [None]
    return [
        {
            "lead_id": row["id"], "day_from": day, "day_until": end, "stage": stage,
            "standing": standing, "amount": row["amount_low"], "recorded_at": row["created_at"],
            "current": True, "staged_from": since[stage],
            "stage_next": after if after is not stage else None, **same,
        }
        for (day, (stage, standing)), end, after in zip(starts, ends, following, strict=True)
    ]  # fmt: skip


def _readers(row: dict[str, Any]) -> list[dict[str, Any]]:
    via = {
        "company_id": row["company_id"],
        "via_kind": "lead",
        "via_id": row["id"],
        "lead_id": None,
    }
    unit = {"unit_id": row["unit_id"], "person_id": None, "confidential": row["confidential"]}
    person = {"unit_id": None, "person_id": row["owner_id"], "confidential": False}
    return [via | unit, via | person]


# --- in bulk -----------------------------------------------------------------------------------


def _load(connection: Connection, kind: Any, rows: Iterator[dict[str, Any]]) -> None:
    for some in _chunks(rows):
        connection.execute(insert(kind.__table__), some)


def _copy(connection: Connection, scene: Scene, copy: int, seed: int) -> None:
    """The seed's rows once more, as leads and firms of their own; the desk that has few gets none."""
    shift = copy * seed
    few, other = scene.few, scene.desks[copy % len(scene.desks)]
    apart: dict[str, dict[str, Any]] = {
        "company": {"id": lambda c: c.id + shift, "name": lambda c: c.name + f"-{copy}"},
        "lead": {
            "id": lambda c: c.id + shift,
            "number": lambda c: c.number + f"-{copy}",
            "company_id": lambda c: c.company_id + shift,
            "owner_id": lambda c: case((c.owner_id == few[0], other[0]), else_=c.owner_id),
            "unit_id": lambda c: case((c.unit_id == few[1], other[1]), else_=c.unit_id),
        },
        "lead_state": {"id": None, "lead_id": lambda c: c.lead_id + shift},
        "company_share": {
            "id": None,
            "company_id": lambda c: c.company_id + shift,
            "via_id": lambda c: c.via_id + shift,
        },
    }
    first = {"company": "id", "lead": "id", "lead_state": "lead_id", "company_share": "via_id"}
    for table in _tables():
        changed = apart[table.name]
        names = [column.name for column in table.c if changed.get(column.name, True) is not None]
        values = [changed[name](table.c) if name in changed else table.c[name] for name in names]
        rows = select(*values).where(table.c[first[table.name]] <= seed)
        connection.execute(insert(table).from_select(names, rows))


def _chunks(rows: Iterator[Any]) -> Iterator[list[Any]]:
    rows = iter(rows)
    while some := list(islice(rows, CHUNK)):
        yield some


def _tables() -> list[Table]:
    return [kind.__table__ for kind in BULK]  # type: ignore[misc]


def _without_indexes(connection: Connection) -> None:
    for table in _tables():
        for index in table.indexes:
            index.drop(connection)


def _with_indexes(connection: Connection) -> None:
    for table in _tables():
        for index in table.indexes:
            index.create(connection)


def _tidy(database: Database) -> None:
    """What a night does: statistics; on PostgreSQL a VACUUM for index-only scans, and the sequences."""
    if database.sqlite:
        return migrations.analyze(database)
    with database.engine.begin() as connection:
        for table in _tables():
            connection.exec_driver_sql(
                f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), "
                f"(SELECT max(id) FROM {table.name}))"
            )
    with database.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("VACUUM ANALYZE")
    return None
