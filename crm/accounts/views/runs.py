"""What runs in the background: the administrator's list, and the part of a page that shows one run."""

from __future__ import annotations

from flask import Blueprint, Response, flash, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from crm.accounts.labels import RUNS
from crm.accounts.rules import Permission
from crm.audit.operations import record_values
from crm.core import runs
from crm.core.errors import Missing
from crm.core.gate import allow, open_to_signed_in
from crm.core.paging import Sort, turn
from crm.core.request import act, here, page, progress
from crm.core.runs import BackgroundRun, RunState

bp = Blueprint("runs", __name__)


@bp.get("/runs")
@allow(Permission.SETTINGS_EDIT)
def index() -> Response:
    """Every run, newest first: what, for whom, how far, why it failed."""
    wanted = request.args.get("state", "")
    state = RunState(wanted) if wanted in set(RunState) else None
    newest_first = Sort(BackgroundRun.id.expression, BackgroundRun.id.expression, descending=True)
    rows = turn(
        here.session,
        runs.all_runs(state),
        newest_first,
        after=request.args.get("after"),
        before=request.args.get("before"),
    )
    return page("accounts/runs.html", rows=rows, state=state, states=list(RunState), kinds=RUNS)


@bp.get("/runs/<id:run_id>/progress")
@open_to_signed_in
def show(run_id: int) -> Response:
    """How far a run is, for whoever asked for it and for the administrator."""
    run = runs.get(here.session, run_id)
    if run.actor_id != here.actor.id and not here.actor.may(Permission.SETTINGS_EDIT):
        raise Missing
    return progress(run)


@bp.post("/runs/<id:run_id>/cancel")
@allow(Permission.SETTINGS_EDIT)
def cancel(run_id: int) -> Response:
    """Stop a run that waits or is under way."""

    def effect(session: Session) -> str:
        row = runs.cancel(session, run_id, here.now)
        record_values(
            session, here.actor, "run.cancelled", row, now=here.now, after={"kind": row.kind}
        )
        flash(_("The task is cancelled; what it had not finished is undone."), "success")
        return url_for("runs.index")

    return act(effect)
