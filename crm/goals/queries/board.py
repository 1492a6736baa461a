"""The board: both goals as of a day, for every page that shows them, in a constant number of reads.

As known today everything comes from month and day sums; as known at an instant, from the rows. Counts and
sums are public, so nothing here depends on who asks; the rows behind a figure do (`ledger.queries.rows`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from itertools import accumulate

from sqlalchemy.orm import Session

from crm.core.actor import Actor
from crm.counting.queries import figures
from crm.counting.queries.figures import Part
from crm.counting.queries.rules import in_force
from crm.counting.rules.decisions import Measure
from crm.counting.rules.goals import (
    Binding,
    Comparator,
    Goal,
    GoalKind,
    Progress,
    Sum,
    evaluate,
)
from crm.goals.models import Goal as GoalRow
from crm.goals.queries import districts, growth
from crm.goals.queries.districts import DistrictState
from crm.goals.queries.frame import Frame, frame
from crm.goals.queries.growth import Growth
from crm.goals.queries.months import by_month
from crm.goals.rules.parts import Split
from crm.goals.rules.tracks import (
    WAY,
    Bar,
    Elapsed,
    Track,
    bar_of,
    counted,
    elapsed,
    number,
    progress,
)
from crm.values.period import MonthKind


@dataclass(frozen=True)
class TrackState:
    """One of the two goals on a day.

    Attributes:
        goal: None: no target is set for the year; split: the target with its parts.
        kind, elapsed: the months that the track goes by, and how many are over.
        way: the figure of every step; done: what is measured of the last one, starts or fen.
        progress: against the year's target; to_reach: against the amount to reach where growth asks for
            more than the target, else None.
        months: counted in each of the year's months, up to the day.
        before: counted by the end of each month of the year before, as the base of growth has it; None
            where nothing is known.
        growth: of funds alone.
        districts: in the order officers list them.
    """

    track: Track
    goal: GoalRow | None
    split: Split | None
    kind: MonthKind
    elapsed: Elapsed
    way: dict[Measure, Sum]
    done: int
    progress: Progress | None
    to_reach: Progress | None
    months: list[Sum]
    before: list[int | None]
    growth: Growth | None
    districts: list[DistrictState]
    bar: Bar

    @property
    def reached(self) -> bool | None:
        """Whether the goal is reached; of funds, target and growth both. None without a target."""
        if self.growth is not None:
            return self.growth.reached
        return self.progress.reached if self.progress else None

    @property
    def this_month(self) -> Sum:
        """Counted in the month under way; nothing before the year."""
        return self.months[self.elapsed.begun - 1] if self.elapsed.begun else Sum()

    @property
    def last_month(self) -> Sum | None:
        """Counted in the month before; None in the year's first month."""
        return self.months[self.elapsed.begun - 2] if self.elapsed.begun > 1 else None

    @property
    def binding(self) -> Progress | None:
        """Against whatever asks for more: what is still needed is measured by this."""
        return self.to_reach or self.progress


@dataclass(frozen=True)
class Board:
    """Both goals of a year, as of a day, as known today or at an instant."""

    year: int
    on: date
    known: datetime | None
    starts: TrackState
    funds: TrackState

    @property
    def tracks(self) -> tuple[TrackState, TrackState]:
        """Both, in the order of the pages."""
        return self.starts, self.funds

    def track(self, track: Track) -> TrackState:
        """One of them."""
        return self.starts if track is Track.STARTS else self.funds


def board(
    session: Session,
    actor: Actor,
    *,
    year: int,
    on: date,
    now: datetime,
    known: datetime | None = None,
) -> Board:
    """Both goals of a year as of a day.

    Args:
        actor: whoever reads; the figures are the same for everybody.
        now: by when the months of the year before count as closed.
        known: only what the house knew at that instant; None: as known today. Targets, and the rules that
            say how months run, are always today's.
    """
    found = frame(session, year, on, now, known)
    kind = in_force(session).rules.of(year).months
    parts = found.figures(list(Measure), on)
    return Board(
        year,
        on,
        known,
        _track(found, Track.STARTS, MonthKind.CALENDAR, parts),
        _track(found, Track.FUNDS, kind, parts),
    )


def _track(frame: Frame, track: Track, kind: MonthKind, found: dict[Part, Sum]) -> TrackState:
    split, over = frame.split(track), elapsed(frame.on, frame.year, kind)
    months = by_month(
        frame.session, counted(track), frame.year, kind, on=frame.on, known=frame.known
    )
    way = {measure: figures.city(found.items(), measure) for measure in WAY[track]}
    done = number(track, way[counted(track)])
    stands = None
    if split is not None:
        stands = progress(split, frame.city, frame.comparator(track), done, over.months)
    grown = growth.of_funds(frame, months, over.months) if track is Track.FUNDS else None
    further = _to_reach(grown, stands, done, over.months)
    return TrackState(
        track=track,
        goal=frame.goal(track),
        split=split,
        kind=kind,
        elapsed=over,
        way=way,
        done=done,
        progress=stands,
        to_reach=further,
        months=months,
        before=_before(frame, kind) if grown is None else grown.before,
        growth=grown,
        districts=districts.states(frame, track, over, found),
        bar=bar_of(track, way, [one for one in (stands, further) if one]),
    )


def _before(frame: Frame, kind: MonthKind) -> list[int | None]:
    """Starts counted by the end of each month of the year before; none at all is no year to compare with."""
    told = by_month(frame.session, Measure.STARTS_COUNTED, frame.year - 1, kind, known=frame.known)
    ends = list(accumulate(month.count for month in told))
    return [*ends] if ends[-1] else [None] * len(ends)


def _to_reach(
    grown: Growth | None, stands: Progress | None, done: int, months: int
) -> Progress | None:
    """Against the amount to reach, where growth asks for more than the target does."""
    if grown is None or grown.reach.amount is None or grown.reach.binds is not Binding.GROWTH:
        return None
    goal = Goal(GoalKind.CUMULATIVE, Comparator.AT_LEAST, grown.reach.amount.fen)
    return evaluate(goal, done, months, stands.schedule if stands else None)
