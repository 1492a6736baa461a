"""Putting decisions down: those that differ, what stands of them, and the sums; a few statements for many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, insert, update
from sqlalchemy.orm import Session

from crm.audit.operations import record_values
from crm.core.actor import Actor
from crm.counting.models import DecisionRow, StandingRow, Subject
from crm.counting.operations.holding import Hold
from crm.counting.operations.sums import Moves
from crm.counting.queries import stored
from crm.counting.rules.decisions import Decision, Standing
from crm.counting.rules.dimensions import Dimension, key_of
from crm.counting.rules.facts import Place

SPLIT = tuple(one for one in Dimension if one is not Dimension.ALL)

_DECISIONS = cast(Table, DecisionRow.__table__)
_STANDINGS = cast(Table, StandingRow.__table__)
_REPLACE = (
    update(_DECISIONS)
    .where(_DECISIONS.c.id == bindparam("number"))
    .values(replaced_at=bindparam("at"))
)
_END = (
    update(_STANDINGS)
    .where(_STANDINGS.c.id == bindparam("number"))
    .values(known_until=bindparam("at"))
)


@dataclass(frozen=True)
class Case:
    """A subject with its decision: what is about to be written down."""

    subject: Subject
    subject_id: int
    project_id: int
    place: Place
    decision: Decision
    fingerprint: str


def write(
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

    Returns:
        how many answers changed.
    """
    moves, changed = Moves(), 0
    for subject in Subject:
        some = [case for case in cases if case.subject is subject]
        if not some:
            continue
        known = [case.subject_id for case in some if (subject, case.subject_id) not in fresh]
        decisions = stored.decisions(session, subject, known) if known else {}
        standings = stored.standings(session, subject, known) if known else {}
        _stand(session, some, standings, moves, now)
        differing = [
            (row, case) for case in some if _differs(row := decisions.get(case.subject_id), case)
        ]
        changed += len(differing)
        _replace(session, actor, differing, now=now, told=told)
    moves.write(session)
    return changed


SAID = (
    "verdict", "reason", "rules_of", "amount", "year", "stands_on", "month", "late",
    "terminated_later",
)  # fmt: skip


def _differs(row: Any, case: Case) -> bool:
    decision = case.decision
    return row is None or (
        any(getattr(row, name) != getattr(decision, name) for name in SAID)
        or row.owed != list(decision.owed)
        or row.looked_at != decision.looked_at
    )


def _replace(
    session: Session,
    actor: Actor,
    differing: Sequence[tuple[Any, Case]],
    *,
    now: datetime,
    told: bool,
) -> None:
    """Close the former decisions, then write the new ones: one stands at a time."""
    if not differing:
        return
    connection = session.connection()
    former = [{"number": row.id, "at": now} for row, _case in differing if row is not None]
    if former:
        connection.execute(_REPLACE, former)
    values = [_decision(session, case, now) for _row, case in differing]
    connection.execute(insert(_DECISIONS), values)
    if told and differing[0][1].subject is Subject.PROJECT:
        _tell(session, actor, differing, now)


def _tell(
    session: Session, actor: Actor, differing: Sequence[tuple[Any, Case]], now: datetime
) -> None:
    """An entry for each project whose answer is another one than before."""
    written = stored.decisions(
        session, Subject.PROJECT, [case.subject_id for _row, case in differing]
    )
    for row, case in differing:
        new = written[case.subject_id]
        before = {} if row is None else _told(row)
        if before != _told(new):
            record_values(
                session,
                actor,
                "project.decided",
                DecisionRow(id=new.id),
                now=now,
                on=("project", case.project_id),
                before=before,
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


def _told(row: Any) -> dict[str, Any]:
    return {"verdict": row.verdict, "reason": row.reason, "year": row.year}


def _stand(
    session: Session,
    cases: Sequence[Case],
    standings: dict[int, list[Any]],
    moves: Moves,
    now: datetime,
) -> None:
    """Close the rows that no longer stand, open those that do now."""
    ended: list[dict[str, Any]] = []
    opened: list[dict[str, Any]] = []
    for case in cases:
        wanted = Counter((case.place, standing) for standing in case.decision.standings)
        for row in standings.get(case.subject_id, ()):
            held = stored.read(row)
            if wanted[held] > 0:
                wanted[held] -= 1
                continue
            ended.append({"number": row.id, "at": now})
            moves.add(*held, sign=-1)
        for place, standing in wanted.elements():
            moves.add(place, standing)
            opened.append(_row(case, place, standing, now))
    connection = session.connection()
    if ended:
        connection.execute(_END, ended)
    if opened:
        connection.execute(insert(_STANDINGS), opened)


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
