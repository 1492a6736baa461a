"""上年公布数: last year's published figures, entered one by one or read from a workbook."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from crm.accounts.queries import at_bureau
from crm.accounts.rules import Permission
from crm.core.errors import Refused
from crm.core.forms import row_number
from crm.core.gate import allow, open_to_signed_in
from crm.core.languages import chosen
from crm.core.request import here, page, write
from crm.core.sheets import Unreadable, read
from crm.files.rules import ending, file_name
from crm.ledger.forms.base import BaseForm, ImportForm, RowsForm
from crm.ledger.models import PublishedFunds
from crm.ledger.operations import published as operations
from crm.ledger.queries import published as queries
from crm.ledger.sheets.base import MOST_ROWS, Row, Unsaid, rows_of
from crm.ledger.sheets.judging import Judged, judged, place_options, places
from crm.values.money import Amount, Unit

bp = Blueprint("base", __name__)

YEARS_BACK = 6
"""How far back figures of earlier years are entered."""


@bp.get("/funds/base")
@open_to_signed_in
def index() -> Response:
    """What was published of a year, by district and month, each with its source."""
    year = _year(request.args.get("year", ""))
    rows = queries.published(here.session, year)
    return page(
        "ledger/base.html",
        year=year,
        years=_years(),
        places=places(here.session),
        told={(row.district_id, row.month): row for row in rows},
        sources=sorted({row.source for row in rows}),
        may_enter=_may(here.session),
    )


@bp.route("/funds/base/enter", methods=["GET", "POST"])
@allow(Permission.FUNDS_BASE)
def enter() -> Response:
    """One figure; a month and district that stand there already are replaced."""
    known = _known(here.session)
    form = BaseForm(data=_filled(known))
    form.offer(_years(), place_options(here.session, chosen()))
    if form.validate_on_submit():

        def effect(session: Session) -> str:
            told = form.told()
            operations.enter_several(session, here.actor, [told], now=here.now)
            flash(_("The figure is entered."), "success")
            return url_for(".index", year=told.year)

        row = ("published_funds", known.id) if known else None
        if answer := write(form, effect, row=row):
            return answer
    return page("ledger/base_enter.html", form=form, known=known)


@bp.route("/funds/base/import", methods=["GET", "POST"])
@allow(Permission.FUNDS_BASE)
def upload() -> Response:
    """A workbook or CSV: read apart from the application, then looked at row by row before it is saved."""
    form = ImportForm(year=str(_year(request.args.get("year", ""))), unit=Unit.YI.name)
    form.offer(_years())
    if form.validate_on_submit():
        try:
            found = _read(form)
        except (Refused, Unreadable) as no:
            form.refuse(_as_refusal(no))
        else:
            return _preview(RowsForm(formdata=None), _judged(found), status=202)
    return page("ledger/base_import.html", form=form)


@bp.post("/funds/base/import/rows")
@allow(Permission.FUNDS_BASE)
def save() -> Response:
    """Save the rows of a preview: those that are right, or all or none; what is wrong stays to be mended."""
    form, lines = RowsForm(), _judged(_sent())
    wrong = [line for line in lines if line.wrong]
    right = [line.told for line in lines if line.told is not None and not line.wrong]
    only_look = request.form.get("mode") not in {"all", "right"}
    all_or_none = request.form.get("mode") == "all" and wrong
    if not form.validate_on_submit() or only_look or all_or_none or not right:
        return _preview(form, lines, status=422 if wrong and not only_look else 202)

    def effect(session: Session) -> str:
        operations.enter_several(session, here.actor, right, now=here.now)
        count = len(right)
        flash(ngettext("%(num)d figure saved.", "%(num)d figures saved.", count), "success")
        return url_for(".index", year=right[0].year)

    answer = write(form, effect)
    if answer is None or not wrong:
        return answer or _preview(form, lines, status=422)
    return _preview(RowsForm(formdata=None), wrong, status=202)


# --- rows ----------------------------------------------------------------------------------------


def _judged(rows: list[Row]) -> list[Judged]:
    return judged(here.session, rows, years=_years(), language=chosen())


def _read(form: ImportForm) -> list[Row]:
    upload = form.file.data[0]
    sheets = read(upload.stream.read(), ending(file_name(upload.filename or "")))
    unsaid = Unsaid(form.year.data, form.month.data, Unit[form.unit.data], form.source.data)
    return rows_of(sheets, unsaid)


def _sent() -> list[Row]:
    """The rows of a preview as they come back, perhaps mended; a dropped one is left out."""
    names = ("line", "year", "month", "district", "amount", "source")
    lists = [request.form.getlist(name)[:MOST_ROWS] for name in names]
    dropped = set(request.form.getlist("drop"))
    rows = [Row(*(text.strip()[:200] for text in told)) for told in zip(*lists, strict=False)]
    return [row for place, row in enumerate(rows) if str(place) not in dropped]


def _preview(form: RowsForm, lines: list[Judged], status: int) -> Response:
    return page(
        "ledger/base_rows.html",
        status,
        form=form,
        lines=lines,
        wrong=sum(bool(line.wrong) for line in lines),
        right=sum(not line.wrong for line in lines),
    )


def _as_refusal(no: Refused | Unreadable) -> Refused:
    return Refused(no.sentence, "file") if isinstance(no, Unreadable) else no


# --- places and years ----------------------------------------------------------------------------


def _may(session: Session) -> bool:
    return here.actor.may(Permission.FUNDS_BASE) and at_bureau(session, here.actor)


def _years() -> list[int]:
    return list(range(here.today.year, here.today.year - YEARS_BACK, -1))


def _year(text: str) -> int:
    """The year asked for; else the one before this, whose figures growth is measured against."""
    found = {str(year): year for year in _years()}
    return found.get(text, here.today.year - 1)


def _known(session: Session) -> PublishedFunds | None:
    """The figure that the address names, to be replaced."""
    place = [row_number(request.args.get(name, "")) for name in ("year", "month", "district")]
    rows = queries.published(session, place[0]) if place[0] and place[0] < 10_000 else []
    return next((row for row in rows if [row.year, row.month, row.district_id] == place), None)


def _filled(known: PublishedFunds | None) -> dict[str, Any]:
    if known is None:
        args = request.args
        return {
            "year": str(_year(args.get("year", ""))),
            "month": args.get("month", ""),
            "district_id": row_number(args.get("district", "")),
        }
    return {
        "year": known.year,
        "month": known.month,
        "district_id": known.district_id,
        "cumulative": Amount(known.cumulative, known.cumulative),
        "source": known.source,
        "version": known.version,
    }
