"""The funnel of a day and the leads behind a figure, as workbooks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _

from crm.core.workbooks import Column, Kind, Sheet
from crm.counting.rules.goals import Sum
from crm.funnel.queries.rows import Fold, Row
from crm.funnel.queries.standing import Line, Picture
from crm.funnel.sheets.words import label, part_text
from crm.ledger.sheets.statistics import Paper


def of_day(paper: Paper, found: Picture, since: str) -> Sheet:
    """The stages of the open pipeline, what is signed below."""
    columns = [
        Column(_("Stage"), width=18),
        Column(_("Leads"), Kind.COUNT),
        Column(_("Estimated investment"), Kind.MONEY),
        Column(_("Change in leads"), Kind.COUNT),
        Column(_("Change in investment"), Kind.MONEY),
        Column(_("Stuck"), Kind.COUNT),
        Column(_("On hold"), Kind.COUNT),
    ]
    rows = [_line(label(stage), line) for stage, line in found.stages.items()]
    last = [_line(_("Together"), found.whole), _line(_("Signed"), found.signed)]
    note = _("Change since the evening of %(day)s.", day=since)
    return paper.sheet(_("Funnel"), columns, rows, last, [note])


def _line(name: Any, line: Line) -> Sequence[Any]:
    now, change = line.now, line.change
    return (
        str(name),
        now.in_hand.count,
        now.in_hand.amount,
        change.count,
        change.amount,
        now.stuck.count,
        now.on_hold.count,
    )


def leads(paper: Paper, rows: list[Row], folds: list[Fold], whole: Sum, cut: bool) -> Sheet:
    """The leads behind a figure; the sum at the end is the figure."""
    columns = [
        Column(_("Number"), width=16),
        Column(_("Lead"), width=34),
        Column(_("Investor"), width=34),
        Column(_("Stage"), width=14),
        Column(_("In the stage since"), Kind.DAY, 12),
        Column(_("Owner"), width=12),
        Column(_("Last contact"), Kind.DAY, 12),
        Column(_("Estimated investment"), Kind.MONEY),
    ]
    told = [_lead(row) for row in rows]
    nothing = (None,) * 6
    last: list[Sequence[Any]] = [
        (_folded(fold, paper.language), *nothing, fold.sum.amount) for fold in folds
    ]
    last.append((_("Together"), *nothing, whole.amount))
    more = [_("Only the first %(num)s rows are here; the sum is of all.", num=len(rows))]
    return paper.sheet(_("Leads behind a figure"), columns, told, last, more if cut else ())


def _lead(row: Row) -> Sequence[Any]:
    lead, state = row.lead, row.state
    return (
        lead.number,
        lead.title,
        lead.company.name if lead.company else None,
        label(state.stage),
        state.staged_from,
        lead.owner.name,
        lead.last_contact_on,
        state.amount,
    )


def _folded(fold: Fold, language: str) -> str:
    where = part_text(fold.district, language)
    return f"{where}: " + str(_("Rows of others: %(num)s", num=fold.sum.count))
