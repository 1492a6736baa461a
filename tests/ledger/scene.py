"""A project of 3亿元 in 昆都仑区, signed in February 2025, and money for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from crm.core.store import Stored
from crm.counting.models import DecisionRow, Subject
from crm.counting.queries import figures, stored
from crm.counting.rules.decisions import Measure
from crm.counting.rules.facts import MoneyFrom
from crm.files.operations import Received
from crm.ledger.models import Receipt
from crm.ledger.operations import judging, papers, reporting, reversing
from crm.ledger.operations.checking import ReceiptDraft
from crm.ledger.operations.papers import Given
from crm.ledger.operations.reporting import ReportLine
from crm.ledger.rules import Paper, Price, ReceiptKind
from crm.projects.operations import signing
from crm.projects.operations.signing import EnterDraft, SignDraft
from crm.projects.operations.terms import Terms
from crm.projects.rules.investment import Investment
from crm.projects.rules.kinds import Funding, Origin
from crm.values.money import Money
from tests.counting.given import at, day
from tests.factories.city import City

SLIP = Received(Stored("a" * 64, 1000, b"%PDF"), "回单.pdf")

DRAFT = ReceiptDraft(
    arrived_on=day("3-10"),
    price=Price("CNY", Decimal("5000000")),
    kind=ReceiptKind.WORKING_CAPITAL,
    origin=MoneyFrom.OUTSIDE_REGION,
    payer="上海某某投资有限公司",
)


def yuan(amount: str) -> Price:
    """A price in yuan."""
    return Price("CNY", Decimal(amount))


@dataclass
class Scene:
    """Who does what on which day, by short names."""

    city: City
    project_id: int

    def report(self, who: str = "kunqu_officer", on: str = "3-11", **told: Any) -> int:
        """Report money."""
        with self.city.write() as session:
            draft = replace(DRAFT, **told)
            actor = self.city.actor(who)
            return reporting.report(session, actor, self.project_id, draft, now=at(on)).id

    def correct(
        self, number: int, who: str = "kunqu_officer", on: str = "3-13", **told: Any
    ) -> None:
        """Report it again, corrected."""
        with self.city.write() as session:
            draft = replace(DRAFT, **told)
            actor = self.city.actor(who)
            reporting.correct(session, actor, number, ReportLine(draft), now=at(on))

    def prove(self, number: int, kind: Paper = Paper.BANK_SLIP, total: Money | None = None) -> None:
        """Give a paper."""
        with self.city.write() as session:
            papers.give(
                session,
                self.city.actor("kunqu_officer"),
                number,
                [Given(kind, SLIP, total)],
                now=at("3-11"),
            )

    def review(self, number: int, who: str = "kunqu_reviewer", on: str = "3-12") -> None:
        """Review it."""
        with self.city.write() as session:
            judging.review(session, self.city.actor(who), number, now=at(on))

    def confirm(self, number: int, who: str = "city_manager", on: str = "3-18") -> None:
        """Confirm it."""
        with self.city.write() as session:
            judging.confirm(session, self.city.actor(who), number, now=at(on))

    def send_back(self, number: int, who: str, reason: str = "金额不符", on: str = "3-12") -> None:
        """Return it."""
        with self.city.write() as session:
            judging.send_back(session, self.city.actor(who), number, reason=reason, now=at(on))

    def reverse(self, number: int, who: str = "kunqu_officer", on: str = "3-20") -> int:
        """Report what takes it back."""
        with self.city.write() as session:
            actor = self.city.actor(who)
            return reversing.reverse(session, actor, number, reason="重复报送", now=at(on)).id

    def settled(self, **told: Any) -> int:
        """Money reported, proved, reviewed and confirmed in March."""
        number = self.report(**told)
        self.prove(number)
        self.review(number)
        self.confirm(number)
        return number

    def row(self, number: int) -> Receipt:
        """The receipt as it is."""
        with self.city.database.read() as session:
            return session.get_one(Receipt, number)

    def decision(self, number: int) -> DecisionRow:
        """What counting says of it."""
        with self.city.database.read() as session:
            found = stored.decision(session, Subject.RECEIPT, number)
        assert found is not None
        return found

    def funds(self, measure: Measure = Measure.FUNDS_COUNTED, on: str = "2025-12-31") -> Money:
        """The city's figure of 2025."""
        with self.city.database.read() as session:
            found = figures.figures(session, [measure], year=2025, on=day(on))
        return figures.city(found.items(), measure).amount


def open_scene(city: City, name: str = "永磁电机生产基地", now: datetime | None = None) -> Scene:
    """The project entered, its facts handed over."""
    now = now or at("2-10")
    draft = EnterDraft(
        SignDraft(
            terms=Terms(
                name,
                Investment(Money.yi(3), Funding.ENTERPRISE),
                city.district_id("昆都仑区"),
            ),
            signed_on=day("2-10"),
            signing_party="包头永磁电机有限公司",
            new_company="包头永磁电机有限公司",
        ),
        Origin.BACKFILLED,
        "2025年签约台账",
        owner_id=city.person_id("kunqu_officer"),
    )
    with city.write() as session:
        actor = city.actor("kunqu_reviewer")
        project = signing.enter(session, actor, draft, now=now)
        return Scene(city, project.id)
