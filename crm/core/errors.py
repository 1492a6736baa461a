"""What an operation or a query may answer instead of a result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any


class Missing(Exception):
    """The row does not exist, or the actor may not know that it does: answered as 404."""


class Forbidden(Exception):
    """The actor knows the row and may not do this to it: answered as 403."""


class Refused(Exception):
    """A rule says no; nothing was written.

    Args:
        message: a sentence for the person, translated or lazy, that says what to do.
        field: the form field it belongs beside; None for the form as a whole.
        line: which of several lines entered together, from 0; None where there are no lines.
    """

    def __init__(self, message: Any, field: str | None = None, line: int | None = None) -> None:
        super().__init__(str(message))
        self.message = message
        self.field = field
        self.line = line

    @property
    def each(self) -> Sequence[Refused]:
        """All that is refused: this alone."""
        return (self,)


class RefusedTogether(Refused):
    """Several noes at once, each beside its own line and field, so that nobody hears them one by one."""

    def __init__(self, refusals: Sequence[Refused]) -> None:
        first = refusals[0]
        super().__init__(first.message, first.field, first.line)
        self.refusals = tuple(refusals)

    @property
    def each(self) -> Sequence[Refused]:
        """The single ones, in the order of the lines."""
        return self.refusals


@dataclass(frozen=True)
class Change:
    """One field that somebody else changed meanwhile; values as the audit wrote them."""

    who: str
    when: datetime
    field: str
    before: Any
    after: Any


class Stale(Exception):
    """The row was changed since the form was opened: 409, with what changed and the typed text kept."""

    def __init__(self, changes: list[Change]) -> None:
        super().__init__("changed meanwhile")
        self.changes = changes
