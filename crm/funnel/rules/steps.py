"""How far projects came after signing, and how long what they owe is owed."""

from __future__ import annotations

from enum import StrEnum


class Step(StrEnum):
    """签约 → 注册 → 开工 → 投产 → 达产; kept: signed and not terminated."""

    SIGNED = "signed"
    REGISTERED = "registered"
    STARTED = "started"
    COMMISSIONED = "commissioned"
    AT_CAPACITY = "at_capacity"
    KEPT = "kept"


class Due(StrEnum):
    """When something of a project is or was due."""

    START_LATE = "start_late"
    START_SOON = "start_soon"
    COMMISSIONING_LATE = "commissioning_late"
    COMMISSIONING_SOON = "commissioning_soon"


class Owing(StrEnum):
    """How old an evidence owed is: not due yet, or so many days past its day."""

    NOT_DUE = "not_due"
    MONTH = "month"
    QUARTER = "quarter"
    LONGER = "longer"


OVERDUE: dict[Owing, tuple[int | None, int | None]] = {
    Owing.NOT_DUE: (None, 0),
    Owing.MONTH: (1, 30),
    Owing.QUARTER: (31, 90),
    Owing.LONGER: (91, None),
}
"""Days past the due day, both ends included; None: without end. The due day itself is not late."""

SOON_DAYS = 90
"""How far the countdown looks ahead."""
