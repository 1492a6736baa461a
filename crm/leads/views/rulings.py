"""What managers rule on: pairs of leads with one credit code."""

from __future__ import annotations

from flask import Blueprint, Response, url_for
from sqlalchemy.orm import Session

from crm.accounts.rules import Permission
from crm.claims.rules import Judgement
from crm.core.gate import allow
from crm.core.request import here, page, write
from crm.leads.forms.rulings import JudgementForm
from crm.leads.operations import twins as operations
from crm.leads.queries import twins as queries

bp = Blueprint("rulings", __name__, url_prefix="/rulings")


@bp.get("")
@allow(Permission.LEAD_WRITE_UNIT)
def index() -> Response:
    """What waits to be judged, and what was judged last."""
    return page(
        "leads/rulings/list.html",
        waiting=queries.open_cases(here.session, here.actor),
        judged=queries.judged_cases(here.session, here.actor),
    )


@bp.route("/twins/<id:case_id>", methods=["GET", "POST"])
@allow(Permission.LEAD_WRITE_UNIT)
def twins(case_id: int) -> Response:
    """Two leads side by side, and what they are to each other."""
    pair = queries.case(here.session, here.actor, case_id)
    form = JudgementForm(version=pair.case.version)

    def effect(session: Session) -> str:
        operations.judge(
            session, here.actor, case_id, Judgement(form.judgement.data),
            why=form.why.data or "", version=form.version_number, now=here.now,
        )  # fmt: skip
        return url_for(".index")

    if form.validate_on_submit() and (answer := write(form, effect, row=("twin_case", case_id))):
        return answer
    return page("leads/rulings/twins.html", form=form, pair=pair)
