"""What the board and its districts are read with: the year, the day, as known when."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from crm.catalog import queries as catalog
from crm.catalog.models import District
from crm.counting.queries import figures
from crm.counting.queries.figures import Part
from crm.counting.queries.known import figures_as_known
from crm.counting.rules.decisions import Measure
from crm.counting.rules.goals import Comparator, Sum
from crm.goals.models import Goal
from crm.goals.queries import targets
from crm.goals.rules.parts import Split
from crm.goals.rules.tracks import KEY, Track


@dataclass(frozen=True)
class Frame:
    """The arguments of a board, and what both of its tracks need once.

    Attributes:
        now: by when the months of the year before count as closed.
        known: as the house knew it at that instant; None: as known today.
        goals: the year's, by key. city: the number of the row that stands for all districts.
    """

    session: Session
    year: int
    on: date
    now: datetime
    known: datetime | None
    goals: Mapping[str, Goal]
    city: int
    districts: list[District]

    def figures(self, measures: Collection[Measure], on: date) -> dict[Part, Sum]:
        """The districts' figures on a day."""
        if self.known is None:
            return figures.figures(self.session, measures, year=self.year, on=on)
        return figures_as_known(self.session, measures, year=self.year, on=on, known=self.known)

    def goal(self, track: Track) -> Goal | None:
        """A track's target; None where the year has none."""
        return self.goals.get(KEY[track])

    def split(self, track: Track) -> Split | None:
        """The target with its parts."""
        goal = self.goal(track)
        return None if goal is None else targets.split_of(goal, self.city)

    def comparator(self, track: Track) -> Comparator:
        """How its target is compared."""
        goal = self.goal(track)
        return goal.comparator if goal else Comparator.AT_LEAST


def frame(session: Session, year: int, on: date, now: datetime, known: datetime | None) -> Frame:
    """Read it, in four small reads."""
    goals = {goal.key: goal for goal in targets.goals(session, year)}
    city, districts = targets.city_id(session), catalog.districts(session)
    return Frame(session, year, on, now, known, goals, city, districts)
