"""Firms and leads to look for duplicates among: as many of each as asked for, with names as firms have them.

A brand of two or three characters stands for some 25 firms at 100,000, and every firm shares the words of
its trade with thousands: what the bigram index has to cope with.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Connection, insert, select

from crm.accounts.models import Person
from crm.accounts.rules import Role
from crm.catalog.models import Chain
from crm.companies.models import Company, CompanyGram
from crm.core import clock, migrations
from crm.core.database import Database
from crm.leads.models import Lead, LeadGram
from crm.leads.rules.duplicates import content_key
from crm.leads.rules.kinds import Stage, Standing
from crm.values.money import Money
from crm.values.names import core_key, grams
from crm.values.text import name_key, search_key
from tests.bench.harness import Suite, Visit
from tests.factories.city import City, found_city

CHUNK = 5_000
LETTERS = (
    "天宏元双良恒瑞华盛金泰永安信达通远东方明德嘉禾中科新锐海润江淮北极星辰光耀国安正大康宁百川万象青云龙腾凤翔锦绣"
    "丰盈裕民兴业隆基晶澳协鑫阳晖阿特斯晟捷佳伟创迈为奥特维京运"
)
PLACES = ("", "江苏", "浙江", "上海", "深圳市", "内蒙古", "包头市", "宁波", "山东", "北京")
TRADES = (
    "新能源科技", "光伏材料", "稀土永磁", "装备制造", "储能技术", "电子材料", "环保科技", "风电设备",
    "碳纤维", "精密机械", "化工", "金属材料", "智能装备", "氢能科技", "硅材料", "汽车零部件",
)  # fmt: skip
FORMS = ("有限公司", "股份有限公司", "集团有限公司", "有限责任公司")
PRODUCTS = (
    "单晶硅片", "光伏组件", "钕铁硼磁体", "永磁电机", "储能电池", "碳纤维", "风电叶片",
    "铝边框", "电解槽", "逆变器",
)  # fmt: skip
UNITS = ("吨", "套", "台", "GW", "万件")


def fill(database: Database, size: int) -> None:
    """The test city with so many firms, and a lead of each."""
    migrations.upgrade(database)
    found_city(database)
    dice = random.Random(11)
    with database.engine.begin() as connection:
        owners = connection.execute(
            select(Person.id, Person.unit_id).where(Person.role == Role.OFFICER)
        ).all()
        chains = list(connection.scalars(select(Chain.id).where(Chain.last_year == 9999)))
        firms = [_firm(dice, number, dice.choice(owners)[1]) for number in range(1, size + 1)]
        leads = [
            _lead(dice, number, dice.choice(owners), dice.choice(chains))
            for number in range(1, size + 1)
        ]
        _load(connection, Company, firms)
        _load(
            connection,
            CompanyGram,
            (
                {"gram": one, "company_id": row["id"]}
                for row in firms
                for one in grams(row["core_key"])
            ),
        )
        _load(connection, Lead, leads)
        _load(connection, LeadGram, _lead_grams(leads))
    _tidy(database)


def brand(dice: random.Random) -> str:
    """What a firm is called for short."""
    return "".join(dice.sample(LETTERS, dice.choice((2, 2, 3))))


def _firm(dice: random.Random, number: int, unit: int) -> dict[str, Any]:
    name = dice.choice(PLACES) + brand(dice) + dice.choice(TRADES) + dice.choice(FORMS)
    group = f"{brand(dice)}集团" if dice.random() < 0.1 else ""
    return {
        "id": number, "name": name, "name_key": name_key(name), "core_key": core_key(name),
        "group_name": group, "group_key": core_key(group) if group else "",
        "search_text": search_key(name), "unit_id": unit, "created_at": clock.now(),
    }  # fmt: skip


def _lead(dice: random.Random, number: int, owner: Any, chain: int) -> dict[str, Any]:
    day = date(2025, 1, 1) + timedelta(days=number % 300)
    content = (
        f"年产{dice.randint(1, 99)}{dice.choice(UNITS)}{dice.choice(PRODUCTS)}项目，"
        f"一期{dice.randint(1, 20)}{dice.choice(UNITS)}，配套{dice.choice(PRODUCTS)}"
    )
    standing = Standing.LOST if dice.random() < 0.2 else Standing.OPEN
    return {
        "id": number, "number": f"XS-{number:07d}", "title": content, "content": content,
        "search_text": search_key(content), "company_id": number, "chain_id": chain,
        "unit_id": owner[1], "owner_id": owner[0], "created_by": owner[0],
        "confidential": dice.random() < 0.05, "stage": dice.choice(list(Stage)[:4]),
        "standing": standing, "amount_low": Money.wan(dice.randint(100, 90_000)),
        "silent_from": day, "moved_on": day, "staged_from": day, "entered_on": day,
        "created_at": clock.now(),
    }  # fmt: skip


def _lead_grams(leads: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for row in leads:
        for one in grams(content_key(row["content"])):
            yield {"chain_id": row["chain_id"], "gram": one, "lead_id": row["id"]}


def _load(connection: Connection, kind: Any, rows: Iterable[dict[str, Any]]) -> None:
    rows = iter(rows)
    while some := list(islice(rows, CHUNK)):
        connection.execute(insert(kind), some)


def _tidy(database: Database) -> None:
    with database.engine.connect() as connection:
        if database.sqlite:
            connection.exec_driver_sql("ANALYZE")
            return
        for name in ("company", "lead"):
            connection.exec_driver_sql(
                f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))"
            )
        connection.commit()
        raw = connection.execution_options(isolation_level="AUTOCOMMIT")
        raw.exec_driver_sql("VACUUM ANALYZE")


BAR_MS = 50


def _visits(city: City) -> list[Visit]:
    with city.database.read() as session:
        name, content, chain = session.execute(
            select(Company.name, Lead.content, Lead.chain_id)
            .join(Lead, Lead.company_id == Company.id)
            .where(Company.id > 100)
            .order_by(Company.id)
            .limit(1)
        ).one()
    core = core_key(name)
    asked = {
        "the same name": {"new_company": name},
        "a slip in the name": {"new_company": name[:4] + "之" + name[4:]},
        "the brand alone": {"new_company": core[:2]},
        "the words of a trade": {"new_company": "新能源科技有限公司"},
        "a common trade, no such firm": {"new_company": "鑫鑫鑫新能源科技有限公司"},
        "a code": {"new_company": "鑫鑫鑫", "credit_code": "91150200114392559Q"},
        "a group": {"name": name, "group_name": f"{core[:2]}集团"},
        "a plan in a chain": {"content": content, "chain_id": str(chain)},
        "all of it": {
            "new_company": name,
            "credit_code": "91150200114392559Q",
            "group_name": f"{core[:2]}集团",
            "content": content,
            "chain_id": str(chain),
        },
    }
    return [
        Visit(what, who, "/leads/duplicates", BAR_MS, data=data)
        for what, data in asked.items()
        for who in ("kunqu_officer", "city_manager")
    ]


SUITE = Suite("duplicates", 100_000, 1, fill, _visits)
