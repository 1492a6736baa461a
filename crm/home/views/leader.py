"""The leader's pages: both goals with districts and what is stuck; the pipeline beside them."""

from __future__ import annotations

from flask import Response

from crm.accounts.rules import Permission
from crm.agenda.queries.matters import at
from crm.core.gate import allow
from crm.core.request import here, page
from crm.goals.labels import SPOKEN
from crm.goals.queries.board import Board, board
from crm.goals.queries.districts import in_order
from crm.goals.rules.look import Look
from crm.goals.rules.ranking import RankBy
from crm.home.queries.overview import overview
from crm.home.queries.stuck import stuck
from crm.home.views.door import bp


def this_year() -> tuple[Look, Board]:
    """Both goals of this year as of today, as known today."""
    look = Look.read({}, here.today)
    return look, board(here.session, here.actor, year=look.year, on=look.on, now=here.now)


def leader() -> Response:
    """首页: how far, how fast, who is behind, what is stuck; one screen."""
    look, found = this_year()
    split = any(one.progress for one in found.starts.districts)
    by = RankBy.GAP if split else RankBy.AMOUNT
    return page(
        "home/leader.html",
        look=look,
        board=found,
        by=by,
        ranked=in_order(found.starts.districts, by),
        stuck=stuck(here.session, here.actor, at(here.session, here.today)),
        **SPOKEN,
    )


@bp.get("/pipeline")
@allow(Permission.LEAD_READ)
def pipeline() -> Response:
    """Leads in hand by stage, model and position, what was signed, what is owed."""
    return page("home/pipeline.html", overview=overview(here.session, here.actor, here.today))
