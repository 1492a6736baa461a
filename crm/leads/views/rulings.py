"""What managers rule on: pairs of leads with one credit code, contested first reports."""

from __future__ import annotations

from flask import Blueprint, Response, url_for
from sqlalchemy.orm import Session

from crm.accounts.rules import Permission
from crm.claims.rules import Judgement, Ruling
from crm.core.gate import allow
from crm.core.request import here, page, write
from crm.leads.forms.rulings import JudgementForm, RulingForm
from crm.leads.operations import protection as protections
from crm.leads.operations import twins as operations
from crm.leads.queries import protection as claims
from crm.leads.queries import twins as queries

bp = Blueprint("rulings", __name__, url_prefix="/rulings")


@bp.get("")
@allow(Permission.LEAD_WRITE_UNIT)
def index() -> Response:
    """What waits to be judged or ruled on, and what was lately."""
    session, actor = here.session, here.actor
    return page(
        "leads/rulings/list.html",
        waiting=queries.open_cases(session, actor),
        judged=queries.judged_cases(session, actor),
        disputes=claims.open_disputes(session, actor),
        ruled=claims.ruled_disputes(session, actor),
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


@bp.route("/contests/<id:contest_id>", methods=["GET", "POST"])
@allow(Permission.LEAD_WRITE_UNIT)
def contest(contest_id: int) -> Response:
    """A contested first report: who holds it, who claims it, and the ruling."""
    dispute = claims.dispute(here.session, here.actor, contest_id)
    form = RulingForm(version=dispute.contest.version)

    def effect(session: Session) -> str:
        protections.rule(
            session, here.actor, contest_id, Ruling(form.ruling.data),
            why=form.why.data or "", version=form.version_number, now=here.now,
        )  # fmt: skip
        return url_for(".index")

    if form.validate_on_submit() and (answer := write(form, effect, row=("contest", contest_id))):
        return answer
    return page("leads/rulings/contest.html", form=form, dispute=dispute)
