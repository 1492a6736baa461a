"""Deciding: facts in, a decision and the day sums out, in the transaction that changed the facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, insert, select
from sqlalchemy.orm import Session

from crm.audit.operations import record_values
from crm.core.actor import Actor
from crm.counting.models import (
    CountedProject,
    CountedReceipt,
    CountingHead,
    DecisionRow,
    StandingRow,
    Subject,
)
from crm.counting.operations.holding import HEAD, Hold
from crm.counting.operations.sums import Moves
from crm.counting.queries import stored
from crm.counting.rules.decisions import Decision, Standing
from crm.counting.rules.dimensions import Dimension, key_of
from crm.counting.rules.facts import Place, ProjectFacts, ReceiptFacts
from crm.counting.rules.plain import fingerprint, from_json, to_json
from crm.counting.rules.receipts import decide_receipt
from crm.counting.rules.starts import decide_start

SPLIT = tuple(one for one in Dimension if one is not Dimension.ALL)


@dataclass(frozen=True)
class Case:
    """A subject with its decision: what is about to be written down."""

    subject: Subject
    subject_id: int
    project_id: int
    place: Place
    decision: Decision
    fingerprint: str


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
    Hold.take(session)
    query = select(CountedProject).where(
        CountedProject.project_id.in_([facts.project for facts in projects])
    )
    rows = {row.project_id: row for row in session.scalars(query)}
    weighed = {number: _weighs(from_json(ProjectFacts, row.facts)) for number, row in rows.items()}
    for facts in projects:
        row = rows.get(facts.project)
        if row is None:
            row = CountedProject(project_id=facts.project)
            session.add(row)
        _keep(row, facts, now)
    session.flush()
    fresh = {(Subject.PROJECT, facts.project) for facts in projects} - {
        (Subject.PROJECT, number) for number in rows
    }
    cases = [_project_case(session, facts) for facts in projects]
    moved = {
        facts.project: facts
        for facts in projects
        if facts.project in weighed and weighed[facts.project] != _weighs(facts)
    }
    lines = stored.receipts_of(session, moved) if moved else []
    receipts = [_receipt_case(session, line, moved[line.project]) for line in lines]
    _write(session, actor, cases + receipts, now=now, fresh=fresh)
    return [case.decision for case in cases]


def decide_receipts(
    session: Session, actor: Actor, lines: Sequence[ReceiptFacts], *, now: datetime
) -> list[Decision]:
    """Decide on receipts at once, as when several are confirmed together: `decide` for each, in bulk."""
    Hold.take(session)
    projects = {
        one.project: one for one in stored.projects(session, {line.project for line in lines})
    }
    if missing := {line.project for line in lines} - projects.keys():
        raise LookupError(f"the facts of projects {sorted(missing)} were never handed over")
    numbers = [line.receipt for line in lines]
    rows = {row.receipt_id: row for row in session.scalars(_receipt_rows(numbers))}
    fresh = {(Subject.RECEIPT, number) for number in set(numbers) - rows.keys()}
    for line in lines:
        row = rows.get(line.receipt)
        if row is None:
            row = CountedReceipt(receipt_id=line.receipt, project_id=line.project)
            session.add(row)
        _keep(row, line, now)
    session.flush()
    cases = [_receipt_case(session, line, projects[line.project]) for line in lines]
    _write(session, actor, cases, now=now, fresh=fresh)
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
            changed += _write(session, actor, cases, now=now, told=False)
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
        changed += _write(session, actor, cases, now=now, told=False)
    head = session.get_one(CountingHead, HEAD)
    record_values(session, actor, "counting.redecided", head, now=now, after={"changed": changed})
    return changed


# --- facts ---------------------------------------------------------------------------------------


def _weighs(facts: ProjectFacts) -> tuple[object, ...]:
    """What of a project its receipts' decisions depend on."""
    return facts.place, facts.kind, facts.accepted_on or facts.reported_on


def _receipt_rows(numbers: Collection[int]) -> Select[CountedReceipt]:
    return select(CountedReceipt).where(CountedReceipt.receipt_id.in_(numbers))


def _keep(
    row: CountedProject | CountedReceipt, facts: ProjectFacts | ReceiptFacts, now: datetime
) -> None:
    told = to_json(facts)
    mark = fingerprint(told)
    if row.fingerprint != mark:
        row.facts, row.fingerprint, row.handed_at = told, mark, now


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


# --- writing -------------------------------------------------------------------------------------


