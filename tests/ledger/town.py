"""Several projects of two districts with money, one of them confidential: what pages of figures show.

name       district  office whose officer owns it   place                                  money
motor      昆都仑区   kunqu_officer                  稀土 / its first node, chain model      500 + 300万元
battery    昆都仑区   kunqu_second                   nothing decided                        200万元
crystal    青山区     qingshan_officer               稀土 / its first node, head_firm:3      700万元
shadow     青山区     qingshan_officer, confidential 稀土 / its second node, head_firm:9     900万元
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from crm.catalog.models import ChainNode
from crm.companies.rules import Position
from crm.counting.operations.deciding import decide
from crm.counting.rules.facts import Kind, MoneyFrom, Place, ProjectFacts
from crm.ledger.operations import judging, papers, reporting
from crm.ledger.operations.papers import Given
from crm.ledger.rules import Paper, Price
from crm.projects.models import Project
from crm.projects.operations import signing
from crm.projects.operations.signing import EnterDraft, SignDraft
from crm.projects.operations.terms import Terms
from crm.projects.rules.investment import Investment
from crm.projects.rules.kinds import Funding, Origin
from crm.values.money import Money
from tests.counting.given import at, day
from tests.factories.city import City
from tests.ledger.scene import DRAFT, SLIP

OFFICES = {"昆都仑区": "kunqu", "青山区": "qingshan"}

OWNERS = {
    "motor": "kunqu_officer",
    "battery": "kunqu_second",
    "crystal": "qingshan_officer",
    "shadow": "qingshan_officer",
}

SHADOW = "暗影项目"
"""The confidential project's name, which no stranger's page may hold."""


@dataclass
class Town:
    """Projects by short names; money for them."""

    city: City
    projects: dict[str, int]

    def money(
        self,
        project: str,
        wan: int,
        on: str = "3-10",
        *,
        confirmed: str | None = "3-18",
        origin: MoneyFrom = MoneyFrom.OUTSIDE_REGION,
        **told: Any,
    ) -> int:
        """Money reported the day after it arrived, reviewed, and confirmed on a day, or not."""
        arrived = day(on)
        draft = replace(
            DRAFT,
            arrived_on=arrived,
            price=Price("CNY", Decimal(wan * 10_000)),
            origin=origin,
            why_late="补报",
            why_above="追加投资",
            sure=True,
            **told,
        )
        office = OFFICES[self.district(project)]
        told_at = max(at(confirmed), noon(arrived)) if confirmed else noon(arrived)
        city = self.city
        with city.write() as session:
            officer = city.actor(OWNERS[project])
            row = reporting.report(session, officer, self.projects[project], draft, now=told_at)
            papers.give(session, officer, row.id, [Given(Paper.BANK_SLIP, SLIP)], now=told_at)
            judging.review(session, city.actor(f"{office}_manager"), row.id, now=told_at)
            if confirmed:
                judging.confirm(session, city.actor("city_manager"), row.id, now=told_at)
            return row.id

    def district(self, project: str) -> str:
        """Where it lands."""
        return "昆都仑区" if project in {"motor", "battery"} else "青山区"

    def name(self, project: str) -> str:
        """As it is called."""
        with self.city.database.read() as session:
            return session.get_one(Project, self.projects[project]).name


def noon(arrived: date) -> datetime:
    """Noon of the day."""
    return at(arrived.isoformat())


def open_town(city: City, money: bool = True) -> Town:
    """The projects entered, their facts handed over; with money, as the table above says."""
    with city.database.read() as session:
        chain = city.chain_id("稀土")
        query = select(ChainNode.id).where(ChainNode.chain_id == chain).order_by(ChainNode.sort)
        first, second = list(session.scalars(query))[:2]
    model = city.model_id("chain")
    town = Town(city, {})
    here, there = (city.district_id(name) for name in OFFICES)
    supporting = Position.SUPPORTING.value
    for name, title, owner, place in (
        (
            "motor",
            "磁材电机项目",
            "kunqu_officer",
            Place(here, None, chain, first, supporting, model),
        ),
        ("battery", "储能电池项目", "kunqu_second", Place(here)),
        (
            "crystal",
            "单晶硅片项目",
            "qingshan_officer",
            Place(there, None, chain, first, "leader", None, "head_firm:3"),
        ),
        (
            "shadow",
            SHADOW,
            "qingshan_officer",
            Place(there, None, chain, second, "core", None, "head_firm:9"),
        ),
    ):
        town.projects[name] = _enter(city, title, owner, place)
    if money:
        town.money("motor", 500)
        town.money("motor", 300, "4-10", confirmed="4-18", origin=MoneyFrom.ABROAD)
        town.money("battery", 200)
        town.money("crystal", 700)
        town.money("shadow", 900)
    return town


def _enter(city: City, title: str, owner: str, place: Place) -> int:
    office = owner.split("_")[0]
    district = next(name for name, one in OFFICES.items() if one == office)
    draft = EnterDraft(
        SignDraft(
            terms=Terms(
                title, Investment(Money.yi(3), Funding.ENTERPRISE), city.district_id(district)
            ),
            signed_on=day("2-10"),
            signing_party=f"{title}有限公司",
            new_company=f"{title}有限公司",
        ),
        Origin.BACKFILLED,
        "2025年签约台账",
        owner_id=city.person_id(owner),
    )
    with city.write() as session:
        actor = city.actor(f"{office}_reviewer")
        row = signing.enter(session, actor, draft, now=at("2-10"))
        row.confidential = title == SHADOW
        facts = ProjectFacts(
            project=row.id,
            place=place,
            kind=Kind.INDUSTRIAL,
            total=row.agreed,
            signed_on=row.signed_on,
        )
        decide(session, actor, facts, now=at("2-10"))
        return row.id
