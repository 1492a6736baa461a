"""What a goal may say: its target a number, its comparator beside it, both fitting its kind."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from crm.counting.rules.goals import Comparator, GoalKind
from crm.values.text import nfkc

COMPARING = re.compile(r"以上|以下|突破|超过|不少于|不低于|至少|达到|左右|力争|[≥≤><=＞＜]|>=|<=")
"""Words and signs that say how a number is compared, and belong beside it."""


@dataclass(frozen=True)
class GoalDraft:
    """A goal as somebody enters it; `target` in the smallest part of `unit`."""

    section: str
    name: str
    kind: GoalKind
    comparator: Comparator
    target: int
    unit: str
    name_en: str = ""
    scope: str = ""
    strength: str = ""
    quote: str = ""


class Misfit(StrEnum):
    """What does not fit together."""

    NEGATIVE = "negative"
    NO_COMPARATOR = "no_comparator"
    STOCK_COMPARED = "stock_compared"
    GROWTH_UNIT = "growth_unit"


def misfit(draft: GoalDraft) -> tuple[Misfit, str] | None:
    """What is wrong and the field it is wrong in; None where all fits."""
    stock = draft.kind is GoalKind.STOCK
    if draft.target < 0:
        return Misfit.NEGATIVE, "target"
    if stock != (draft.comparator is Comparator.NONE):
        return (Misfit.STOCK_COMPARED if stock else Misfit.NO_COMPARATOR), "comparator"
    if draft.kind is GoalKind.GROWTH and draft.unit != "%":
        return Misfit.GROWTH_UNIT, "unit"
    return None


def compares(text: str) -> bool:
    """Whether a text says how its number is compared, as "200个以上" does."""
    return bool(COMPARING.search(nfkc(text)))