def _write(
    session: Session,
    actor: Actor,
    cases: list[Case],
    *,
    now: datetime,
    fresh: Collection[tuple[Subject, int]] = frozenset(),
    told: bool = True,
) -> int:
    """Put down the decisions that differ, close and open what stands, move the sums.

    Args:
        fresh: those that nothing was decided on before.
        told: leave an entry for each project whose answer changed; else the caller leaves one for all.
    """
    moves, changed = Moves(), 0
    for subject in Subject:
        some = [case for case in cases if case.subject is subject]
        known = [case.subject_id for case in some if (subject, case.subject_id) not in fresh]
        decisions = stored.decisions(session, subject, known) if known else {}
        standings = stored.standings(session, subject, known) if known else {}
        opened = [
            row
            for case in some
            for row in _move(standings.get(case.subject_id, []), case, moves, now)
        ]
        differing = [
            (decisions.get(case.subject_id), case)
            for case in some
            if _differs(decisions.get(case.subject_id), case)
        ]
        changed += len(differing)
        _replace(session, actor, differing, now=now, told=told)
        if opened:
            session.execute(insert(StandingRow), opened)
    session.flush()
    moves.write(session)
    return changed


SAID = (
    "verdict", "reason", "rules_of", "amount", "year", "stands_on", "month", "late",
    "terminated_later",
)  # fmt: skip


def _differs(row: DecisionRow | None, case: Case) -> bool:
    decision = case.decision
    return row is None or (
        any(getattr(row, name) != getattr(decision, name) for name in SAID)
        or row.owed != list(decision.owed)
        or row.looked_at != decision.looked_at
    )


def _replace(
    session: Session,
    actor: Actor,
    differing: list[tuple[DecisionRow | None, Case]],
    *,
    now: datetime,
    told: bool,
) -> None:
    """Close the former decisions, then write the new ones: one stands at a time."""
    for row, _case in differing:
        if row is not None:
            row.replaced_at = now
    session.flush()
    told = told and any(case.subject is Subject.PROJECT for _row, case in differing)
    values = [_decision(session, case, now) for _row, case in differing]
    if not told:  # nobody needs the new rows' numbers: one statement for all of them
        if values:
            session.execute(insert(DecisionRow), values)
        return
    written = [
        (row, DecisionRow(**new)) for (row, _case), new in zip(differing, values, strict=True)
    ]
    session.add_all(new for _row, new in written)
    session.flush()
    for row, new in written:
        if row is None or _told(row) != _told(new):
            record_values(
                session,
                actor,
                "project.decided",
                new,
                now=now,
                on=("project", new.project_id),
                before={} if row is None else _told(row),
                after=_told(new),
            )


def _decision(session: Session, case: Case, now: datetime) -> dict[str, Any]:
    decision = case.decision
    version = Hold.of(session).version(decision.rules_of)
    return {
        "subject": case.subject,
        "subject_id": case.subject_id,
        "project_id": case.project_id,
        "decided_at": now,
        "rule_set_id": version.id if version else None,
        "owed": list(decision.owed),
        "looked_at": dict(decision.looked_at),
        "fingerprint": case.fingerprint,
        **{name: getattr(decision, name) for name in SAID},
    }


def _told(row: DecisionRow) -> dict[str, Any]:
    return {"verdict": row.verdict, "reason": row.reason, "year": row.year}


def _move(
    rows: list[StandingRow],
    case: Case,
    moves: Moves,
    now: datetime,
) -> list[dict[str, Any]]:
    """Close the rows that no longer stand; those that do now."""
    wanted = Counter((case.place, standing) for standing in case.decision.standings)
    for row in rows:
        held = stored.read(row)
        if wanted[held] > 0:
            wanted[held] -= 1
            continue
        row.known_until = now
        moves.add(*held, sign=-1)
    opened = list(wanted.elements())
    for place, standing in opened:
        moves.add(place, standing)
    return [_row(case, place, standing, now) for place, standing in opened]


def _row(case: Case, place: Place, standing: Standing, now: datetime) -> dict[str, Any]:
    return {
        "subject": case.subject,
        "subject_id": case.subject_id,
        "project_id": case.project_id,
        "measure": standing.measure,
        "day_from": standing.day_from,
        "day_until": standing.day_until,
        "amount": standing.amount,
        "district_id": place.district,
        "known_from": now,
        **{one.value: key_of(one, place, standing) for one in SPLIT},
    }
