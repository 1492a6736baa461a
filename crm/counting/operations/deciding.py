"""Deciding: facts in, a decision and the day sums out, in the transaction that changed the facts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy.orm import Session

from crm.audit.operations import record_values
from crm.core.actor import Actor
from crm.counting.models import CountedProject, CountedReceipt, CountingHead, Subject
from crm.counting.operations.holding import HEAD, Hold
from crm.counting.operations.keeping import Kept
from crm.counting.operations.writing import Case, write
from crm.counting.queries import stored
from crm.counting.rules.decisions import Decision
from crm.counting.rules.facts import ProjectFacts, ReceiptFacts
from crm.counting.rules.plain import fingerprint, from_json, to_json
from crm.counting.rules.receipts import decide_receipt
from crm.counting.rules.starts import decide_start


def decide(
    session: Session, actor: Actor, facts: ProjectFacts | ReceiptFacts, *, now: datetime
) -> Decision:
    """Decide on a project or a receipt whose facts changed, and move the sums.

    The receipts of a project are decided again with it. The caller has locked its own rows before.
    A changed answer on a project stands on its timeline; on a receipt, the ledger's own entry does.

    Raises:
        LookupError: a receipt whose project's facts were never handed over.
    """
    if isinstance(facts, ReceiptFacts):
        return decide_receipts(session, actor, [facts], now=now)[0]
    return decide_projects(session, actor, [facts], now=now)[0]


def decide_projects(
    session: Session, actor: Actor, projects: Sequence[ProjectFacts], *, now: datetime
) -> list[Decision]:
    """Decide on projects at once, as when all are handed over again: `decide` for each, in bulk."""
    session.flush()
    Hold.take(session)
    kept = Kept.of(session, CountedProject, [facts.project for facts in projects])
    weighed = {
        number: _weighs(from_json(ProjectFacts, facts)) for number, facts in kept.facts.items()
    }
    for facts in projects:
        kept.compare(facts.project, to_json(facts), project_id=facts.project)
    kept.write(session, now)
    cases = [_project_case(session, facts) for facts in projects]
    moved = {
        facts.project: facts
        for facts in projects
        if facts.project in weighed and weighed[facts.project] != _weighs(facts)
    }
    lines = stored.receipts_of(session, moved) if moved else []
    receipts = [_receipt_case(session, line, moved[line.project]) for line in lines]
    fresh = {(Subject.PROJECT, number) for number in kept.fresh}
    write(session, actor, cases + receipts, now=now, fresh=fresh)
    return [case.decision for case in cases]


def decide_receipts(
    session: Session, actor: Actor, lines: Sequence[ReceiptFacts], *, now: datetime
) -> list[Decision]:
    """Decide on receipts at once, as when several are confirmed together: `decide` for each, in bulk."""
    session.flush()
    Hold.take(session)
    projects = {
        one.project: one for one in stored.projects(session, {line.project for line in lines})
    }
    if missing := {line.project for line in lines} - projects.keys():
        raise LookupError(f"the facts of projects {sorted(missing)} were never handed over")
    kept = Kept.of(session, CountedReceipt, [line.receipt for line in lines])
    for line in lines:
        kept.compare(line.receipt, to_json(line), receipt_id=line.receipt, project_id=line.project)
    kept.write(session, now)
    cases = [_receipt_case(session, line, projects[line.project]) for line in lines]
    fresh = {(Subject.RECEIPT, number) for number in kept.fresh}
    write(session, actor, cases, now=now, fresh=fresh)
    return [case.decision for case in cases]


def redecide(
    session: Session,
    actor: Actor,
    *,
    now: datetime,
    receipts: Iterable[int] | None = None,
) -> int:
    """Decide again on the stored facts, under what is in force now.

    Args:
        receipts: only these; by default every project and every receipt.

    Returns:
        how many answers changed; one entry says so, not one for each.
    """
    Hold.take(session)
    Hold.renew(session)
    changed = 0
    if receipts is None:
        for rows in stored.chunks(session, CountedProject.project_id):
            cases = [_project_case(session, facts) for facts in stored.projects(session, rows)]
            changed += write(session, actor, cases, now=now, told=False)
    numbers = (
        stored.chunks(session, CountedReceipt.receipt_id) if receipts is None else [list(receipts)]
    )
    for rows in numbers:
        lines = stored.receipts(session, rows)
        projects = {
            facts.project: facts
            for facts in stored.projects(session, {line.project for line in lines})
        }
        cases = [_receipt_case(session, line, projects[line.project]) for line in lines]
        changed += write(session, actor, cases, now=now, told=False)
    head = session.get_one(CountingHead, HEAD)
    record_values(session, actor, "counting.redecided", head, now=now, after={"changed": changed})
    return changed


# --- facts ---------------------------------------------------------------------------------------


def _weighs(facts: ProjectFacts) -> tuple[object, ...]:
    """What of a project its receipts' decisions depend on."""
    return facts.place, facts.kind, facts.accepted_on or facts.reported_on


# --- cases ---------------------------------------------------------------------------------------


@lru_cache(maxsize=256)
def _project_json(project: ProjectFacts) -> Any:
    """Told once for all its receipts that are decided on; only to be read."""
    return to_json(project)


def _project_case(session: Session, facts: ProjectFacts) -> Case:
    decision = decide_start(facts, Hold.of(session).rules)
    mark = fingerprint(to_json(facts))
    return Case(Subject.PROJECT, facts.project, facts.project, facts.place, decision, mark)


def _receipt_case(session: Session, facts: ReceiptFacts, project: ProjectFacts) -> Case:
    now = Hold.of(session)
    decision = decide_receipt(facts, project, now.rules, now.books)
    mark = fingerprint([to_json(facts), _project_json(project)])
    return Case(Subject.RECEIPT, facts.receipt, facts.project, project.place, decision, mark)
