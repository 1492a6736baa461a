"""Generated histories of leads: told as happenings, planted in a database, and read back day by day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from hypothesis import strategies as st
from sqlalchemy.orm import Session

from crm.companies.rules import Position
from crm.core.clock import SHANGHAI
from crm.funnel.rules.dimensions import Dimension
from crm.leads.models import Lead, LeadEvent
from crm.leads.operations.history import recount
from crm.leads.rules.history import DATED, Happening, Segment, State, fold, on_day
from crm.leads.rules.kinds import EventKind, Stage, Standing
from crm.values.money import Money
from tests.factories.city import SYSTEM, City

START = date(2025, 3, 3)
DAYS = 120
"""Histories lie in these days; the last day of all is asked about as today."""

TODAY = START + timedelta(days=DAYS)
PLACES = ("kunqu_officer", "kunqu_second", "qingshan_officer")

Told = dict[str, Any]
"""What a happening changes, in small numbers that `planted` turns into rows of the city."""

VALUES: dict[str, st.SearchStrategy[Any]] = {
    "stage": st.sampled_from(Stage),
    "standing": st.sampled_from(Standing),
    "amount": st.sampled_from([Money(0), Money(1), Money.yi(1), Money.yi(7)]),
    "district": st.sampled_from([None, "昆都仑区", "青山区"]),
    "place": st.sampled_from(PLACES),
    "position": st.sampled_from([None, *Position]),
    "model": st.sampled_from([None, "head_firm", "chain"]),
}
FIRST = st.fixed_dictionaries({**VALUES, "stage": st.just(Stage.IDENTIFIED)})
LATER = st.lists(st.sampled_from(sorted(VALUES)), min_size=1, max_size=2, unique=True).flatmap(
    lambda names: st.fixed_dictionaries({name: VALUES[name] for name in names})
)
days = st.integers(0, DAYS).map(lambda number: START + timedelta(days=number))


@dataclass(frozen=True)
class Story:
    """A lead: the day it entered with what it was, then what happened, in the order it was told."""

    entered: date
    first: Told
    later: tuple[tuple[date, Told], ...]
    confidential: bool = False


@st.composite
def story(draw: st.DrawFn) -> Story:
    """One lead with up to six changes, back-dated ones among them."""
    entered = draw(st.integers(0, DAYS - 20))
    changes = draw(st.lists(st.tuples(st.integers(entered, DAYS), LATER), max_size=6))
    return Story(
        START + timedelta(days=entered),
        draw(FIRST),
        tuple((START + timedelta(days=number), told) for number, told in changes),
        draw(st.sampled_from([False, False, False, True])),
    )


stories = st.lists(story(), min_size=1, max_size=7)


@dataclass(frozen=True)
class Known:
    """A planted lead and its history, for the reckoning by hand."""

    lead_id: int
    segments: list[Segment]
    confidential: bool

    def on(self, day: date) -> State | None:
        """Its state on a day; None before it entered."""
        return on_day(self.segments, day) if day >= self.segments[0].day_from else None


class Undo(Exception):
    """Ends a write transaction without a trace."""


@contextmanager
def planted(places: Places, told: Sequence[Story]) -> Iterator[tuple[Session, list[Known]]]:
    """The stories as leads of the city, for the block alone."""
    try:
        with places.city.write() as session:
            found = [_plant(session, places, number, one) for number, one in enumerate(told)]
            yield session, found
            raise Undo
    except Undo:
        pass


class Places:
    """Numbers of the city's people, units, districts and models, asked once."""

    def __init__(self, city: City) -> None:
        self.city = city
        self.actors = {name: city.actor(name) for name in {*PLACES, *UNITS_BELOW}}
        self.people = {name: (self.actors[name].id, self.actors[name].unit_id) for name in PLACES}
        self.districts = {name: city.district_id(name) for name in ("昆都仑区", "青山区")}
        self.models = {name: city.model_id(name) for name in ("head_firm", "chain")}
        self.units = {
            name: None if units is None else {city.unit_id(unit) for unit in units}
            for name, units in UNITS_BELOW.items()
        }

    def counts(self, person: str, known: Known, state: State | None) -> bool:
        """Whether a figure of a day counts the lead for somebody, reckoned without a query."""
        if state is None:
            return False
        actor, units, today = self.actors[person], self.units[person], known.segments[-1].state
        inside = units is None or state.unit_id in units or state.owner_id == actor.id
        if not known.confidential:
            return inside
        reads = (units is None or today.unit_id in units) and actor.sees_confidential
        return inside and (reads or today.owner_id == actor.id)

    def values(self, told: Told) -> dict[str, Any]:
        """The dated dimensions that a change sets."""
        found: dict[str, Any] = {}
        for name, value in told.items():
            if name == "place":
                found["owner_id"], found["unit_id"] = self.people[value]
            elif name == "district":
                found["district_id"] = self.districts.get(value)
            elif name == "model":
                found["model_id"] = self.models.get(value)
            else:
                found[name] = value
        return found


def _plant(session: Session, places: Places, number: int, told: Story) -> Known:
    first = dict.fromkeys(DATED) | places.values(told.first)
    happened = [Happening(told.entered, first)]
    happened += [Happening(day, places.values(change)) for day, change in told.later]
    now = datetime.combine(TODAY, time(9), SHANGHAI)
    lead = Lead(
        number=f"XS-{number}",
        title=f"线索{number}",
        content="演示",
        amount_known=True,
        amount_low=first["amount"],
        confidential=told.confidential,
        entered_on=told.entered,
        silent_from=told.entered,
        moved_on=told.entered,
        staged_from=told.entered,
        created_at=now,
        created_by=first["owner_id"],
        **{name: value for name, value in first.items() if name != "amount"},
    )
    session.add(lead)
    session.flush()
    for place, one in enumerate(happened):
        session.add(
            LeadEvent(
                lead_id=lead.id,
                kind=EventKind.REVISED if place else EventKind.ENTERED,
                day=one.day,
                recorded_at=now,
                person_id=lead.owner_id,
                changes={name: [None, _plain(value)] for name, value in one.values.items()},
            )
        )
        session.flush()
    recount(session, SYSTEM, now=now, lead_ids=[lead.id])
    return Known(lead.id, fold(happened), told.confidential)


def _plain(value: Any) -> Any:
    return value.fen if isinstance(value, Money) else value


UNITS_BELOW: dict[str, tuple[str, ...] | None] = {
    "city_manager": None,
    "leader": None,
    "kunqu_manager": ("昆都仑区招商局", "昆区一科", "昆区二科"),
    "kunqu_officer": ("昆区一科",),
}
"""Whose figures the laws look at, and the units below them; None: all."""

PEOPLE = tuple(UNITS_BELOW)

COLUMN = {
    Dimension.POSITION: "position",
    Dimension.MODEL: "model_id",
    Dimension.DISTRICT: "district_id",
    Dimension.UNIT: "unit_id",
    Dimension.OWNER: "owner_id",
    Dimension.STAGE: "stage",
}
