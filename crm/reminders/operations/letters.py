"""Writing composed letters down: the outbox, and which lines stood in them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from flask_babel import gettext as _
from sqlalchemy import Table, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from crm.accounts.models import Person
from crm.accounts.rules import Permission
from crm.audit.operations import record_values
from crm.core.actor import Actor
from crm.core.errors import Forbidden, Refused
from crm.notices.models import Letter
from crm.notices.operations.outbox import MESSAGE_ID_HOST, LetterDraft, put_out
from crm.notices.rules import LetterKind, LetterState
from crm.reminders.models import LetterLine
from crm.reminders.rules.parts import Key

JOB = "letters"
"""The job under which its runs stand, followed by the kind."""


@dataclass(frozen=True)
class Composed:
    """A letter ready to go, and the lines of a weekly one with the weeks that they have stood there."""

    draft: LetterDraft
    lines: Mapping[Key, int]


def put_out_composed(
    session: Session,
    actor: Actor,
    letters: Sequence[Composed],
    *,
    host: str = MESSAGE_ID_HOST,
    now: datetime,
) -> int:
    """Put letters of one kind and slot out, each at most once, and note their lines; how many are new."""
    kind, slot = letters[0].draft.kind, letters[0].draft.slot
    new = put_out(
        session,
        actor,
        f"{JOB}.{kind}",
        slot,
        [one.draft for one in letters],
        now=now,
        host=host,
    )
    if kind is LetterKind.WEEKLY:
        _note_lines(session, slot, letters)
    return new


def _note_lines(session: Session, week: str, letters: Collection[Composed]) -> None:
    """The week's lines: written again by another scheduler they say the same."""
    rows: list[dict[str, Any]] = [
        {
            "person_id": person,
            "source": source,
            "subject_id": number,
            "part": part,
            "kind": kind,
            "week": week,
            "weeks": weeks,
        }
        for one in letters
        for (person, source, number, part, kind), weeks in one.lines.items()
    ]
    if not rows:
        return
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(cast(Table, LetterLine.__table__))
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["person_id", "source", "subject_id", "part", "kind"],
            set_={"week": statement.excluded.week, "weeks": statement.excluded.weeks},
        ),
        rows,
    )


def send_now(
    session: Session,
    actor: Actor,
    composed: Composed,
    *,
    host: str = MESSAGE_ID_HOST,
    now: datetime,
) -> Letter:
    """Send one person's letter of this week at once; a skipped one takes the words it would have now.

    Raises:
        Refused: he has this week's letter already; the mail log sends it again, for a reason.
    """
    if not actor.may(Permission.MAIL_MANAGE):
        raise Forbidden
    draft = composed.draft
    row = session.scalar(
        select(Letter)
        .where(
            Letter.person_id == draft.person_id,
            Letter.kind == draft.kind,
            Letter.slot == draft.slot,
        )
        .with_for_update()
    )
    if row is None:
        put_out_composed(session, actor, [composed], host=host, now=now)
        return session.scalars(
            select(Letter).where(
                Letter.person_id == draft.person_id,
                Letter.kind == draft.kind,
                Letter.slot == draft.slot,
            )
        ).one()
    if row.state is not LetterState.SKIPPED:
        raise Refused(_("This week's letter is there already; send it again from the mail log."))
    row.address, row.subject = draft.address, draft.subject
    row.text, row.html = draft.text, draft.html
    row.state, row.answer, row.next_try_at = LetterState.WAITING, "", now
    row.version += 1
    session.flush()
    record_values(session, actor, "letter.sent_now", row, now=now, after={"slot": row.slot})
    _note_lines(session, draft.slot, [composed])
    return row


def send_test(
    session: Session,
    actor: Actor,
    draft: LetterDraft,
    *,
    host: str = MESSAGE_ID_HOST,
    now: datetime,
) -> int:
    """A test letter to the administrator himself.

    Raises:
        Refused: he has no address.
    """
    if not actor.may(Permission.MAIL_MANAGE):
        raise Forbidden
    if not draft.address:
        raise Refused(_("You have no mail address. Enter one under People first."))
    return put_out(session, actor, f"{JOB}.{draft.kind}", draft.slot, [draft], now=now, host=host)


def note_preview(session: Session, actor: Actor, person: Person, *, now: datetime) -> None:
    """Somebody's letter was looked at by an administrator: that stands on the person's trail."""
    if not actor.may(Permission.MAIL_MANAGE):
        raise Forbidden
    record_values(session, actor, "letter.previewed", person, now=now)
