"""Closed meetings as they were, and in what today's figures differ."""

from __future__ import annotations

from flask import Response, request

from crm.accounts.rules import Permission
from crm.core.gate import allow
from crm.core.request import here, page
from crm.meeting.queries import meetings as queries
from crm.meeting.queries.figures import figures, leads, told_later
from crm.meeting.rules import OF_LEADS, Item, differences, thawed
from crm.meeting.views.door import bp


@bp.get("/meeting/<id:meeting_id>")
@allow(Permission.LEAD_WRITE_UNIT)
def closed(meeting_id: int) -> Response:
    """A closed meeting."""
    session, actor = here.session, here.actor
    row = queries.meeting(session, actor, meeting_id)
    then = thawed(row.figures)
    mine = row.unit_id == actor.unit_id
    now = figures(session, actor, row.since, row.held_on) if mine else then
    differing = differences(then, now)
    return page(
        "meeting/closed.html",
        meeting=row,
        figures=then,
        openable=[item for item in OF_LEADS if row.rows.get(item.value)],
        mine=mine,
        differing=differing,
        later=told_later(session, actor, row.held_on, row.closed_at) if differing else [],
    )


@bp.get("/meeting/<id:meeting_id>/leads")
@allow(Permission.LEAD_WRITE_UNIT)
def closed_leads(meeting_id: int) -> Response:
    """The leads that stood behind a figure when the meeting was closed."""
    row = queries.meeting(here.session, here.actor, meeting_id)
    text = request.args.get("item", "")
    item = Item(text) if text in list(OF_LEADS) else Item.NEW
    numbers = [int(number) for number in row.rows.get(item.value, [])]
    return page(
        "meeting/leads.html",
        meeting=row,
        item=item,
        numbers=numbers,
        rows=leads(here.session, here.actor, numbers),
    )
