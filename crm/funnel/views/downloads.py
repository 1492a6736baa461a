"""The tables of the funnel as workbooks; each download is noted in the audit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from flask import Response, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

import crm.files.operations
from crm.accounts.rules import Permission
from crm.core.downloads import send_made
from crm.core.gate import allow
from crm.core.request import here
from crm.core.workbooks import Sheet, made
from crm.funnel.queries.bridge import Turn, bridges
from crm.funnel.queries.rows import Row
from crm.funnel.queries.standing import picture
from crm.funnel.rules.bridge import Term
from crm.funnel.rules.days import since_monday
from crm.funnel.sheets import now as sheets
from crm.funnel.sheets import tables
from crm.funnel.sheets.words import label
from crm.funnel.views.bridge import behind_term, since_of
from crm.funnel.views.cohorts import run_of
from crm.funnel.views.door import Look, bp, day_of, look, paper
from crm.funnel.views.matrix import board
from crm.funnel.views.now import page_of, wanted_rows

MOST_ROWS = 20_000
AT_ONCE = 1_000


@bp.get("/funnel/download/<any(now, rows, matrix, cohorts, bridge, term):what>")
@allow(Permission.LEAD_READ)
def download(what: str) -> Response:
    """A table of the funnel with the page's own filter."""
    seen = look()
    sheet = SHEETS[what](seen)
    workbook = made(sheet, f"{sheet.title} {seen.on.isoformat()}")

    def note(session: Session) -> None:
        crm.files.operations.note_sheet(session, here.actor, sheet, now=here.now)

    return send_made(workbook, note)


def _now(seen: Look) -> Sheet:
    since = min(day_of(request.args.get("since")) or since_monday(seen.on), seen.on)
    found = picture(here.session, here.actor, seen.asked, since)
    amounts = [line.now.in_hand.amount for line in found.stages.values()]
    return sheets.of_day(paper(seen, amounts), found, since.isoformat())


def _rows(seen: Look) -> Sheet:
    wanted = wanted_rows(seen)
    rows: list[Row] = []
    mark = None
    while True:
        found = page_of(wanted, mark, None, AT_ONCE)
        rows += found.rows.rows
        mark = found.rows.after
        if mark is None or len(rows) >= MOST_ROWS:
            break
    told = paper(seen, [row.state.amount for row in rows], label(wanted.of))
    return sheets.leads(told, rows, found.folds, found.whole, cut=mark is not None)


def _matrix(seen: Look) -> Sheet:
    found = board(seen)
    amounts = [cell.in_hand.amount for cell in found.lines.values()]
    crossing = found.crossing
    return tables.crossed(
        paper(seen, amounts),
        (label(crossing.row), label(crossing.column)),
        (found.rows, found.columns),
        found.cells,
    )


def _cohorts(seen: Look) -> Sheet:
    told = run_of(seen)
    runs = [(str(one.period), one.cohort) for one in told.run]
    return tables.cohorts(paper(seen, [], label(told.span)), runs)


def _bridge(seen: Look) -> Sheet:
    since = since_of(seen)
    found = bridges(here.session, here.actor, seen.asked, since)
    told = paper(seen, [found.whole.opening.amount], _since(since))
    return tables.bridge(told, found)


def _term(seen: Look) -> Sheet:
    since, text = since_of(seen), request.args.get("term", "")
    term = Term(text) if text in list(Term) else Term.NEW
    rows: list[Turn] = []
    mark = None
    while True:
        found = behind_term(seen, since, term, mark, None, AT_ONCE)
        rows += found.rows.rows
        mark = found.rows.after
        if mark is None or len(rows) >= MOST_ROWS:
            break
    told = paper(seen, [row.after.amount for row in rows], label(term), _since(since))
    return tables.turns(told, rows, found.folds, found.whole, cut=mark is not None)


def _since(day: date) -> str:
    return str(_("since the evening of %(day)s", day=day.isoformat()))


SHEETS: dict[str, Callable[[Look], Sheet]] = {
    "now": _now,
    "rows": _rows,
    "matrix": _matrix,
    "cohorts": _cohorts,
    "bridge": _bridge,
    "term": _term,
}
"""Each table by the name that its address has."""
