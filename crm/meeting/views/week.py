"""The page that the meeting is run from; decisions; closing it."""

from __future__ import annotations

from flask import Response, flash, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from crm.accounts.queries import colleagues
from crm.accounts.rules import Permission
from crm.core.errors import Forbidden
from crm.core.forms import options
from crm.core.gate import allow
from crm.core.request import act, here, page, write
from crm.funnel.queries.rows import Of, Wanted, behind
from crm.funnel.queries.states import Asked
from crm.goals.labels import SPOKEN
from crm.goals.queries.board import board
from crm.goals.rules.look import Look
from crm.meeting import operations
from crm.meeting.forms import CloseForm, DecisionForm
from crm.meeting.models import FOREVER
from crm.meeting.queries import meetings as queries
from crm.meeting.queries.ahead import late_problems, met, promised
from crm.meeting.queries.figures import figures
from crm.meeting.rules import TERMS
from crm.meeting.views.door import bp, since_of

STUCK_SHOWN = 10


@bp.get("/meeting")
@allow(Permission.LEAD_WRITE_UNIT)
def index() -> Response:
    """What changed since the last one, what is stuck and ahead, the goals, what was decided."""
    return _week(DecisionForm(formdata=None), None)


@bp.post("/meeting/decisions")
@allow(Permission.LEAD_WRITE_UNIT)
def decide() -> Response:
    """Write a decision down."""
    form = _offered(DecisionForm())
    if form.validate_on_submit() and (due_on := form.due_on.data) is not None:

        def effect(session: Session) -> str:
            operations.decide(
                session,
                here.actor,
                text=form.text.data,
                owner_id=form.owner_id.data,
                due_on=due_on,
                now=here.now,
            )
            flash(_("The decision is written down; it waits with its owner."), "success")
            return url_for("meeting.index", _anchor="decisions")

        if answer := write(form, effect):
            return answer
    return _week(form, None)


@bp.post("/meeting/close")
@allow(Permission.LEAD_WRITE_UNIT)
def close() -> Response:
    """Close it: its figures stay as they are now."""
    form = CloseForm()
    if form.validate_on_submit() and (since := form.since.data) is not None:

        def effect(session: Session) -> str:
            row = operations.close(
                session, here.actor, since=since, note=form.note.data, now=here.now
            )
            flash(_("The meeting is closed. Its figures stay as they are now."), "success")
            return url_for("meeting.closed", meeting_id=row.id)

        if answer := write(form, effect):
            return answer
    return _week(DecisionForm(formdata=None), form)


@bp.post("/decisions/<id:decision_id>/done")
@allow(Permission.LEAD_WRITE)
def done(decision_id: int) -> Response:
    """A decision is carried out."""
    result = request.form.get("result", "").strip()[:300]

    def effect(session: Session) -> str:
        operations.carry_out(session, here.actor, decision_id, result=result, now=here.now)
        flash(_("The decision is carried out."), "success")
        managing = here.actor.may(Permission.LEAD_WRITE_UNIT)
        return url_for("meeting.index", _anchor="decisions") if managing else url_for("home.index")

    return act(effect)


def _offered(form: DecisionForm) -> DecisionForm:
    form.owner_id.offer(options(colleagues(here.session, here.actor)))
    return form


def _week(decision: DecisionForm, closing: CloseForm | None) -> Response:
    session, actor, today = here.session, here.actor, here.today
    if not queries.holds(actor):
        raise Forbidden
    since, look = since_of(), Look.read({}, today)
    decisions = queries.followed_since(session, actor, since, today)
    goals = board(session, actor, year=look.year, on=look.on, now=here.now)
    stuck = behind(session, actor, Wanted(Asked(today), Of.STUCK), size=STUCK_SHOWN)
    return page(
        "meeting/week.html",
        since=since,
        figures=figures(session, actor, since, today, late=stuck.whole),
        terms=TERMS,
        stuck=stuck,
        late=late_problems(session, actor, today),
        promised=promised(session, actor, today),
        met=met(session, actor, since, today),
        look=look,
        board=goals,
        waiting=[one for one in decisions if one.done_on == FOREVER],
        carried_out=[one for one in decisions if one.done_on != FOREVER],
        meetings=queries.meetings(session, actor),
        form=_offered(decision),
        closing=closing or CloseForm(formdata=None, data={"since": since}),
        **SPOKEN,
    )
