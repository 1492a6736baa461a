"""Invented firms and what they want to build, drawn from the tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from random import Random
from typing import TypeVar

from crm.demo.plan.days import dice
from crm.demo.tables import Row, rows

Choice = TypeVar("Choice")

FORMS = (("有限公司", 12), ("科技有限公司", 5), ("股份有限公司", 2), ("集团有限公司", 1))
SIZES = (
    ((), 8),
    (("专精特新",), 4),
    (("专精特新小巨人",), 2),
    (("高新技术企业",), 5),
    (("上市公司",), 2),
    (("民企500强",), 1),
    (("单项冠军",), 1),
)
"""Size classes of a firm, by the names of the dictionary, and how often."""


@dataclass(frozen=True)
class Firm:
    """Somebody who invests. Of a firm of the plan only the name is true; others are invented whole.

    Attributes:
        number: counts the firms. coded: its credit code and somebody there are known, as of who signs.
    """

    name: str
    place: str = ""
    sizes: tuple[str, ...] = ()
    of_plan: bool = False
    number: int = 0
    coded: bool = False

    @property
    def short(self) -> str:
        """The name without its form."""
        return self.name.removesuffix("有限公司").removesuffix("股份").removesuffix("集团")


@dataclass(frozen=True)
class Work:
    """What is built, and where in its chain it stands; low and high in 万元."""

    chain: str
    node: str
    position: str
    effect: str
    word: str
    content: str
    low: int
    high: int


def weighed(chance: Random, choices: Sequence[tuple[Choice, int]]) -> Choice:
    """One of some choices, each as often as its number says."""
    return chance.choices([one for one, _ in choices], [weight for _, weight in choices])[0]


class Words:
    """Hands out firms, no name twice, and works."""

    def __init__(self) -> None:
        taken = {row["word"] for row in rows("taken")}
        parts = rows("syllables")
        pairs = [
            first["first"] + second["second"]
            for first, second in product(parts, parts)
            if first["first"] != second["second"]
        ]
        dice("names").shuffle(pairs)
        self._names = (pair for pair in pairs if pair not in taken)
        self._count = 100
        self._works = rows("works")
        self._places = rows("places")

    def work(self, chance: Random) -> Work:
        """Something to build, of any chain."""
        return _work(chance.choice(self._works), chance)

    def firm(self, chance: Random, work: Work, *, coded: bool = False) -> Firm:
        """A firm that does such work."""
        name = next(self._names)
        self._count += 1
        place = chance.choices(self._places, [int(row["weight"]) for row in self._places])[0]
        form = weighed(chance, FORMS)
        sizes = weighed(chance, SIZES)
        return Firm(f"{name}{work.word}{form}", place["place"], sizes, False, self._count, coded)


def _work(row: Row, chance: Random) -> Work:
    span, _, step = row["n"].partition("/")
    low, _, high = span.partition("-")
    number = chance.randrange(int(low), int(high) + 1, int(step))
    return Work(
        chain=row["chain"],
        node=row["node"],
        position=row["position"],
        effect=row["effect"],
        word=row["word"].removesuffix("科技"),
        content=row["content"].format(n=number),
        low=int(Decimal(row["low"]) * 10_000),
        high=int(Decimal(row["high"]) * 10_000),
    )
