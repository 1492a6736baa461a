"""Deciding: facts in, a decision and the day sums out, in the transaction that changed the facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

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

    Raises:
        LookupError: a receipt whose project's facts were never handed over.
    """
    Hold.take(session)
    if isinstance(facts, ReceiptFacts):
        project = stored.project(session, facts.project)
        _keep_receipt(session, facts, now)
        case = _receipt_case(session, facts, project)
    else:
        before = session.get(CountedProject, facts.project)
        known = None if before is None else from_json(ProjectFacts, before.facts)
        _keep_project(session, facts, before, now)
        case = _project_case(session, facts)
        if known is not None and _weighs(known) != _weighs(facts):
            _write(session, actor, _receipts_of(session, facts), now=now, quiet=True)
    _write(session, actor, [case], now=now)
    return case.decision


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
            changed += _write(session, actor, cases, now=now, quiet=True)
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
        changed += _write(session, actor, cases, now=now, quiet=True)
    head = session.get_one(CountingHead, HEAD)
    record_values(session, actor, "counting.redecided", head, now=now, after={"changed": changed})
    return changed


# --- facts ---------------------------------------------------------------------------------------


def _weighs(facts: ProjectFacts) -> tuple[object, ...]:
    """What of a project its receipts' decisions depend on."""
    return facts.place, facts.kind, facts.accepted_on or facts.reported_on


def _keep_project(
    session: Session, facts: ProjectFacts, row: CountedProject | None, now: datetime
) -> None:
    if row is None:
        row = CountedProject(project_id=facts.project)
        session.add(row)
    _keep(row, facts, now)
    session.flush()


def _keep_receipt(session: Session, facts: ReceiptFacts, now: datetime) -> None:
    row = session.get(CountedReceipt, facts.receipt)
    if row is None:
        row = CountedReceipt(receipt_id=facts.receipt, project_id=facts.project)
        session.add(row)
    _keep(row, facts, now)
    session.flush()


def _keep(
    row: CountedProject | CountedReceipt, facts: ProjectFacts | ReceiptFacts, now: datetime
) -> None:
    told = to_json(facts)
    mark = fingerprint(told)
    if row.fingerprint != mark:
        row.facts, row.fingerprint, row.handed_at = told, mark, now


# --- cases ---------------------------------------------------------------------------------------


def _project_case(session: Session, facts: ProjectFacts) -> Case:
    decision = decide_start(facts, Hold.of(session).rules)
    mark = fingerprint(to_json(facts))
    return Case(Subject.PROJECT, facts.project, facts.project, facts.place, decision, mark)


def _receipt_case(session: Session, facts: ReceiptFacts, project: ProjectFacts) -> Case:
    now = Hold.of(session)
    decision = decide_receipt(facts, project, now.rules, now.books)
    mark = fingerprint([to_json(facts), to_json(project)])
    return Case(Subject.RECEIPT, facts.receipt, facts.project, project.place, decision, mark)


def _receipts_of(session: Session, project: ProjectFacts) -> list[Case]:
    lines = stored.receipts_of(session, project.project)
    return [_receipt_case(session, line, project) for line in lines]


# --- writing -------------------------------------------------------------------------------------


def _write(
    session: Session, actor: Actor, cases: list[Case], *, now: datetime, quiet: bool = False
) -> int:
    """Put down the decisions that differ, close and open what stands, move the sums.

    Args:
        quiet: leave no entry for each changed decision; the caller leaves one for all.
    """
    moves, changed = Moves(), 0
    for subject in Subject:
        some = {case.subject_id: case for case in cases if case.subject is subject}
        decisions = stored.decisions(session, subject, list(some))
        standings = stored.standings(session, subject, list(some))
        for number, case in some.items():
            row = decisions.get(number)
            if row is None or _differs(row, case):
                changed += 1
                _replace(session, actor, row, case, now=now, quiet=quiet)
            _move(session, standings.get(number, []), case, moves, now)
    session.flush()
    moves.write(session)
    return changed


SAID = (
    "verdict", "reason", "rules_of", "amount", "year", "stands_on", "month", "late",
    "terminated_later",
)  # fmt: skip


def _differs(row: DecisionRow, case: Case) -> bool:
    decision = case.decision
    return (
        any(getattr(row, name) != getattr(decision, name) for name in SAID)
        or row.owed != list(decision.owed)
        or row.looked_at != decision.looked_at
    )


def _replace(
    session: Session,
    actor: Actor,
    row: DecisionRow | None,
    case: Case,
    *,
    now: datetime,
    quiet: bool,
) -> None:
    decision = case.decision
    if row is not None:
        row.replaced_at = now
        session.flush()
    version = Hold.of(session).version(decision.rules_of)
    new = DecisionRow(
        subject=case.subject,
        subject_id=case.subject_id,
        project_id=case.project_id,
        decided_at=now,
        rule_set_id=version.id if version else None,
        owed=list(decision.owed),
        looked_at=dict(decision.looked_at),
        fingerprint=case.fingerprint,
        **{name: getattr(decision, name) for name in SAID},
    )
    session.add(new)
    said = None if row is None else (row.verdict, row.reason, row.year)
    if quiet or said == (new.verdict, new.reason, new.year):
        return
    session.flush()
    record_values(
        session,
        actor,
        f"{case.subject.value}.decided",
        new,
        now=now,
        on=("project", case.project_id),
        before={} if row is None else _told(row),
        after=_told(new),
    )


def _told(row: DecisionRow) -> dict[str, Any]:
    return {"verdict": row.verdict, "reason": row.reason, "year": row.year}


def _move(
    session: Session,
    rows: list[StandingRow],
    case: Case,
    moves: Moves,
    now: datetime,
) -> None:
    """Close the rows that no longer stand, open those that do now."""
    wanted = Counter((case.place, standing) for standing in case.decision.standings)
    for row in rows:
        held = stored.read(row)
        if wanted[held] > 0:
            wanted[held] -= 1
            continue
        row.known_until = now
        moves.add(*held, sign=-1)
    for (place, standing), times in wanted.items():
        for _ in range(times):
            session.add(_row(case, place, standing, now))
            moves.add(place, standing)


def _row(case: Case, place: Place, standing: Standing, now: datetime) -> StandingRow:
    return StandingRow(
        subject=case.subject,
        subject_id=case.subject_id,
        project_id=case.project_id,
        measure=standing.measure,
        day_from=standing.day_from,
        day_until=standing.day_until,
        amount=standing.amount,
        district_id=place.district,
        known_from=now,
        **{one.value: key_of(one, place, standing) for one in SPLIT},
    )
