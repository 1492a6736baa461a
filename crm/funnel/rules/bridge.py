"""The bridge between two days: what came into the open pipeline, what left it, what changed in it.

A term is told by the states before and after a day's last event, so what was undone the same day is in
none. New and exits stand at the amount of that day; what that amount differs by from the day before is a
revision. Revisions outside the pipeline (on hold) are in no term: the lead returns at its amount. Leads are
not merged in this house so far (two of one investor are judged, not united), so no term says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from crm.counting.rules.goals import Sum
from crm.funnel.rules.dimensions import Key
from crm.leads.rules.kinds import Stage, Standing
from crm.values.money import Money


class Term(StrEnum):
    """A line of the bridge. Moves between stages are terms of a stage's bridge alone."""

    NEW = "new"
    REOPENED = "reopened"
    RESUMED = "resumed"
    LOST = "lost"
    HELD = "held"
    SIGNED = "signed"
    REVISED = "revised"
    ARRIVED = "arrived"
    LEFT = "left"
    MOVED_IN = "moved_in"
    MOVED_OUT = "moved_out"


EXITS = frozenset({Term.LOST, Term.HELD, Term.SIGNED, Term.LEFT, Term.MOVED_OUT})
"""Terms that are taken off."""

WHOLE = tuple(term for term in Term if term not in {Term.MOVED_IN, Term.MOVED_OUT})
"""The terms of a bridge over all stages."""


@dataclass(frozen=True)
class Place:
    """What a bridge is built for: all of the scope, or a stage or district (in a tuple: None is 未定)."""

    stage: Stage | None = None
    district: tuple[Key] | None = None


CITY = Place()


@dataclass(frozen=True)
class Side:
    """A lead before or after a day's change; `counted`: in the scope and filter of whoever asks."""

    stage: Stage
    standing: Standing
    counted: bool
    district: Key = None

    def here(self, place: Place) -> bool:
        """In the scope, and in the place's district."""
        return self.counted and (place.district is None or self.district == place.district[0])

    def inside(self, place: Place) -> bool:
        """In the open pipeline of the place."""
        going = self.standing is Standing.OPEN and self.stage is not Stage.SIGNED
        return going and self.here(place) and place.stage in {None, self.stage}


@dataclass(frozen=True)
class Change:
    """Leads that changed alike; `amount` is that of the day.

    `revised` is how many of them had another amount before, and the difference: two may cancel out.
    """

    before: Side | None
    after: Side
    count: int
    amount: Money
    revised: Sum


@dataclass(frozen=True)
class Bridge:
    """Opening, terms, closing. A term that is taken off has its own count and amount, unsigned."""

    opening: Sum
    terms: Mapping[Term, Sum]
    closing: Sum

    @property
    def reckoned(self) -> Sum:
        """The opening and all terms; equal to the closing if the bridge closes."""
        found = self.opening
        for term, told in self.terms.items():
            if term is Term.REVISED:
                found += Sum(0, told.amount)
            else:
                found = found - told if term in EXITS else found + told
        return found

    @property
    def closes(self) -> bool:
        """To the fen."""
        return self.reckoned == self.closing


def term_of(before: Side | None, after: Side, place: Place) -> Term | None:
    """The term of a change, revisions apart; None where the lead is inside both times, or neither."""
    was = before is not None and before.inside(place)
    if was == after.inside(place):
        return None
    return _exit(after, place) if was else _entry(before, place)


def _entry(before: Side | None, place: Place) -> Term:
    if before is None:
        return Term.NEW
    if before.standing is Standing.LOST or before.stage is Stage.SIGNED:
        return Term.REOPENED
    if before.standing is Standing.ON_HOLD:
        return Term.RESUMED
    return Term.MOVED_IN if before.here(place) else Term.ARRIVED


def _exit(after: Side, place: Place) -> Term:
    if after.standing is Standing.LOST:
        return Term.LOST
    if after.standing is Standing.ON_HOLD:
        return Term.HELD
    if after.stage is Stage.SIGNED:
        return Term.SIGNED
    return Term.MOVED_OUT if after.here(place) else Term.LEFT


def bridge(changes: Iterable[Change], opening: Sum, closing: Sum, place: Place = CITY) -> Bridge:
    """The bridge of a place; of the revisions the count is how many leads were inside when revised."""
    terms = dict.fromkeys(Term if place.stage else WHOLE, Sum())
    for one in changes:
        if term := term_of(one.before, one.after, place):
            terms[term] += Sum(one.count, one.amount)
        if one.before is not None and one.before.inside(place):
            terms[Term.REVISED] += one.revised
    return Bridge(opening, terms, closing)
