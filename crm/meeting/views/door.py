"""The blueprint of the meeting, and from when a meeting looks back."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, request

from crm.core.request import here
from crm.funnel.rules.days import since_monday
from crm.meeting.queries.meetings import last

bp = Blueprint("meeting", __name__)


def since_of() -> date:
    """The evening asked for; else that of the last meeting, else the Sunday before the last Monday."""
    try:
        asked = date.fromisoformat(request.args.get("since", ""))
    except ValueError:
        asked = None
    if asked and date(2000, 1, 1) <= asked < here.today:
        return asked
    before = last(here.session, here.actor, here.today)
    return before.held_on if before else since_monday(here.today)
