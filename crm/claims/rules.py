"""What can be decided where two leads claim one firm."""

from __future__ import annotations

from enum import StrEnum


class Judgement(StrEnum):
    """What a manager says of two leads in hand whose firms have one credit code.

    SAME: one negotiation, led by the earlier lead; the later one is to be given up. DIFFERENT: two
    projects of one firm, both go on. MERGE: the two are to become one lead.
    """

    SAME = "same"
    DIFFERENT = "different"
    MERGE = "merge"
