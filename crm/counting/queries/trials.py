"""A rule set tried on the stored facts before it is published: who enters, who leaves, what the totals do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from crm.counting.models import CountedProject, CountedReceipt, Subject
from crm.counting.queries import stored
from crm.counting.queries.rules import in_force
from crm.counting.rules.decisions import Decision, Measure, Reason, Verdict, stands
from crm.counting.rules.facts import ProjectFacts
from crm.counting.rules.goals import Sum
from crm.counting.rules.receipts import decide_receipt
from crm.counting.rules.sets import Rules, RuleSet
from crm.counting.rules.starts import decide_start


@dataclass(frozen=True)
class Turn:
    """One whose answer for the year changes: what it was, and what it would be."""

    subject: Subject
    number: int
    project: int
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


def trial(session: Session, rules: RuleSet, *, year: int, on: date) -> Trial:
    """Decide every stored project and receipt under today's rules and under these; writes nothing.

    Walks all rows: a page asks for it in the background where there are many.
    """
    now = in_force(session)
    tried = Rules({**now.rules.by_year, year: rules})
    found = Trial()
    for facts in _projects(session):
        pair = decide_start(facts, now.rules), decide_start(facts, tried)
        _note(found, Subject.PROJECT, facts.project, facts.project, pair, year, on)
    for numbers in stored.chunks(session, CountedReceipt.receipt_id):
        lines = stored.receipts(session, numbers)
        projects = {
            one.project: one for one in stored.projects(session, {line.project for line in lines})
        }
        for line in lines:
            of = projects[line.project]
            both = (
                decide_receipt(line, of, now.rules, now.books),
                decide_receipt(line, of, tried, now.books),
            )
            _note(found, Subject.RECEIPT, line.receipt, line.project, both, year, on)
    return found


def _projects(session: Session) -> Iterator[ProjectFacts]:
    for numbers in stored.chunks(session, CountedProject.project_id):
        yield from stored.projects(session, numbers)


def _note(
    found: Trial,
    subject: Subject,
    number: int,
    project: int,
    pair: tuple[Decision, Decision],
    year: int,
    on: date,
) -> None:
    before, after = (decision.in_year(year) for decision in pair)
    counted, would = (answer[0] is Verdict.COUNTS for answer in (before, after))
    if counted != would:
        turn = Turn(subject, number, project, before, after, pair[would].amount.fen)
        (found.enters if would else found.leaves).append(turn)
    for totals, decision in zip((found.before, found.after), pair, strict=True):
        for row in decision.standings:
            if stands(row, on, year):
                totals[row.measure] += Sum(1, row.amount)
