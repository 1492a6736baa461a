"""A meeting taken away: the workbook and the minutes; each noted in the audit."""

from __future__ import annotations

from flask import Response
from flask_babel import gettext as _
from sqlalchemy.orm import Session

import crm.files.operations
from crm.accounts.rules import Permission
from crm.core.downloads import send_made
from crm.core.gate import allow
from crm.core.languages import chosen
from crm.core.request import here
from crm.core.workbooks import Made, made
from crm.ledger.sheets.statistics import Paper
from crm.meeting.models import Meeting
from crm.meeting.queries import meetings as queries
from crm.meeting.queries.ahead import promised
from crm.meeting.queries.figures import figures
from crm.meeting.rules import thawed
from crm.meeting.sheets.minutes import minutes
from crm.meeting.sheets.week import week
from crm.meeting.views.door import bp, since_of
from crm.values.money import Unit


@bp.get("/meeting/download/<any(xlsx, docx):form>")
@allow(Permission.LEAD_WRITE_UNIT)
def download(form: str) -> Response:
    """The page as it stands now."""
    return _sent(form, None)


@bp.get("/meeting/<id:meeting_id>/download/<any(xlsx, docx):form>")
@allow(Permission.LEAD_WRITE_UNIT)
def download_closed(meeting_id: int, form: str) -> Response:
    """A closed meeting as it was."""
    return _sent(form, queries.meeting(here.session, here.actor, meeting_id))


def _sent(form: str, closed: Meeting | None) -> Response:
    session, actor, today = here.session, here.actor, here.today
    since, on = (closed.since, closed.held_on) if closed else (since_of(), today)
    told = thawed(closed.figures) if closed else figures(session, actor, since, on)
    decisions = queries.waiting(session, actor, on)
    title, span = _("Weekly meeting"), _("from the evening of %(day)s", day=since.isoformat())
    words = f"{span} · {on.isoformat()}"
    answer: Made
    if form == "docx":
        ahead = promised(session, actor, on)
        note = closed.note if closed else ""
        answer = minutes(title, words, told, ahead, decisions, note, on)
    else:
        paper = Paper(words, here.now, Unit.YI, chosen())
        answer = made(week(paper, told, decisions), f"{title} {on.isoformat()}")

    def noted(session: Session) -> None:
        crm.files.operations.note_table(
            session, here.actor, name=title, conditions=words, rows=len(told), now=here.now
        )

    return send_made(answer, noted)
