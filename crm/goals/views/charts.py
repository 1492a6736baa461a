"""The months of a goal as a chart: what is counted by the end of each, the schedule, the year before."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from typing import Any

from flask_babel import gettext as _

from crm.goals.queries.board import Board, TrackState
from crm.goals.rules import shown
from crm.goals.rules.tracks import Track, number
from crm.values.money import Money, Unit, decimal_text

MONTHS = 12


@dataclass(frozen=True)
class MonthRow:
    """A month of the table beside the chart, in starts or fen; None: not yet, or not known.

    Attributes:
        alone: counted in the month; done, due, before: by its end, as scheduled, in the year before.
    """

    month: int
    alone: int | None
    done: int | None
    due: Fraction | None
    before: int | None


def month_rows(state: TrackState) -> list[MonthRow]:
    """The twelve months of a track; those after the month under way are still to come."""
    alone = [number(state.track, month) for month in state.months]
    done = list(accumulate(alone))
    return [
        MonthRow(
            month=place + 1,
            alone=alone[place] if place < state.elapsed.begun else None,
            done=done[place] if place < state.elapsed.begun else None,
            due=_due(state, place + 1),
            before=state.before[place],
        )
        for place in range(MONTHS)
    ]


def month_chart(board: Board, state: TrackState) -> dict[str, Any]:
    """An ECharts option of plain data; money in 亿元 as decimal texts."""
    rows = month_rows(state)
    series = [
        _series(state.track, "bar", _("Counted so far"), [row.done for row in rows]),
        _series(state.track, "line", _("Schedule"), [row.due for row in rows]),
        _series(
            state.track, "line", _("By the same month of %(year)s", year=board.year - 1),
            [row.before for row in rows],
        ),
    ]  # fmt: skip
    return {
        "xAxis": {"type": "category", "data": [_month(row.month) for row in rows]},
        "yAxis": {"type": "value"},
        "series": [one for one in series if any(item["value"] != "-" for item in one["data"])],
    }


def _due(state: TrackState, month: int) -> Fraction | None:
    if state.binding is None:
        return None
    curve = state.split.curve(state.split.city) if state.split else None
    return state.binding.target * (curve[month - 1] if curve else Fraction(month, MONTHS))


def _month(month: int) -> str:
    return str(_("month %(month)s", month=month))


def _series(
    track: Track, kind: str, name: Any, values: list[int | None] | list[Fraction | None]
) -> dict[str, Any]:
    return {"type": kind, "name": str(name), "data": [_item(track, value) for value in values]}


def _item(track: Track, value: int | Fraction | None) -> dict[str, Any]:
    """A point: its value as a decimal text, and how it reads."""
    if value is None:
        return {"value": "-", "text": "—"}
    told = shown.amount(track, value)
    whole = shown.nearest(value)
    text = str(whole) if track is Track.STARTS else decimal_text(Money(whole), Unit.YI, places=4)
    return {"value": text.replace(",", ""), "text": f"{told.text}{told.unit}"}
