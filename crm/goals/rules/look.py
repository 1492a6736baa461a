"""What a reader of the board asked for: which year, as of which day, as known when, split by what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from crm.counting.rules.books import after
from crm.counting.rules.dimensions import Dimension
from crm.goals.rules.ranking import RankBy
from crm.goals.rules.tracks import Track
from crm.values.period import Year

FIRST_YEAR, LAST_YEAR = 2000, 2100

TABS = (
    Dimension.ALL,
    Dimension.CLUSTER,
    Dimension.CHAIN,
    Dimension.NODE,
    Dimension.POSITION,
    Dimension.MODEL,
    Dimension.ANCHOR,
)
"""The splits of the board; all: by district."""


@dataclass(frozen=True)
class Look:
    """The board as it was asked for.

    Attributes:
        on: the day it is as of, never after today.
        known: as the house knew it at the end of this day; None: as known today.
    """

    year: int
    on: date
    known: date | None = None
    tab: Dimension = Dimension.ALL
    track: Track = Track.STARTS
    by: RankBy = RankBy.AMOUNT

    @classmethod
    def read(cls, args: Mapping[str, str], today: date) -> Look:
        """Read an address; what cannot be read is left out, never an error.

        Without a day: today, or the last day of a year that is over. Without a year: the day's.
        """
        asked = _day(args.get("on", ""))
        year = _year(args.get("year", "")) or (asked or today).year
        known = _day(args.get("known", ""))
        tab, track, by = (args.get(name, "") for name in ("tab", "track", "by"))
        return cls(
            year=year,
            on=min(asked or Year(year).last_day, today),
            known=known if known and known < today else None,
            tab=Dimension(tab) if tab in TABS else Dimension.ALL,
            track=Track(track) if track in list(Track) else Track.STARTS,
            by=RankBy(by) if by in list(RankBy) else RankBy.AMOUNT,
        )

    @property
    def instant(self) -> datetime | None:
        """The last moment of the day it is known by."""
        return None if self.known is None else after(self.known) - timedelta(microseconds=1)

    @property
    def when(self) -> dict[str, str]:
        """Year, day and knowledge as arguments of an address, for every page beside the board."""
        told = {"year": str(self.year), "on": self.on.isoformat()}
        return told if self.known is None else told | {"known": self.known.isoformat()}


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
    return found if found and FIRST_YEAR <= found.year <= LAST_YEAR else None


def _year(text: str) -> int | None:
    plain = len(text) == 4 and text.isascii() and text.isdecimal()
    return int(text) if plain and FIRST_YEAR <= int(text) <= LAST_YEAR else None
