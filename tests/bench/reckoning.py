"""After the load: what the database holds against what people were told; nothing lost, nothing by half."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import BigInteger, cast, func, select
from sqlalchemy.orm import Session

from crm.activities.models import Activity
from crm.audit.queries import verify
from crm.core.once import FormKey
from crm.counting.models import (
    ALWAYS,
    CountedReceipt,
    DaySum,
    DecisionRow,
    StandingRow,
    Subject,
)
from crm.counting.queries.recounting import differences
from crm.counting.rules.decisions import Measure, Verdict
from crm.counting.rules.dimensions import Dimension
from crm.leads.models import Lead, LeadEvent
from crm.leads.rules.kinds import EventKind, Stage
from crm.ledger.models import Receipt, ReceiptStep
from crm.ledger.rules import Step
from tests.bench.visitors import Told


def reckon(session: Session, told: Iterable[Told]) -> list[str]:
    """Every disagreement, in words; empty if all is well."""
    by_kind: dict[str, list[Told]] = {}
    for one in told:
        by_kind.setdefault(one.kind, []).append(one)
    found = [*_sums(session), *_halves(session)]
    found += _reported(session, by_kind.get("report", []))
    found += _stepped(session, by_kind.get("review", []), Step.REVIEWED)
    found += _stepped(session, by_kind.get("confirm", []), Step.CONFIRMED)
    found += _logged(session, by_kind.get("log", []))
    found += _moved(session, by_kind.get("move", []))
    verdict = verify(session)
    return found + ([f"audit: {verdict.broken}"] if verdict.broken else [])


def counted(session: Session) -> tuple[int, int, int]:
    """The funds of all years three ways, in fen: by day sums, by rows, by decisions."""
    total = cast(func.coalesce(func.sum(DaySum.fen), 0), BigInteger)
    of_all = (
        DaySum.measure == Measure.FUNDS_COUNTED.value,
        DaySum.dimension == Dimension.ALL.value,
    )
    rows = cast(func.coalesce(func.sum(StandingRow.amount), 0), BigInteger)
    stands = (StandingRow.measure == Measure.FUNDS_COUNTED, StandingRow.known_until == ALWAYS)
    said = cast(func.coalesce(func.sum(DecisionRow.amount), 0), BigInteger)
    counts = (
        DecisionRow.subject == Subject.RECEIPT,
        DecisionRow.verdict == Verdict.COUNTS,
        DecisionRow.replaced_at == ALWAYS,
    )
    return (
        session.scalar(select(total).where(*of_all)) or 0,
        session.scalar(select(rows).where(*stands)) or 0,
        session.scalar(select(said).where(*counts)) or 0,
    )


def _sums(session: Session) -> Iterator[str]:
    for one in differences(session):
        yield f"a sum differs from its rows: {one}"
    if len(set(counted(session))) != 1:
        yield f"day sums, rows and decisions tell three figures: {counted(session)}"


def _halves(session: Session) -> Iterator[str]:
    """A receipt without its step, facts or decision; a form's key without its effect."""
    steps = select(ReceiptStep.receipt_id)
    facts = select(CountedReceipt.receipt_id)
    decided = select(DecisionRow.subject_id).where(
        DecisionRow.subject == Subject.RECEIPT, DecisionRow.replaced_at == ALWAYS
    )
    for what, there in (("step", steps), ("facts", facts), ("decision", decided)):
        for number in session.scalars(select(Receipt.id).where(Receipt.id.not_in(there))):
            yield f"receipt {number} has no {what}"
    for key in session.scalars(select(FormKey.key).where(FormKey.location == "")):
        yield f"the form {key} was taken and led nowhere"


def _reported(session: Session, told: list[Told]) -> Iterator[str]:
    """Each reported receipt once and with its amount; those cut off once or not at all."""
    query = select(Receipt.note, Receipt.amount).where(Receipt.note.like("load-%"))
    rows = session.execute(query).all()
    there = {note: amount.fen for note, amount in rows}
    if len(there) != len(rows):
        yield "a report was carried out twice"
    for one in told:
        if one.answered and there.get(one.mark) != one.fen:
            yield f"reported {one.fen} as {one.mark}, found {there.get(one.mark)}"
    known = {one.mark for one in told if one.answered is not False}
    yield from (f"{mark} was refused and is there" for mark in there.keys() - known)
    cut = {one.mark for one in told if one.answered is None}
    answered = sum(one.fen for one in told if one.answered)
    if answered != sum(fen for mark, fen in there.items() if mark not in cut):
        yield f"people were told {answered} fen, the rows say otherwise"


def _stepped(session: Session, told: list[Told], step: Step) -> Iterator[str]:
    """One step for everyone who was told so; never two of a kind on a receipt."""
    numbers = {int(one.mark) for one in told}
    query = select(ReceiptStep.receipt_id, func.count()).where(
        ReceiptStep.step == step, ReceiptStep.receipt_id.in_(numbers)
    )
    steps = {number: count for number, count in session.execute(query.group_by("receipt_id"))}  # noqa: C416
    yield from (f"receipt {one}: {step} {count} times" for one, count in steps.items() if count > 1)
    for one in told:
        if one.answered and int(one.mark) not in steps:
            yield f"receipt {one.mark} was {step}, and no step says so"
    answered = [one.mark for one in told if one.answered]
    if len(answered) != len(set(answered)):
        yield f"two people were told that they had {step} the same receipt"


def _logged(session: Session, told: list[Told]) -> Iterator[str]:
    query = select(Activity.said, func.count()).where(Activity.said.like("load-%"))
    there = {said: count for said, count in session.execute(query.group_by(Activity.said))}  # noqa: C416
    for one in told:
        count = there.get(one.mark, 0)
        if count > 1 or (one.answered is not None and count != one.answered):
            yield f"the follow-up {one.mark} is there {count} times, answered {one.answered}"


def _moved(session: Session, told: list[Told]) -> Iterator[str]:
    query = select(Lead.id, Lead.stage, func.count(LeadEvent.id)).outerjoin(
        LeadEvent, (LeadEvent.lead_id == Lead.id) & (LeadEvent.kind == EventKind.MOVED)
    )
    moves = {
        number: (stage is Stage.CONTACTED, count)
        for number, stage, count in session.execute(query.group_by(Lead.id, Lead.stage))
    }
    for one in told:
        state = moves[int(one.mark)]
        wanted = {True: {(True, 1)}, False: {(False, 0)}, None: {(True, 1), (False, 0)}}
        if state not in wanted[one.answered]:
            yield f"lead {one.mark}: moved and events {state}, answered {one.answered}"
