"""What has to happen when: scenes collected in any order, played day by day, as it would have been told."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby
from random import Random
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.accounts.models import Person, Unit
from crm.accounts.operations import SYSTEM
from crm.audit.operations import seal_chapter
from crm.catalog.models import (
    AttractionModel,
    Chain,
    ChainNode,
    Cluster,
    District,
    Division,
    Park,
    Term,
)
from crm.catalog.rules import TermKind
from crm.core.actor import Actor
from crm.core.clock import SHANGHAI
from crm.counting.operations.gathering import gathering
from crm.demo.plan.days import Days, dice
from crm.ledger.operations.handing import hand_gathered

Act = Callable[[datetime], None]

Told = Callable[[date, float], None]
"""Hears how far the story is: the last day told, and the part of all scenes played."""

OPENS, MINUTES = time(9), 510
"""A working day of the demo: from nine o'clock so many minutes."""


class Script:
    """The demo under way: who plays, what the catalog calls things, what was entered so far.

    Attributes:
        companies, head_firms, scenarios: ids by name, as they are entered.
    """

    def __init__(self, session: Session, cast: Mapping[str, Actor], days: Days) -> None:
        self.session = session
        self.cast = cast
        self.days = days
        self.companies: dict[str, int] = {}
        self.head_firms: dict[str, int] = {}
        self.scenarios: dict[str, int] = {}
        self._scenes: list[tuple[date, int, Act]] = []
        self._read_catalog()

    def at(self, day: date | None, act: Act) -> None:
        """Let something happen on a day; after the last day told it does not.

        Scenes of one day are played in the order in which they were named.
        """
        if day is not None and self.days.past(day):
            self._scenes.append((max(day, self.days.first), len(self._scenes), act))

    def play(self, told: Told) -> None:
        """Let everything happen, each at its own moment of working hours, every month under a seal."""
        ordered = sorted(self._scenes, key=lambda scene: scene[:2])
        played = 0
        for _, month in groupby(ordered, key=lambda scene: (scene[0].year, scene[0].month)):
            for day, scenes in groupby(month, key=lambda scene: scene[0]):
                acts = [act for _, _, act in scenes]
                self._play_day(day, acts)
                played += len(acts)
            seal_chapter(self.session)
            told(day, played / len(ordered))

    def _play_day(self, day: date, acts: Sequence[Act]) -> None:
        """One after another; what they change in what counts is decided on in the evening."""
        opens = datetime.combine(day, OPENS, SHANGHAI)
        with gathering(self.session) as gathered:
            for number, act in enumerate(acts):
                act(opens + timedelta(seconds=number * MINUTES * 60 // len(acts)))
        hand_gathered(self.session, SYSTEM, gathered, now=opens + timedelta(minutes=MINUTES))

    def dice(self, what: str) -> Random:
        """A source of chance that depends on nothing but the name."""
        return dice(what)

    def term(self, kind: TermKind, name: str) -> int:
        """A dictionary entry's number."""
        return self._terms[kind, name]

    def manager_of(self, username: str) -> Actor:
        """Who decides on an officer's leads: his district's manager, or the bureau's."""
        return self.cast.get(f"{username.split('.')[0]}.juzhang") or self.cast["manager"]

    def reviewer_in(self, district: str) -> Actor:
        """Who reviews what lands in a district."""
        return self._reviewers[self.districts[district]]

    def _read_catalog(self) -> None:
        """Names to numbers. The rows are kept, so that operations find them in the session."""
        session = self.session
        self._kept: list[Any] = []
        for model in (Unit, Person, Park):
            self._kept += session.scalars(select(model))
        chains, districts, terms = self._all(Chain), self._all(District), self._all(Term)
        names = {row.id: row.name for row in chains}
        self.chains = {row.name: row.id for row in chains}
        self.nodes = {(names[row.chain_id], row.name): row.id for row in self._all(ChainNode)}
        self.clusters = {row.name: row.id for row in self._all(Cluster)}
        self.models = {row.code: row.id for row in self._all(AttractionModel)}
        self.divisions = {row.name: row.code for row in self._all(Division)}
        self.districts: dict[str, int] = {row.name: row.id for row in districts}
        of_unit = {row.unit_id: row.id for row in districts if row.unit_id}
        self._reviewers = {
            of_unit[actor.unit_id]: actor
            for actor in self.cast.values()
            if actor.role == "reviewer" and actor.unit_id in of_unit
        }
        self._terms: dict[tuple[TermKind, str], int] = {
            (row.kind, row.name): row.id for row in terms
        }

    def _all(self, model: Any) -> list[Any]:
        found = list(self.session.scalars(select(model).order_by(*model.__table__.primary_key)))
        self._kept += found
        return found
