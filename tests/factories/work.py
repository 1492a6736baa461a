"""Work to test with: firms, leads and projects, made by the operations that the pages use."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from crm.companies.operations import chains, firms
from crm.companies.operations.chains import PositionDraft
from crm.companies.operations.firms import CompanyDraft
from crm.companies.rules import Position
from crm.core import clock
from crm.leads.operations import entry
from crm.leads.operations.entry import LeadDraft
from crm.projects.operations import signing
from crm.projects.operations.signing import SignDraft
from crm.projects.operations.terms import Terms
from crm.projects.rules.investment import Investment
from crm.projects.rules.kinds import Funding
from crm.values.money import Amount, Money
from tests.factories.city import City


def today() -> date:
    """The day of the test."""
    return clock.day_of(clock.now())


def firm(city: City, username: str, name: str, **draft: Any) -> int:
    """A company entered by somebody."""
    with city.write() as session:
        row = firms.enter(
            session, city.actor(username), CompanyDraft(name=name, **draft), now=clock.now()
        )
        return row.id


def leader(city: City, name: str, chain: str, username: str = "city_manager") -> int:
    """A firm recognised as leading a chain; everybody reads it."""
    number = firm(city, username, name)
    draft = PositionDraft(
        chain_id=city.chain_id(chain),
        node_id=None,
        position=Position.LEADER,
        recognised_by="包头市工信局",
        recognised_on=today(),
    )
    with city.write() as session:
        chains.recognise(session, city.actor(username), number, draft, now=clock.now())
    return number


def lead(city: City, username: str, title: str = "稀土永磁电机", **draft: Any) -> int:
    """A lead entered by somebody, with a next step in three days unless told otherwise."""
    told = LeadDraft(
        content="年产五千台永磁电机",
        title=title,
        amount=Amount(Money.yi(3), Money.yi(3), False),
        next_step="拜访企业",
        next_step_on=today() + timedelta(days=3),
    )
    with city.write() as session:
        row = entry.enter(session, city.actor(username), replace(told, **draft), now=clock.now())
        return row.id


def project(
    city: City,
    username: str,
    lead_id: int,
    name: str = "永磁电机生产基地",
    party: str = "包头永磁电机有限公司",
    district: str = "昆都仑区",
    now: datetime | None = None,
) -> int:
    """A lead signed at the table, without any paper: everything is owed."""
    now = now or clock.now()
    draft = SignDraft(
        terms=Terms(name, Investment(Money.yi(3), Funding.ENTERPRISE), city.district_id(district)),
        signed_on=clock.day_of(now),
        signing_party=party,
        new_company=party,
    )
    with city.write() as session:
        row = signing.sign(session, city.actor(username), lead_id, draft, now=now)
        assert row is not None
        return row.id
