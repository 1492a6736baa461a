"""What enums of goals are called, and the words of the plan's units and sections in other languages."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from crm.core.labels import Words
from crm.counting.rules.goals import Comparator, GoalKind
from crm.goals.rules import shown
from crm.goals.rules.kinds import Measured
from crm.goals.rules.ranking import RankBy
from crm.goals.rules.tracks import WAY, Track, number
from crm.goals.rules.units import ValueFault

WORDS: Words = {
    GoalKind: {
        GoalKind.CUMULATIVE: _l("Cumulative"),
        GoalKind.GROWTH: _l("Growth"),
        GoalKind.LEVEL: _l("Level to hold"),
        GoalKind.POOL: _l("Pool of projects"),
        GoalKind.STOCK: _l("Stock to work off"),
    },
    Comparator: {
        Comparator.AT_LEAST: _l("at least"),
        Comparator.MORE: _l("more than"),
        Comparator.EQUAL: _l("exactly"),
        Comparator.NONE: _l("no target"),
    },
    Measured: {
        Measured.PROJECTS: _l("Measured from projects"),
        Measured.RECEIPTS: _l("Measured from receipts"),
        Measured.TAGS: _l("Measured from tagged projects"),
        Measured.SITES: _l("Measured from sites"),
        Measured.REPORTED: _l("Reported by the department"),
    },
    RankBy: {
        RankBy.AMOUNT: _l("By amount"),
        RankBy.RATE: _l("By rate"),
        RankBy.GAP: _l("By gap to schedule"),
    },
    Track: {
        Track.STARTS: _l("New starts"),
        Track.FUNDS: _l("Funds in place"),
    },
    ValueFault: {
        ValueFault.EMPTY: _l("Enter a figure."),
        ValueFault.NOT_A_NUMBER: _l("Enter a plain number, such as 200 or 4.5, without words."),
        ValueFault.TOO_FINE: _l("This is finer than the unit's smallest part."),
        ValueFault.TOO_LARGE: _l("This figure is too large."),
    },
}

UNITS = {
    "亿元": _l("100m yuan"),
    "万元": _l("10k yuan"),
    "元": _l("yuan"),
    "个": _l("projects"),
    "家": _l("firms"),
    "%": "%",
    "万吨": _l("10k tons"),
    "万千瓦": _l("10k kW"),
    "万千瓦时": _l("10k kWh"),
    "万平方米": _l("10k m²"),
    "亩": _l("mu"),
}
"""A goal's unit in the reader's language; another unit reads as it was typed."""

SECTIONS = {
    "招商引资": _l("Investment attraction"),
    "重大项目": _l("Major projects"),
    "产业集群": _l("Industry clusters"),
    "盘活资源": _l("Idle resources"),
}
"""The plan's sections in the reader's language."""


SPOKEN: dict[str, Any] = {
    "shown": shown,
    "units": UNITS,
    "sections": SECTIONS,
    "ways": WAY,
    "number_of": number,
}
"""What the templates of the board speak with, on its own pages and on the first pages."""
