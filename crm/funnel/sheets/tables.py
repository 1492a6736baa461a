"""Crossings, cohorts and bridges as workbooks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from crm.core.workbooks import Column, Kind, Sheet
from crm.counting.rules.goals import Sum
from crm.funnel.queries.bridge import Bridges, Turn
from crm.funnel.queries.rows import Fold
from crm.funnel.rules.bridge import EXITS, Bridge, Term
from crm.funnel.rules.cohorts import Cohort, Fate
from crm.funnel.rules.days import quartiles
from crm.funnel.rules.dimensions import Key
from crm.funnel.rules.heat import Cell, Cells, whole_of
from crm.funnel.sheets.words import label, part_text
from crm.leads.rules.kinds import Stage
from crm.ledger.sheets.statistics import Paper
from crm.values.figure import figure, trimmed
from crm.values.money import Money


def crossed(
    paper: Paper,
    titles: tuple[Any, Any],
    parts: tuple[Mapping[Key, Any], Mapping[Key, Any]],
    cells: Cells,
) -> Sheet:
    """A row a cell: all that the heat table can show."""
    columns = [
        *(Column(title, width=22) for title in titles),
        Column(_("Leads in hand"), Kind.COUNT),
        Column(_("Investment in hand"), Kind.MONEY),
        Column(_("Leads entered"), Kind.COUNT),
        Column(_("Signed"), Kind.COUNT),
        Column(_("Conversion"), Kind.RATE),
        Column(_("Days to signing")),
        Column(_("Starts that count"), Kind.COUNT),
        Column(_("Funds in place"), Kind.MONEY),
    ]
    rows: list[Sequence[Any]] = [
        (part_text(row_of, paper.language), part_text(of, paper.language), *_cell(cells[row, col]))
        for row, row_of in parts[0].items()
        for col, of in parts[1].items()
        if (row, col) in cells
    ]
    last: list[Sequence[Any]] = [(_("Together"), None, *_cell(whole_of(cells)))]
    return paper.sheet(_("Funnel, crossed"), columns, rows, last)


def _cell(cell: Cell) -> Sequence[Any]:
    days = quartiles(cell.days)
    return (
        cell.in_hand.count,
        cell.in_hand.amount,
        cell.entered,
        cell.signed,
        cell.conversion,
        trimmed(figure(days.median, 2)) if days else None,
        cell.counted.count,
        cell.funds.amount,
    )


def cohorts(paper: Paper, runs: Sequence[tuple[str, Cohort]]) -> Sheet:
    """A row a period."""
    columns = [
        Column(_("Entered in"), width=14),
        Column(_("Leads entered"), Kind.COUNT),
        *(Column(label(stage), Kind.COUNT) for stage in list(Stage)[1:]),
        Column(_("Of all that entered"), Kind.RATE),
        *(Column(label(fate), Kind.COUNT) for fate in (Fate.OPEN, Fate.ON_HOLD, Fate.LOST)),
    ]
    rows: list[Sequence[Any]] = [
        (
            period,
            one.entered,
            *(one.at(stage) for stage in list(Stage)[1:]),
            one.share(Stage.SIGNED),
            *(one.fates.get(fate, 0) for fate in (Fate.OPEN, Fate.ON_HOLD, Fate.LOST)),
        )
        for period, one in runs
    ]
    return paper.sheet(_("Cohorts"), columns, rows)


def bridge(paper: Paper, found: Bridges) -> Sheet:
    """A row a term: the whole, then each stage, in leads and money; what is taken off is negative."""
    sides = {_("Whole"): found.whole, **{label(stage): one for stage, one in found.stages.items()}}
    columns = [Column(_("Term"), width=18)]
    for name in sides:
        columns += [Column(f"{name}, {_('leads')}", Kind.COUNT, 10), Column(name, Kind.MONEY)]
    rows: list[Sequence[Any]] = [(_("Opening"), *_levels(one.opening for one in sides.values()))]
    for term in Term:
        told = [_term(one, term) for one in sides.values()]
        rows.append((str(label(term)), *_levels(told)))
    last = [(_("Closing"), *_levels(one.closing for one in sides.values()))]
    return paper.sheet(_("Bridge"), columns, rows, last)


def _levels(sums: Any) -> list[Any]:
    return [value for one in sums for value in (one.count, one.amount)]


def _term(one: Bridge, term: Term) -> Sum:
    told = one.terms.get(term, Sum())
    return Sum() - told if term in EXITS else told


def turns(paper: Paper, rows: list[Turn], folds: list[Fold], whole: Sum, cut: bool) -> Sheet:
    """The changes behind a term."""
    columns = [
        Column(_("Number"), width=16),
        Column(_("Lead"), width=34),
        Column(_("Day"), Kind.DAY, 12),
        Column(_("Before"), width=14),
        Column(_("Now"), width=14),
        Column(_("Investment before"), Kind.MONEY),
        Column(_("Investment now"), Kind.MONEY),
    ]
    told = [_turn(row) for row in rows]
    last: list[Sequence[Any]] = [
        (str(_("Rows of others: %(num)s", num=fold.sum.count)), *_NOTHING, fold.sum.amount)
        for fold in folds
    ]
    last.append((_("Together"), *_NOTHING, whole.amount))
    more = [_("Only the first %(num)s rows are here; the sum is of all.", num=len(rows))]
    return paper.sheet(_("Leads behind a term"), columns, told, last, more if cut else ())


_NOTHING = (None,) * 5


def _turn(row: Turn) -> Sequence[Any]:
    before: Money | None = row.before.amount if row.before else None
    return (
        row.lead.number,
        row.lead.title,
        row.after.day_from,
        label(row.before.stage) if row.before else None,
        label(row.after.stage),
        before,
        row.after.amount,
    )
