"""Giving what is owed: a file, a number, or an archive number with its place. What was given stays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

import crm.files.operations
from crm.audit.operations import record
from crm.companies.models import Company
from crm.companies.operations.firms import CODE_FAULTS
from crm.companies.rules import code_fault, normal_code
from crm.core.actor import Actor
from crm.core.clock import day_of
from crm.core.errors import Missing, Refused
from crm.files.operations import Received
from crm.projects.models import Evidence, Owed, Project
from crm.projects.operations.handing import hand
from crm.projects.queries import scope
from crm.projects.rules.demands import CREDIT_CODE, DATED, DEMAND, WAYS, Way, settled
from crm.projects.rules.kinds import EvidenceKind


@dataclass(frozen=True)
class EvidenceDraft:
    """One paper: its kind, and a file, a number, or an archive number with where the original is."""

    kind: EvidenceKind
    file: Received | None = None
    number: str = ""
    kept_at: str = ""
    dated_on: date | None = None

    @property
    def way(self) -> Way | None:
        """What it is given as; None: nothing was given."""
        if self.file is not None:
            return Way.FILE
        if not self.number:
            return None
        return Way.ARCHIVE if self.kept_at else Way.NUMBER


def give(
    session: Session,
    actor: Actor,
    project_id: int,
    owed_id: int,
    draft: EvidenceDraft,
    *,
    now: datetime,
) -> bool:
    """Give a paper for a demand; whether the demand is settled by it.

    Raises:
        Refused: the paper does not belong to the demand, or cannot be given so.
    """
    scope.locked(session, actor, project_id)
    owed = session.scalar(
        select(Owed).where(Owed.id == owed_id, Owed.project_id == project_id).with_for_update()
    )
    if owed is None:
        raise Missing
    _add(session, actor, owed, draft, now)
    if _settle(session, actor, [owed], now):
        hand(session, actor, [project_id], now=now)
    return owed.settled_on is not None


def give_together(
    session: Session,
    actor: Actor,
    project_id: int,
    papers: Mapping[str, Sequence[EvidenceDraft]],
    *,
    now: datetime,
) -> bool:
    """Give what comes in one envelope: papers by the demand they are for; all of them or none.

    Returns:
        whether all these demands are settled.

    Raises:
        Missing: the project owes no such thing.
        Refused: as `give`, for any of them.
    """
    scope.locked(session, actor, project_id)
    query = select(Owed).where(Owed.project_id == project_id, Owed.demand.in_(list(papers)))
    rows = {row.demand: row for row in session.scalars(query.order_by(Owed.id).with_for_update())}
    if rows.keys() != papers.keys():
        raise Missing
    for demand, drafts in papers.items():
        for draft in drafts:
            _add(session, actor, rows[demand], draft, now)
    if _settle(session, actor, list(rows.values()), now):
        hand(session, actor, [project_id], now=now)
    return all(row.settled_on is not None for row in rows.values())


def _add(session: Session, actor: Actor, owed: Owed, draft: EvidenceDraft, now: datetime) -> None:
    number = _checked(owed, draft, day_of(now))
    subject = ("project", owed.project_id)
    attachment_id = None
    if draft.file is not None:
        attachment_id = crm.files.operations.attach(
            session,
            actor,
            draft.file.stored,
            draft.file.name,
            on=subject,
            now=now,
            kind=draft.kind.value,
        ).id
    row = Evidence(
        owed_id=owed.id,
        kind=draft.kind,
        attachment_id=attachment_id,
        number=number,
        kept_at=draft.kept_at,
        dated_on=draft.dated_on,
        given_on=day_of(now),
        given_by=actor.id or 0,
        recorded_at=now,
    )
    record(session, actor, "evidence.given", row, now=now, on=subject)


def _settle(session: Session, actor: Actor, rows: Sequence[Owed], now: datetime) -> bool:
    """Settle the demands of which one alternative is whole now; whether there was one."""
    given: dict[int, list[EvidenceKind]] = {row.id: [] for row in rows}
    query = select(Evidence.owed_id, Evidence.kind).where(Evidence.owed_id.in_(list(given)))
    for number, kind in session.execute(query):
        given[number].append(kind)
    whole = [
        row for row in rows if row.settled_on is None and settled(DEMAND[row.demand], given[row.id])
    ]
    for row in whole:
        row.settled_on = day_of(now)
        record(session, actor, "evidence.settled", row, now=now, on=("project", row.project_id))
    return bool(whole)


def settle_codes(session: Session, actor: Actor, company_id: int, *, now: datetime) -> list[int]:
    """Settle what its projects owe of the company's credit code, now that it is known.

    Where the signing party is the company itself; what was settled so stays. Returns the projects,
    whose facts the caller hands on.
    """
    waiting = session.scalars(
        select(Owed)
        .join(Owed.project)
        .join(Project.company)
        .where(
            Project.company_id == company_id,
            Owed.demand == CREDIT_CODE,
            Owed.settled_on.is_(None),
            Company.credit_code.is_not(None),
            Company.name == Project.signing_party,
        )
        .order_by(Owed.project_id)
        .with_for_update(of=Owed)
    ).all()
    for owed in waiting:
        owed.settled_on = day_of(now)
        record(session, actor, "evidence.settled", owed, now=now, on=("project", owed.project_id))
    return [owed.project_id for owed in waiting]


def _checked(owed: Owed, draft: EvidenceDraft, today: date) -> str:
    """The number, normalised where it is a credit code."""
    asked = frozenset[EvidenceKind]().union(*DEMAND[owed.demand].alternatives)
    if draft.kind not in asked:
        raise Refused(_("This paper does not belong here. Choose one of the list."), "kind")
    if draft.way is None:
        raise Refused(_("Choose a file, or enter the number."), "number")
    if draft.way not in WAYS[draft.kind]:
        if draft.way is Way.NUMBER and Way.ARCHIVE in WAYS[draft.kind]:
            raise Refused(_("Say where the original is kept."), "kept_at")
        raise Refused(_("This paper is given as a file."), "files")
    if draft.kind in DATED and draft.dated_on is None:
        raise Refused(_("Enter the day the photo was taken."), "dated_on")
    if draft.dated_on is not None and draft.dated_on > today:
        raise Refused(_("This day is still to come."), "dated_on")
    if draft.kind is EvidenceKind.CREDIT_CODE:
        return _code(draft.number)
    return draft.number


def _code(typed: str) -> str:
    code = normal_code(typed)
    if code and (fault := code_fault(code)):
        raise Refused(CODE_FAULTS[fault], "number")
    return code
