"""The tables of the statistics as workbooks; each download is noted in the audit."""

from __future__ import annotations

from typing import Any

from flask import Response, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

import crm.files.operations
from crm.catalog.queries import name_in
from crm.core.downloads import send_made
from crm.core.errors import Missing
from crm.core.gate import open_to_signed_in
from crm.core.languages import chosen
from crm.core.request import here
from crm.core.workbooks import Sheet, made
from crm.counting.rules.dimensions import Dimension
from crm.ledger.queries import statistics
from crm.ledger.queries.parts import names
from crm.ledger.queries.rows import Figure, Line, behind
from crm.ledger.queries.statistics_parts import table
from crm.ledger.queries.statistics_projects import ProjectLine, projects
from crm.ledger.sheets import statistics as sheets
from crm.ledger.sheets.statistics import Paper
from crm.ledger.views.asking import Asked, asked, figure, month_of, order
from crm.ledger.views.statistics import TABS, bp
from crm.values.money import Money, Unit

MOST_ROWS = 20_000
AT_ONCE = 1_000


@bp.get("/funds/download/<any(months, parts, projects, rows):what>")
@open_to_signed_in
def download(what: str) -> Response:
    """A table of the page with the page's own filter."""
    look = asked()
    sheet = {"months": _months, "parts": _parts, "projects": _projects, "rows": _rows}[what](look)
    workbook = made(sheet, f"{sheet.title} {look.frame.on.isoformat()}")

    def note(session: Session) -> None:
        crm.files.operations.note_sheet(session, here.actor, sheet, now=here.now)

    return send_made(workbook, note)


def _months(look: Asked) -> Sheet:
    lines = statistics.months(here.session, look.frame, at=here.now)
    return sheets.by_month(_paper(look, [line.base.amount for line in lines]), lines)


def _parts(look: Asked) -> Sheet:
    if look.dimension is None:
        raise Missing
    found = table(here.session, here.actor, look.frame, look.dimension, at=here.now)
    paper = _paper(look, [line.total.amount for line in found.lines])
    return sheets.by_part(paper, str(TABS[look.by]), found)


def _projects(look: Asked) -> Sheet:
    lines: list[ProjectLine] = []
    mark = None
    while True:
        found = projects(here.session, here.actor, look.frame, after=mark, size=AT_ONCE)
        lines += found.lines.rows
        mark = found.lines.after
        if mark is None or len(lines) >= MOST_ROWS:
            break
    paper = _paper(look, [line.total.amount for line in lines])
    return sheets.by_project(paper, lines, found.folds, found.whole)


def _rows(look: Asked) -> Sheet:
    wanted = figure(look, request.args)
    lines: list[Line] = []
    mark = None
    while True:
        found = behind(
            *(here.session, here.actor, wanted),
            order=order(request.args),
            after=mark,
            size=AT_ONCE,
        )
        lines += found.lines.rows
        mark = found.lines.after
        if mark is None or len(lines) >= MOST_ROWS:
            break
    paper = _paper(look, [line.standing.amount for line in lines], _of_rows(look, wanted))
    title = str(sheets.label(wanted.measure))
    return sheets.rows(paper, title, lines, found.folds, found.whole, cut=mark is not None)


def _paper(look: Asked, amounts: list[Money | None], more: list[Any] | None = None) -> Paper:
    """The filter in words; 亿元 where the largest amount is one, else 万元."""
    large = any(abs(one.fen) >= Unit.YI.fen for one in amounts if one)
    where = name_in(look.district, chosen()) if look.district else _("Whole city")
    told = [_("%(year)s up to %(day)s", year=look.frame.year, day=look.frame.on), where]
    return Paper(
        " · ".join(str(one) for one in [*told, *(more or [])]),
        here.now,
        Unit.YI if large else Unit.WAN,
        chosen(),
    )


def _of_rows(look: Asked, wanted: Figure) -> list[Any]:
    """The month and the part, in words."""
    told: list[Any] = []
    if month := month_of(look, request.args):
        told.append(_("Month %(num)s of %(year)s", num=month.month, year=month.year))
    elif request.args.get("years"):
        told.append(_("all years up to %(day)s", day=wanted.on))
    if wanted.key is not None and wanted.dimension is not Dimension.ALL:
        of = names(here.session, wanted.dimension, [wanted.key]).get(wanted.key)
        part = sheets.part_text(of, wanted.key, chosen())
        told.append(f"{TABS[look.by]}: {part}")
    return told
