"""Two dimensions crossed, model × position by default; and how far the anchors are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Response, request

from crm.accounts.rules import Permission
from crm.core.gate import allow
from crm.core.request import here, page
from crm.funnel.queries.anchors import anchors
from crm.funnel.queries.matrix import Crossing, cells
from crm.funnel.queries.names import parts
from crm.funnel.queries.projects import Counted, projects
from crm.funnel.rules.days import quartiles
from crm.funnel.rules.dimensions import Dimension, Key, dimension_of, key_text
from crm.funnel.rules.heat import Cells, Show, columns_of, rows_of, shades, whole_of
from crm.funnel.views.door import Look, bp, chips, day_of, frame, look
from crm.values.period import Year


@dataclass(frozen=True)
class Board:
    """A crossing as the page shows it.

    Attributes:
        rows, columns: the parts with anything in them, each with what it stands for.
    """

    crossing: Crossing
    cells: Cells
    rows: dict[Key, Any]
    columns: dict[Key, Any]

    @property
    def lines(self) -> dict[Key, Any]:
        """The whole of each row."""
        return rows_of(self.cells)

    @property
    def sums(self) -> dict[Key, Any]:
        """The whole of each column."""
        return columns_of(self.cells)

    @property
    def whole(self) -> Any:
        """All of it."""
        return whole_of(self.cells)

    def place(self, row: Key, column: Key) -> dict[str, str]:
        """A cell as an address names it."""
        return {
            self.crossing.row.value: key_text(row),
            self.crossing.column.value: key_text(column),
        }

    def row_place(self, row: Key) -> dict[str, str]:
        """A whole row as an address names it."""
        return {self.crossing.row.value: key_text(row)}

    def column_place(self, column: Key) -> dict[str, str]:
        """A whole column likewise."""
        return {self.crossing.column.value: key_text(column)}


@bp.get("/funnel/matrix")
@allow(Permission.LEAD_READ)
def matrix() -> Response:
    """The heat table of any two dimensions."""
    seen = look()
    text = request.args.get("show", "")
    show = Show(text) if text in list(Show) else Show.COUNT
    found = board(seen)
    return page(
        "funnel/matrix.html",
        **frame(seen),
        board=found,
        show=show,
        shows=list(Show),
        shade=shades(found.cells, show),
        dimensions=list(Dimension),
        quartiles=quartiles,
        anchors=anchors(here.session, here.actor, seen.asked),
    )


@bp.get("/funnel/counted")
@allow(Permission.LEAD_READ)
def counted() -> Response:
    """The projects behind a cell's starts or money that count."""
    seen = look()
    text = request.args.get("what", "")
    what = Counted(text) if text in list(Counted) else Counted.STARTS
    marks = request.args.get("after"), request.args.get("before")
    return page(
        "funnel/counted.html",
        look=seen,
        what=what,
        year=seen.on.year,
        chips=chips(seen.asked),
        found=projects(here.session, here.actor, seen.asked, what, after=marks[0], before=marks[1]),
    )


def board(seen: Look) -> Board:
    """What the address crosses: a period of conversion from the year's first day, or as asked."""
    args = request.args
    row = dimension_of(args.get("row"), Dimension.MODEL)
    column = dimension_of(args.get("column"), Dimension.POSITION)
    if row is column:
        column = Dimension.POSITION if row is not Dimension.POSITION else Dimension.MODEL
    crossing = Crossing(seen.asked, row, column, first_day(seen))
    found = cells(here.session, here.actor, crossing)
    of_rows = parts(here.session, row, {place[0] for place in found})
    of_columns = parts(here.session, column, {place[1] for place in found})
    return Board(crossing, found, of_rows, of_columns)


def first_day(seen: Look) -> date:
    """The first day of the period asked for; by default a year back, so that January too says something."""
    asked = day_of(request.args.get("from"))
    last_year = Year.of(seen.on).previous()
    day = min(seen.on.day, 28) if seen.on.month == 2 else seen.on.day
    default = seen.on.replace(year=last_year.year, day=day)
    return min(asked or default, seen.on)
