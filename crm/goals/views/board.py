"""目标: both goals, the way to them, the splits."""

from __future__ import annotations

from flask import Response

from crm.accounts.rules import Permission
from crm.core.request import here, page
from crm.counting.rules.dimensions import Dimension
from crm.counting.rules.goals import Number
from crm.goals.labels import SPOKEN
from crm.goals.queries.board import TrackState
from crm.goals.queries.districts import in_order
from crm.goals.queries.shares import assessed
from crm.goals.queries.splits import parts
from crm.goals.rules.look import TABS, Look
from crm.goals.rules.ranking import RankBy
from crm.goals.rules.tracks import Track
from crm.goals.views.charts import month_chart, month_rows
from crm.goals.views.door import asked, bp, read_board, readers, years


@bp.get("")
@readers
def index() -> Response:
    """The board as of a day."""
    look = asked()
    found = read_board(look)
    state = found.track(look.track)
    split = None
    if look.tab is not Dimension.ALL:
        split = parts(
            here.session, here.actor, look.track, look.tab,
            year=look.year, on=look.on, known=look.instant,
        )  # fmt: skip
    return page(
        "goals/board.html",
        look=look,
        board=found,
        state=state,
        districts=in_order(state.districts, look.by),
        split=split,
        assessed=_assessed(look, state),
        tabs_of=TABS,
        tracks=list(Track),
        orders=list(RankBy),
        years=years(look),
        charts=[(one, month_chart(found, one), month_rows(one)) for one in found.tracks],
        may_edit=here.actor.may(Permission.GOALS_EDIT),
        **SPOKEN,
    )


def _assessed(look: Look, state: TrackState) -> dict[int, Number] | None:
    """What each district has by the shares of projects; shares are known as of today alone."""
    if look.tab is not Dimension.ALL or look.known:
        return None
    done = {one.district.id: one.done for one in state.districts}
    return assessed(here.session, look.track, done, year=look.year, on=look.on)
