"""What can be done about a start that does not count: one line for each reason that something mends."""

from __future__ import annotations

from enum import StrEnum

from crm.counting.rules.decisions import Reason


class Mend(StrEnum):
    """What somebody can do."""

    REPORT_START = "report_start"
    RECOGNISE_START = "recognise_start"
    SAY_FISCAL = "say_fiscal"
    SAY_MOVED_FROM = "say_moved_from"
    ENTER_FILING = "enter_filing"


class Right(StrEnum):
    """Whose affair it is, by the names of `queries.detail.Rights`."""

    WRITE = "write"
    RECOGNISE = "recognise"


MENDS: dict[Reason, tuple[Mend, Right]] = {
    Reason.NOT_STARTED: (Mend.REPORT_START, Right.WRITE),
    Reason.NOT_RECOGNISED: (Mend.RECOGNISE_START, Right.RECOGNISE),
    Reason.FISCAL_PART_UNKNOWN: (Mend.SAY_FISCAL, Right.WRITE),
    Reason.MOVED_FROM_UNKNOWN: (Mend.SAY_MOVED_FROM, Right.WRITE),
    Reason.PHASE_WITHOUT_FILING: (Mend.ENTER_FILING, Right.WRITE),
}
"""Reasons that are mended by saying or doing more. Papers owed stand beside these, one by one; what a

project is (real estate, a technical upgrade, signed before) nobody mends.
"""
