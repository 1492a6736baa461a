"""What waits: receipts to review, to confirm, to correct; several reviewed or confirmed together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, flash, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from crm.accounts.rules import Permission
from crm.core.errors import Refused
from crm.core.forms import row_number
from crm.core.gate import allow
from crm.core.paging import Sort, turn
from crm.core.request import act, here, page
from crm.ledger.models import Receipt
from crm.ledger.operations import judging
from crm.ledger.queries import funds, lines
from crm.ledger.queries.lines import Queue
from crm.ledger.views.door import bp
from crm.ledger.views.looking import looked_at, queue_asked

OLDEST_FIRST = Sort(Receipt.reported_at, Receipt.id)  # type: ignore[arg-type]


@bp.get("/receipts")
@allow(Permission.FUNDS_REPORT)
def index() -> Response:
    """The queues, each with its count and sum; one of them open, the oldest first, one receipt looked at."""
    session, actor = here.session, here.actor
    sums = {
        queue: told for queue, told in lines.sums(session, actor).items() if lines.his(actor, queue)
    }
    busiest = next((queue for queue in sums if sums[queue].count), Queue.CORRECT)
    queue = queue_asked() or busiest
    found = turn(
        session,
        lines.waiting(actor, queue),
        OLDEST_FIRST,
        after=request.args.get("after"),
        before=request.args.get("before"),
    )
    rows = [funds.line(row, None, here.today) for row in found.rows]
    wanted = row_number(request.args.get("at", ""))
    at = next((row.id for row in found.rows if row.id == wanted), None)
    at = at or next((row.id for row in found.rows), None)
    look = None if at is None else looked_at(lines.receipt(session, actor, at), queue)
    return page("ledger/queue.html", queue=queue, queues=sums, found=found, rows=rows, look=look)


@bp.get("/receipts/<id:receipt_id>/look")
@allow(Permission.FUNDS_REPORT)
def look(receipt_id: int) -> Response:
    """A receipt as it stands beside the list of its queue."""
    found = lines.receipt(here.session, here.actor, receipt_id)
    return page("ledger/look.html", look=looked_at(found, queue_asked() or Queue.REVIEW))


@bp.post("/receipts/review")
@allow(Permission.FUNDS_REVIEW)
def review_several() -> Response:
    """Review those that were ticked: all of them or none."""
    return _together(judging.review_several, Queue.REVIEW)


@bp.post("/receipts/confirm")
@allow(Permission.FUNDS_CONFIRM)
def confirm_several() -> Response:
    """Confirm those that were ticked: all of them or none; changed ones are named."""
    return _together(judging.confirm_several, Queue.CONFIRM)


def _together(operation: Callable[..., list[Receipt]], queue: Queue) -> Response:
    looked_at: dict[int, int] = {}
    for word in request.form.getlist("chosen"):
        number, _colon, version = word.partition(":")
        if (known := row_number(number)) is not None:
            looked_at[known] = row_number(version) or 0  # no version was looked at: none fits

    def effect(session: Session) -> str:
        if not looked_at:
            raise Refused(_("Tick the receipts first."))
        rows = operation(session, here.actor, looked_at, now=here.now)
        done: Any = ngettext("%(num)d receipt is done.", "%(num)d receipts are done.", len(rows))
        flash(done, "success")
        return url_for(".index", queue=queue.value)

    return act(effect)
