"""Lists that views are saved of, and what of an address a view keeps."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from urllib.parse import urlencode


class ListName(StrEnum):
    """A list that remembers."""

    LEADS = "leads"


MOST_VIEWS = 30
"""So many views of a list a person keeps: a tab each."""

LONGEST = 1000
"""Of an address's arguments."""

PASSING = frozenset({"after", "before", "view", "back"})
"""What belongs to a visit and not to a view: the page one is on, the tab one came by."""


def kept(arguments: Iterable[tuple[str, str]]) -> str:
    """The arguments of a list's address that a view keeps, as an address carries them; by name."""
    said = sorted((name, value) for name, value in arguments if value and name not in PASSING)
    return urlencode(said)
