"""A goal split by cluster, chain, node, position, model or anchor: parts that make the whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from sqlalchemy.orm import Session

from crm.catalog import queries as catalog
from crm.companies.rules import Position
from crm.core.actor import Actor
from crm.counting.queries import figures
from crm.counting.rules.decisions import Measure
from crm.counting.rules.dimensions import UNASSIGNED, Dimension
from crm.counting.rules.goals import Sum
from crm.goals.rules.tracks import WAY, Bar, Track, bar_of, counted, extent, number, share
from crm.ledger.queries.parts import names
from crm.ledger.queries.rows import HIDDEN, Figure, splits


@dataclass(frozen=True)
class PartState:
    """A part of a split.

    Attributes:
        key: of its rows. of: a catalog row, an enum's member; None for 未定 and for 保密.
        done: what is measured of the last step; share: of the whole.
    """

    key: str
    of: Any
    way: dict[Measure, Sum]
    done: int
    share: Fraction | None
    bar: Bar

    @property
    def undecided(self) -> bool:
        """未定: nobody has said yet."""
        return self.key == UNASSIGNED

    @property
    def confidential(self) -> bool:
        """保密: what belongs to projects that the reader may not know of."""
        return self.key == HIDDEN


def parts(
    session: Session,
    actor: Actor,
    track: Track,
    dimension: Dimension,
    *,
    year: int,
    on: date,
    known: datetime | None = None,
) -> list[PartState]:
    """The parts of every step, the largest first, 未定 and 保密 last; 未定 is always there."""
    wanted = Figure(counted(track), year, on, dimension=dimension, known=known)
    parted = splits(session, actor, wanted, WAY[track])
    told = {measure: figures.by_key(parted, measure) for measure in WAY[track]}
    keys = {key for one in told.values() for key in one}
    known_as = names(session, dimension, keys | _there(session, dimension, year))
    order = [*known_as, *sorted(keys - known_as.keys() - {UNASSIGNED, HIDDEN}), UNASSIGNED]
    order += [HIDDEN] if HIDDEN in keys else []
    ways = {key: {measure: told[measure].get(key, Sum()) for measure in told} for key in order}
    done = {key: number(track, way[counted(track)]) for key, way in ways.items()}
    longest = max(extent(track, way, None) for way in ways.values())
    found = [
        PartState(
            key=key,
            of=known_as.get(key),
            way=ways[key],
            done=done[key],
            share=share(done[key], sum(done.values())),
            bar=bar_of(track, ways[key], scale=longest),
        )
        for key in order
    ]
    return sorted(found, key=lambda one: (one.undecided, one.confidential, -one.done))


def _there(session: Session, dimension: Dimension, year: int) -> set[str]:
    """The parts that stand there without a figure too, for a gap is to be seen: positions, and the

    year's clusters, chains and models; nodes and anchors are too many.
    """
    if dimension is Dimension.POSITION:
        return {position.value for position in Position}
    if dimension is Dimension.MODEL:
        return {str(row.id) for row in catalog.models(session)}
    if dimension is Dimension.CLUSTER:
        return {str(row.id) for row in catalog.clusters(session, year)}
    if dimension is Dimension.CHAIN:
        return {str(row.id) for row in catalog.chains(session, year)}
    return set()
