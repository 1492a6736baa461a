"""What was handed over, decided and stands, by number; for deciding anew and for saying why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from crm.counting.models import (
    ALWAYS,
    CountedProject,
    CountedReceipt,
    DecisionRow,
    StandingRow,
    Subject,
)
from crm.counting.rules.decisions import Standing
from crm.counting.rules.facts import Place, ProjectFacts, ReceiptFacts
from crm.counting.rules.plain import from_json

CHUNK = 500


def project(session: Session, project_id: int) -> ProjectFacts:
    """A project's facts. LookupError where they were never handed over."""
    row = session.get(CountedProject, project_id)
    if row is None:
        raise LookupError(f"the facts of project {project_id} were never handed over")
    return from_json(ProjectFacts, row.facts)


def projects(session: Session, numbers: Collection[int]) -> list[ProjectFacts]:
    """The facts of some projects."""
    rows = session.scalars(select(CountedProject).where(CountedProject.project_id.in_(numbers)))
    return [from_json(ProjectFacts, row.facts) for row in rows]


def receipts(session: Session, numbers: Collection[int]) -> list[ReceiptFacts]:
    """The facts of some receipts."""
    rows = session.scalars(select(CountedReceipt).where(CountedReceipt.receipt_id.in_(numbers)))
    return [from_json(ReceiptFacts, row.facts) for row in rows]


def receipts_of(session: Session, project_ids: Collection[int]) -> list[ReceiptFacts]:
    """The facts of some projects' receipts."""
    rows = session.scalars(
        select(CountedReceipt)
        .where(CountedReceipt.project_id.in_(project_ids))
        .order_by(CountedReceipt.receipt_id)
    )
    return [from_json(ReceiptFacts, row.facts) for row in rows]


def chunks(session: Session, column: Any) -> Iterator[list[int]]:
    """All numbers of a column in order, some hundred at a time."""
    last = -1
    while numbers := list(
        session.scalars(select(column).where(column > last).order_by(column).limit(CHUNK))
    ):
        yield numbers
        last = numbers[-1]


def decisions(
    session: Session, subject: Subject, numbers: Collection[int]
) -> dict[int, DecisionRow]:
    """Today's decisions on some subjects."""
    rows = session.scalars(
        select(DecisionRow).where(
            DecisionRow.subject == subject,
            DecisionRow.subject_id.in_(numbers),
            DecisionRow.replaced_at == ALWAYS,
        )
    )
    return {row.subject_id: row for row in rows}


def decision(session: Session, subject: Subject, number: int) -> DecisionRow | None:
    """Today's decision on one subject, with the version of the rules that first answered so; or None."""
    query = select(DecisionRow).options(joinedload(DecisionRow.rule_set))
    return session.scalar(
        query.where(
            DecisionRow.subject == subject,
            DecisionRow.subject_id == number,
            DecisionRow.replaced_at == ALWAYS,
        )
    )


def decided_before(session: Session, subject: Subject, number: int) -> list[DecisionRow]:
    """Every decision there was on a subject, latest first."""
    query = select(DecisionRow).options(joinedload(DecisionRow.rule_set))
    return list(
        session.scalars(
            query.where(DecisionRow.subject == subject, DecisionRow.subject_id == number).order_by(
                DecisionRow.id.desc()
            )
        )
    )


def decided_at(session: Session, moment: datetime) -> int:
    """How many answers were written down at an instant."""
    query = select(func.count()).where(DecisionRow.decided_at == moment)
    return session.scalar(query) or 0


def standings(
    session: Session, subject: Subject, numbers: Collection[int]
) -> dict[int, list[StandingRow]]:
    """What stands of some subjects, as known today."""
    found: dict[int, list[StandingRow]] = defaultdict(list)
    rows = session.scalars(
        select(StandingRow).where(
            StandingRow.subject == subject,
            StandingRow.subject_id.in_(numbers),
            StandingRow.known_until == ALWAYS,
        )
    )
    for row in rows:
        found[row.subject_id].append(row)
    return dict(found)


def read(row: StandingRow) -> tuple[Place, Standing]:
    """A row as the rules know it."""

    def number(key: str) -> int | None:
        return int(key) if key else None

    place = Place(
        row.district_id,
        number(row.cluster),
        number(row.chain),
        number(row.node),
        row.position,
        number(row.model),
        row.anchor,
    )
    standing = Standing(
        row.measure, row.day_from, row.amount, row.day_until, row.origin, row.cohort
    )
    return place, standing
