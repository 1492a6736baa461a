"""Histories for the board: projects and money handed to counting as `projects` and `ledger` would."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.core.database import Database
from crm.counting.operations.deciding import decide
from crm.counting.rules.facts import Place, Planned, ProjectFacts, ReceiptFacts, ReceiptState
from crm.goals.models import Goal, GoalPart
from crm.goals.queries.board import Board, board
from crm.goals.queries.targets import city_id
from crm.ledger.models import PublishedFunds
from crm.values.money import Money
from tests.counting.given import at, day, project, receipt
from tests.factories.city import SYSTEM, City

KUNQU, QINGSHAN = "昆都仑区", "青山区"
LATER = at("2026-11-25")
"""The day on which the tests look back."""


@dataclass
class Plan:
    """A year being lived: who lands where, what arrives when."""

    city: City
    numbers: int = 0

    @property
    def database(self) -> Database:
        """Where it is lived."""
        return self.city.database

    def place(self, district: str = KUNQU, **told: Any) -> Place:
        """Where a project lands, and what it is split by."""
        return Place(self.city.district_id(district), **told)

    def hand(self, facts: ProjectFacts | ReceiptFacts, now: datetime) -> None:
        """Let counting decide."""
        with self.database.write("test") as session:
            decide(session, SYSTEM, facts, now=now)

    def started(self, on: str = "5-20", district: str = KUNQU, **told: Any) -> ProjectFacts:
        """A project that counts on a day."""
        start, signed = day(on), told.get("signed_on", min(day(on), day("2-10")))
        dates = {"signed_on": signed, "reported_on": start, "accepted_on": start}
        recognised = {"recognised_on": max(start, signed)}
        return self._project(district, **(dates | recognised | told))

    def signed(self, on: str = "2-10", district: str = KUNQU, **told: Any) -> ProjectFacts:
        """A project that has been signed, and nothing more."""
        dates = dict.fromkeys(("reported_on", "accepted_on", "recognised_on"))
        return self._project(district, signed_on=day(on), **(dates | told))

    def money(
        self, of: ProjectFacts, fen: int, on: str = "3-10", now: datetime | None = None, **told: Any
    ) -> ReceiptFacts:
        """Money confirmed a week after it arrived, unless told otherwise."""
        self.numbers += 1
        arrived = day(on)
        facts = replace(
            receipt(receipt=self.numbers, project=of.project),
            arrived_on=arrived, reported_on=arrived, amount=Money(fen),
            confirmed_at=told.pop("confirmed_at", at(arrived.isoformat())),
            **told,
        )  # fmt: skip
        self.hand(facts, now or at(arrived.isoformat()))
        return facts

    def reported(self, of: ProjectFacts, fen: int, on: str = "3-10") -> ReceiptFacts:
        """Money that nobody has reviewed."""
        return self.money(of, fen, on, state=ReceiptState.REPORTED, confirmed_at=None)

    def target(self, key: str, target: int, year: int = 2025, **told: Any) -> None:
        """Another target than the plan's."""
        with self.database.write("test") as session:
            goal = goal_of(session, key, year)
            goal.target = target
            for name, value in told.items():
                setattr(goal, name, value)

    def split(self, key: str, **parts: int) -> None:
        """The target split: kunqu=120, qingshan=80; m1 … m12 the months of the city."""
        names = {"kunqu": KUNQU, "qingshan": QINGSHAN}
        with self.database.write("test") as session:
            goal, city = goal_of(session, key), city_id(session)
            for name, amount in parts.items():
                where = self.city.district_id(names[name]) if name in names else city
                month = 0 if name in names else int(name[1:])
                session.add(
                    GoalPart(goal_id=goal.id, district_id=where, month=month, amount=amount)
                )

    def published(self, month: int, cumulative: Money, year: int = 2024) -> None:
        """What the city published of a year."""
        with self.database.write("test") as session:
            session.add(
                PublishedFunds(
                    year=year, month=month, district_id=city_id(session), cumulative=cumulative,
                    source="市统计公报", entered_at=at("1-20"),
                )
            )  # fmt: skip

    def board(self, on: str = "6-30", year: int = 2025, known: datetime | None = None) -> Board:
        """As the leader sees it."""
        with self.database.read() as session:
            return board(
                session, self.city.actor("leader"), year=year, on=day(on), now=LATER, known=known
            )

    def _project(self, district: str, **told: Any) -> ProjectFacts:
        self.numbers += 1
        place = self.place(district, **told.pop("split", {}))
        number = told.pop("project", self.numbers)
        facts = project(project=number, place=place, **({"debts": ()} | told))
        self.hand(facts, at(facts.signed_on.isoformat()))
        return facts


def planned(year: int, fen: int) -> tuple[Planned, ...]:
    """A funds plan of one year."""
    return (Planned(year, Money(fen)),)


def goal_of(session: Session, key: str, year: int = 2025) -> Goal:
    """One of a year's goals."""
    return session.scalars(select(Goal).where(Goal.key == key, Goal.year == year)).one()


def yi(amount: str | int) -> int:
    """亿元 in fen: yi("219.22")."""
    whole, _, rest = str(amount).partition(".")
    return int(whole) * 10**10 + int(rest.ljust(10, "0") or 0)
