"""A rule set tried on the stored facts before it is published: who enters, who leaves, what the totals do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.counting.models import CountedProject, CountedReceipt, Subject
from crm.counting.queries import stored
from crm.counting.queries.rules import InForce, in_force
from crm.counting.rules.decisions import Decision, Measure, Reason, Verdict, stands
from crm.counting.rules.goals import Sum
from crm.counting.rules.receipts import decide_receipt
from crm.counting.rules.sets import Rules, RuleSet
from crm.counting.rules.starts import decide_start


@dataclass(frozen=True)
class Turn:
    """One whose answer for a year changes: what it was, and what it would be."""

    subject: Subject
    number: int
    project: int
    district: int
    before: tuple[Verdict, Reason]
    after: tuple[Verdict, Reason]
    amount: int


@dataclass
class Trial:
    """What publishing would do to a year.

    Attributes:
        enters, leaves: what would count and does not, what does and would not.
        before, after: each measure's figure at the end of the day asked about.
    """

    enters: list[Turn] = field(default_factory=list)
    leaves: list[Turn] = field(default_factory=list)
    before: dict[Measure, Sum] = field(default_factory=lambda: defaultdict(Sum))
    after: dict[Measure, Sum] = field(default_factory=lambda: defaultdict(Sum))


@dataclass
class Trials:
    """The years that were asked about, and how many answers would change in any year or way at all."""

    years: dict[int, Trial]
    changed: int = 0


def size(session: Session) -> int:
    """How many projects and receipts a trial walks."""
    tables = (CountedProject, CountedReceipt)
    return sum(session.scalar(select(func.count()).select_from(one)) or 0 for one in tables)


def trial(
    session: Session,
    rules: RuleSet,
    *,
    year: int,
    days: Mapping[int, date],
    told: Callable[[int], None] = lambda done: None,
) -> Trials:
    """Decide every stored project and receipt under today's rules and under these; writes nothing.

    Args:
        year: whose rules these would be; years after it without rules of their own go by them too.
        days: the years asked about, each with the day whose figures are compared.
        told: how many of `size` are done, after each chunk.
    """
    now = in_force(session)
    tried = Rules({**now.rules.by_year, year: rules})
    found = Trials({one: Trial() for one in days})
    done = 0
    for pairs in _pairs(session, now, tried):
        for subject, number, project, district, before, after in pairs:
            found.changed += replace(before, standings=()) != replace(after, standings=())
            for one, on in days.items():
                turn = Turn(
                    subject, number, project, district, before.in_year(one), after.in_year(one), 0
                )
                _note(found.years[one], turn, (before, after), one, on)
        done += len(pairs)
        told(done)
    return found


Pair = tuple[Subject, int, int, int, Decision, Decision]
"""Subject, its number, its project, its district, the answer now and the one under trial."""


def _pairs(session: Session, now: InForce, tried: Rules) -> Iterator[list[Pair]]:
    for numbers in stored.chunks(session, CountedProject.project_id):
        yield [
            (
                Subject.PROJECT,
                facts.project,
                facts.project,
                facts.place.district,
                decide_start(facts, now.rules),
                decide_start(facts, tried),
            )
            for facts in stored.projects(session, numbers)
        ]
    for numbers in stored.chunks(session, CountedReceipt.receipt_id):
        lines = stored.receipts(session, numbers)
        projects = {
            one.project: one for one in stored.projects(session, {line.project for line in lines})
        }
        yield [
            (
                Subject.RECEIPT,
                line.receipt,
                line.project,
                projects[line.project].place.district,
                decide_receipt(line, projects[line.project], now.rules, now.books),
                decide_receipt(line, projects[line.project], tried, now.books),
            )
            for line in lines
        ]


def _note(found: Trial, turn: Turn, pair: tuple[Decision, Decision], year: int, on: date) -> None:
    counted, would = (answer[0] is Verdict.COUNTS for answer in (turn.before, turn.after))
    if counted != would:
        amount = pair[would].amount.fen
        (found.enters if would else found.leaves).append(replace(turn, amount=amount))
    for totals, decision in zip((found.before, found.after), pair, strict=True):
        for row in decision.standings:
            if stands(row, on, year):
                totals[row.measure] += Sum(1, row.amount)


def days_asked(year: int, today: date) -> dict[int, date]:
    """The year and those after it up to today's, each with its last day that is over or runs."""
    return {one: min(today, date(one, 12, 31)) for one in _years(year, today.year)}


def _years(first: int, last: int) -> Iterable[int]:
    return range(first, max(first, last) + 1)
