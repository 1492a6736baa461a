"""Goals and growth: what is reached, how far, how fast, and which of two targets binds.

Amounts are whole numbers of a goal's smallest unit (fen, projects) or exact fractions, never rounded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from math import ceil

from crm.values.money import Money
from crm.values.period import MonthKind, elapsed_months
from crm.values.rate import ratio

Number = int | Fraction


class GoalKind(StrEnum):
    """Cumulative goals have a schedule; growth, level, pool and stock have none."""

    CUMULATIVE = "cumulative"
    GROWTH = "growth"
    LEVEL = "level"
    POOL = "pool"
    STOCK = "stock"


class Comparator(StrEnum):
    """以上 includes the number itself, 突破 / 超过 does not; a stock is compared with nothing."""

    AT_LEAST = ">="
    MORE = ">"
    EQUAL = "="
    NONE = ""


def meets(done: Number, comparator: Comparator, target: Number) -> bool | None:
    """Whether the goal is reached; None for a stock, which is no goal to reach."""
    if comparator is Comparator.NONE:
        return None
    if comparator is Comparator.MORE:
        return done > target
    if comparator is Comparator.EQUAL:
        return done == target
    return done >= target


def least(comparator: Comparator, target: int) -> int:
    """The smallest whole amount that meets it: one more than the target where 突破 is asked for."""
    return target + 1 if comparator is Comparator.MORE else target


# Growth


def growth(current: Number, base: Number | None) -> Fraction | None:
    """Growth over the same booking months of the year before; None without a base, and 0 is none."""
    return Fraction(current) / base - 1 if base is not None and base > 0 else None


class BaseSource(StrEnum):
    """Where the figure of the year before comes from: our ledger, or 上年公布数."""

    LEDGER = "ledger"
    PUBLISHED = "published"


@dataclass(frozen=True)
class Base:
    """The year before, up to a month; amount None: there is none, and growth is "—"."""

    amount: Money | None
    source: BaseSource | None


def base_of(
    ledger: Sequence[Money], closed: int, published: Mapping[int, Money], months: int
) -> Base:
    """The base for the first `months` booking months of the year before.

    Args:
        ledger: counted in each of its twelve months. closed: how many months from January on are
            closed there; the ledger's figure is used where all the months asked for are.
        published: cumulative by month, as published.
    """
    told = sum(ledger[:months], Money(0))
    if months <= closed and told.fen > 0:
        return Base(told, BaseSource.LEDGER)
    found = published.get(months)
    if found is not None and found.fen > 0:
        return Base(found, BaseSource.PUBLISHED)
    return Base(None, None)


class Binding(StrEnum):
    """Which of the two asks for more."""

    TARGET = "target"
    GROWTH = "growth"
    BOTH = "both"


@dataclass(frozen=True)
class Reach:
    """The amount to reach in the year, and what asks for it; None where nothing does."""

    amount: Money | None
    binds: Binding | None


def amount_to_reach(
    target: Money | None, comparator: Comparator, base: Money | None, rate: Fraction
) -> Reach:
    """The larger of what meets the target and base × (1 + rate), rounded up to the fen.

    Args:
        base: the whole year before; None or zero asks for nothing.
        rate: the growth that is to be met exactly (≥), Fraction(1, 5) for 20 %.
    """
    by_target = None if target is None else least(comparator, target.fen)
    by_growth = ceil(base.fen * (1 + rate)) if base is not None and base.fen > 0 else None
    asked = [amount for amount in (by_target, by_growth) if amount is not None]
    if not asked:
        return Reach(None, None)
    if by_target == by_growth:
        binds = Binding.BOTH
    else:
        binds = Binding.TARGET if by_target == max(asked) else Binding.GROWTH
    return Reach(Money(max(asked)), binds)


def funds_reached(
    done: Money, target: Money | None, comparator: Comparator, base: Money | None, rate: Fraction
) -> bool:
    """Both at once: the target and the growth over the whole year before; without a base, not."""
    grown = growth(done.fen, base.fen if base else None)
    on_target = target is not None and meets(done.fen, comparator, target.fen)
    return bool(on_target) and grown is not None and grown >= rate


# Progress


@dataclass(frozen=True)
class Goal:
    """What is to be reached in a year. `unit` is the least step by which the amount can grow."""

    kind: GoalKind
    comparator: Comparator
    target: Number
    unit: Number = 1


@dataclass(frozen=True)
class Progress:
    """How a goal stands, unrounded.

    Attributes:
        completion: done / target; None for a target of 0.
        reached: None for a stock.
        schedule, gap: the share that should be done, and completion − schedule; None without one.
        remaining: what is still needed to reach it, 0 once reached.
        months_left: after the elapsed ones. per_month: needed in each of them; None when none is left
            or the goal has no schedule.
    """

    done: Number
    target: Number
    completion: Fraction | None
    reached: bool | None
    schedule: Fraction | None
    gap: Fraction | None
    remaining: Number
    months_left: int
    per_month: Fraction | None

    @property
    def behind(self) -> bool:
        """Short of the schedule by however little."""
        return self.gap is not None and self.gap < 0


def schedule(
    on: date, year: int, kind: MonthKind, curve: Sequence[Fraction] | None = None
) -> Fraction:
    """序时进度: elapsed months / 12, or the curve's cumulative share after that many months.

    Args:
        kind: statistical months for funds, calendar months for starts.
        curve: twelve cumulative shares, the last one 1.
    """
    months = elapsed_months(on, year, kind)
    if curve is not None:
        return curve[months - 1] if months else Fraction(0)
    return Fraction(months, 12)


def evaluate(goal: Goal, done: Number, months: int, share: Fraction | None = None) -> Progress:
    """How the goal stands after so many elapsed months of its year.

    Args:
        share: the schedule, where it is not months / 12.
    """
    completion = ratio(done, goal.target)
    reached = meets(done, goal.comparator, goal.target)
    scheduled = goal.kind is GoalKind.CUMULATIVE
    due = (Fraction(months, 12) if share is None else share) if scheduled else None
    remaining: Number = 0
    if reached is False:
        above = goal.unit if goal.comparator is Comparator.MORE else 0
        remaining = max(goal.target + above - done, 0)
    left = 12 - months
    return Progress(
        done=done,
        target=goal.target,
        completion=completion,
        reached=reached,
        schedule=due,
        gap=None if completion is None or due is None else completion - due,
        remaining=remaining,
        months_left=left,
        per_month=Fraction(remaining) / left if scheduled and left else None,
    )


# Rates of section 4; None where the denominator is zero, shown as "—"


def start_rate(started: int, signed: int) -> Fraction | None:
    """开工率: started / signed, of the same cohort."""
    return ratio(started, signed)


def completion_rate(completed: int, signed: int) -> Fraction | None:
    """建成率: completed / signed, of the same cohort."""
    return ratio(completed, signed)


def in_place_rate(in_place: Money, agreed: Money) -> Fraction | None:
    """资金到位率: in place / agreed."""
    return ratio(in_place.fen, agreed.fen)


class Fulfilment(StrEnum):
    """履约率 has two definitions in use; the one in use is named beside the figure."""

    FULFILLED_OF_NEW = "fulfilled_of_new"
    NOT_TERMINATED_OF_SIGNED = "not_terminated_of_signed"


def fulfilment_rate(
    definition: Fulfilment, *, signed: int, fulfilled: int, terminated: int
) -> Fraction | None:
    """履约率: fulfilled / newly signed, or not terminated / signed."""
    kept = fulfilled if definition is Fulfilment.FULFILLED_OF_NEW else signed - terminated
    return ratio(kept, signed)


# Parts and wholes


@dataclass(frozen=True)
class Sum:
    """A figure: how many rows, and how much."""

    count: int = 0
    amount: Money = Money(0)

    def __add__(self, other: Sum) -> Sum:
        return Sum(self.count + other.count, self.amount + other.amount)

    def __sub__(self, other: Sum) -> Sum:
        return Sum(self.count - other.count, self.amount - other.amount)


def roll_up(leaves: Mapping[str, Sum], parents: Mapping[str, str]) -> dict[str, Sum]:
    """The figures of every node of a tree: its own and all below it.

    Args:
        parents: of each node but the root. ValueError for a circle.
    """
    totals = {node: Sum() for node in {*leaves, *parents, *parents.values()}}
    for leaf, figure in leaves.items():
        seen, node = {leaf}, leaf
        totals[node] += figure
        while node in parents:
            node = parents[node]
            if node in seen:
                raise ValueError(f"{node} is above itself")
            seen.add(node)
            totals[node] += figure
    return totals


def short_of_whole(whole: Number, parts: Iterable[Number]) -> Number:
    """By how much the parts of a target miss the whole: negative when they are more than it."""
    return whole - sum(parts)
