"""Funds in place: the year as of a day, by month and by part, and the rows behind every figure."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from crm.core.gate import open_to_signed_in
from crm.core.request import here, page
from crm.counting.labels import FIGURES
from crm.counting.labels import WORDS as COUNTING_WORDS
from crm.counting.queries.figures import BEGINNING
from crm.counting.queries.rules import in_force
from crm.counting.rules.decisions import Measure
from crm.counting.rules.dimensions import Dimension
from crm.counting.rules.goals import Sum
from crm.ledger.queries import statistics
from crm.ledger.queries.parts import names
from crm.ledger.queries.rows import Figure, Order, behind, split
from crm.ledger.queries.statistics_parts import table
from crm.ledger.queries.statistics_projects import Projects, projects
from crm.ledger.queries.statistics_rates import Fate, cohort, signed
from crm.ledger.sheets.statistics import UNIT_WORDS
from crm.ledger.views.asking import BY, PROJECT, Asked, asked, figure, month_of, order
from crm.ledger.views.base import bp as base_bp
from crm.values.money import Money, Unit, decimal_text, show

bp = Blueprint("funds", __name__)
bp.register_blueprint(base_bp)

TABS: dict[str, Any] = {
    name: _l("Project") if of is None else COUNTING_WORDS[Dimension][of] for name, of in BY.items()
}


@bp.get("/funds")
@open_to_signed_in
def index() -> Response:
    """The year's funds: what counts, what waits, by month, by part."""
    look, session, actor, now = asked(), here.session, here.actor, here.now
    months = statistics.months(session, look.frame, at=now)
    return page(
        "ledger/statistics.html",
        look=look,
        tabs=TABS,
        months=months,
        chart=month_chart(look, months),
        chart_unit=UNIT_WORDS[_unit(months)],
        table=table(session, actor, look.frame, look.dimension or Dimension.ALL, at=now),
        projects=_projects(look) if look.by == PROJECT else None,
        reported=reported(look),
        rates=cohort(session, look.frame),
    )


@bp.get("/funds/rows")
@open_to_signed_in
def rows() -> Response:
    """The receipts (of agreements: the projects) that make a figure; others' folded by district."""
    look = asked()
    wanted = figure(look, request.args)
    return page(
        "ledger/statistics_rows.html",
        look=look,
        figure=wanted,
        month=month_of(look, request.args),
        all_years=wanted.since == BEGINNING,
        part=_part(wanted),
        rule=FIGURES[wanted.measure],
        download=look.address(".download", what="rows", **_told()),
        orders=list(Order),
        order=order(request.args),
        version=in_force(here.session).version(look.frame.year),
        found=behind(
            here.session,
            here.actor,
            wanted,
            order=order(request.args),
            after=request.args.get("after"),
            before=request.args.get("before"),
        ),
    )


@bp.get("/funds/signed")
@open_to_signed_in
def cohort_rows() -> Response:
    """The projects behind a rate: signed in the year, and what came of them."""
    look, text = asked(), request.args.get("fate", "")
    fate = Fate(text) if text in list(Fate) else Fate.SIGNED
    return page(
        "ledger/statistics_signed.html",
        look=look,
        fate=fate,
        found=signed(
            here.session,
            here.actor,
            look.frame,
            fate,
            after=request.args.get("after"),
            before=request.args.get("before"),
        ),
    )


def reported(look: Asked) -> Sum:
    """Money of the year that waits for review or confirmation and could count."""
    frame = look.frame
    wanted = Figure(Measure.FUNDS_REPORTED, frame.year, frame.on, district_id=frame.district_id)
    parts = split(here.session, here.actor, wanted)
    return sum(parts.values(), Sum())


def _projects(look: Asked) -> Projects:
    marks = request.args.get("after"), request.args.get("before")
    return projects(here.session, here.actor, look.frame, after=marks[0], before=marks[1])


def _told() -> dict[str, str]:
    """What of this address says which rows: for the same rows as a workbook."""
    kept = ("measure", "by", "key", "month", "years", "order")
    return {name: request.args[name] for name in kept if name in request.args}


def _part(wanted: Figure) -> Any:
    """What the part is; None for 未定, 保密, and where the figure is not split."""
    if wanted.key is None:
        return None
    return names(here.session, wanted.dimension, [wanted.key]).get(wanted.key)


# --- the chart -----------------------------------------------------------------------------------


def month_chart(look: Asked, months: list[statistics.MonthLine]) -> dict[str, Any]:
    """Bars of this year, a line of the last; every bar leads to its rows."""
    unit, year = _unit(months), look.frame.year
    return {
        "xAxis": {"type": "category", "data": [str(line.month.month) for line in months]},
        "yAxis": {"type": "value"},
        "series": [
            {
                "type": "bar",
                "name": str(year),
                "data": [
                    _point(line.now.amount, unit, look.address(".rows", month=line.month.month))
                    if line.now
                    else "-"
                    for line in months
                ],
            },
            {
                "type": "line",
                "name": _("%(year)s, the year before", year=year - 1),
                "lineStyle": {"type": "dashed"},
                "data": [
                    "-" if line.before is None else _point(line.before, unit) for line in months
                ],
            },
        ],
    }


def _unit(months: list[statistics.MonthLine]) -> Unit:
    """亿元 where the largest bar is one, else 万元."""
    amounts = [line.now.amount for line in months if line.now]
    amounts += [line.before for line in months if line.before]
    return Unit.YI if any(abs(one.fen) >= Unit.YI.fen for one in amounts) else Unit.WAN


def _point(amount: Money, unit: Unit, url: str | None = None) -> dict[str, Any]:
    told = show(amount)
    value = decimal_text(amount, unit).replace(",", "")
    return {"value": value, "text": f"{told.text} {UNIT_WORDS[told.unit]}", "url": url}
