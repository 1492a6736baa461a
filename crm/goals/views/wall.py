"""驾驶舱: the board for a large screen; the page asks for itself again."""

from __future__ import annotations

from flask import Response

from crm.core.request import here, page
from crm.goals.labels import SPOKEN
from crm.goals.views.door import asked, bp, read_board, readers


@bp.get("/wall")
@readers
def wall() -> Response:
    """Both goals and the districts as tiles between them."""
    look = asked()
    return page("goals/wall.html", look=look, board=read_board(look), now=here.now, **SPOKEN)
