"""Two people at one row: the second is told."""

from __future__ import annotations

from typing import Protocol

from crm.core.errors import Stale


class Versioned(Protocol):
    """A row that people edit."""

    version: int


class VersionBehind(Stale):
    """The version typed upon is not the row's; the door adds what changed."""

    def __init__(self) -> None:
        super().__init__([])


def take(row: Versioned, version: int | None) -> None:
    """Check the version a form was opened on and count it up; None comes from doors without a form.

    Raises:
        VersionBehind: somebody saved the row meanwhile.
    """
    if version is not None and row.version != version:
        raise VersionBehind
    row.version += 1
