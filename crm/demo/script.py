"""What has to happen when: scenes collected in any order, played day by day, as it would have been told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.catalog.models import (
    AttractionModel,
    Chain,
    ChainNode,
    Cluster,
    District,
    Division,
    Term,
)
from crm.catalog.rules import TermKind
from crm.core.actor import Actor
from crm.core.clock import SHANGHAI, day_of

SEED = "baotou 2025"
FIRST_DAY = 330
"""Days before today on which the story begins."""

Act = Callable[[datetime], None]


class Script:
    """The demo under way: who plays, what the catalog calls things, what was entered so far.

    Attributes:
        companies, head_firms, scenarios: ids by name, as they are entered.
    """

    def __init__(self, session: Session, cast: Mapping[str, Actor], now: datetime) -> None:
        self.session = session
        self.cast = cast
        self.today = day_of(now)
        self.companies: dict[str, int] = {}
        self.head_firms: dict[str, int] = {}
        self.scenarios: dict[str, int] = {}
        self._scenes: list[tuple[date, int, Act]] = []
        self._read_catalog()

    def at(self, ago: int, act: Act) -> None:
        """Let something happen so many days before today, on a weekday; yesterday at the latest.

        Scenes of one day are played in the order in which they were named.
        """
        self._scenes.append((self.day(ago), len(self._scenes), act))

    def day(self, ago: int) -> date:
        """The weekday on or before that day."""
        day = self.today - timedelta(days=max(ago, 1))
        return day - timedelta(days=max(0, day.weekday() - 4))

    def play(self) -> None:
        """Let everything happen, each at its own moment of working hours."""
        last, minute = date.min, 0
        for day, _, act in sorted(self._scenes, key=lambda scene: scene[:2]):
            minute = minute + 1 if day == last else 0
            last = day
            act(datetime.combine(day, time(9), SHANGHAI) + timedelta(minutes=min(minute, 510)))
            self.session.expire_all()

    def dice(self, what: str) -> Random:
        """A source of chance that depends on nothing but the name."""
        return Random(f"{SEED} {what}")

    def term(self, kind: TermKind, name: str) -> int:
        """A dictionary entry's number."""
        return self._terms[kind, name]

    def district_near(self, unit_path: str) -> int | None:
        """The district whose office is the unit or above it; None for the bureau's own teams."""
        units = [int(part) for part in unit_path.strip("/").split("/")]
        found = (self._district_of_unit.get(unit) for unit in reversed(units))
        return next((district for district in found if district is not None), None)

    def _read_catalog(self) -> None:
        session = self.session
        self.chains = {row.name: row.id for row in session.scalars(select(Chain))}
        names = {number: name for name, number in self.chains.items()}
        self.nodes = {
            (names[row.chain_id], row.name): row.id for row in session.scalars(select(ChainNode))
        }
        self.clusters = {row.name: row.id for row in session.scalars(select(Cluster))}
        self.models = {row.code: row.id for row in session.scalars(select(AttractionModel))}
        self.divisions = {row.name: row.code for row in session.scalars(select(Division))}
        self.districts = {
            name: row.id
            for row in session.scalars(select(District))
            for name in (row.name, *row.short_names.split(";"))
        }
        self._district_of_unit = {
            row.unit_id: row.id for row in session.scalars(select(District)) if row.unit_id
        }
        self._terms = {(row.kind, row.name): row.id for row in session.scalars(select(Term))}
