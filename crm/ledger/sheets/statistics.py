"""Figures as workbooks: the tables of the statistics as they are on the page, amounts exact beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from crm.catalog.queries import name_in
from crm.companies.labels import WORDS as COMPANY_WORDS
from crm.core.labels import Labels
from crm.core.workbooks import Column, Kind, Sheet
from crm.counting.labels import WORDS as COUNTING_WORDS
from crm.counting.rules.goals import Base, Sum
from crm.ledger.labels import WORDS
from crm.ledger.queries.rows import HIDDEN, Fold, Line
from crm.ledger.queries.statistics import MonthLine
from crm.ledger.queries.statistics_parts import PartLine, Table
from crm.ledger.queries.statistics_projects import ProjectLine
from crm.values.money import Unit

UNIT_WORDS = {Unit.YUAN: _l("yuan"), Unit.WAN: _l("10k yuan"), Unit.YI: _l("100m yuan")}

label = Labels(COMPANY_WORDS, COUNTING_WORDS, WORDS)


@dataclass(frozen=True)
class Paper:
    """What every sheet says above its table.

    Attributes:
        conditions: the filter in words.
        unit: that money is shown in; the exact yuan stand beside it.
        language: of names.
    """

    conditions: str
    at: datetime
    unit: Unit
    language: str

    def sheet(
        self,
        title: str,
        columns: Sequence[Column],
        rows: list[Sequence[Any]],
        last: Sequence[Sequence[Any]] = (),
        more: Sequence[str] = (),
    ) -> Sheet:
        """A sheet with its notes."""
        made = _("Made on %(when)s", when=self.at.strftime("%Y-%m-%d %H:%M"))
        return Sheet(
            title,
            [self.conditions, *more, made],
            columns,
            rows,
            self.unit,
            str(UNIT_WORDS[self.unit]),
            str(UNIT_WORDS[Unit.YUAN]),
            last,
        )


def by_month(paper: Paper, lines: list[MonthLine]) -> Sheet:
    """The twelve months."""
    columns = [
        Column(_("Month"), width=10),
        Column(_("First day"), Kind.DAY, 12),
        Column(_("Last day"), Kind.DAY, 12),
        Column(_("This month"), Kind.MONEY),
        Column(_("Cumulative"), Kind.MONEY),
        Column(_("Last year, this month"), Kind.MONEY),
        Column(_("Last year, cumulative"), Kind.MONEY),
        Column(_("Source of last year's figure"), width=22),
        Column(_("Growth"), Kind.RATE, 10),
    ]
    rows: list[Sequence[Any]] = [
        (
            _("Month %(num)s", num=line.month.month),
            line.month.first_day,
            line.month.last_day,
            line.now.amount if line.now else None,
            line.total.amount if line.total else None,
            line.before,
            line.base.amount,
            _source(line.base),
            line.growth,
        )
        for line in lines
    ]
    return paper.sheet(_("Funds in place by month"), columns, rows)


def by_part(paper: Paper, title: str, table: Table) -> Sheet:
    """A split, its sum at the end."""
    columns = [
        Column(title, width=26),
        Column(_("This month"), Kind.MONEY),
        Column(_("Cumulative"), Kind.MONEY),
        Column(_("Receipts"), Kind.COUNT, 10),
        Column(_("Share"), Kind.RATE, 10),
        Column(_("Elapsed months"), Kind.MONEY),
        Column(_("Last year, same months"), Kind.MONEY),
        Column(_("Source of last year's figure"), width=22),
        Column(_("Growth"), Kind.RATE, 10),
        Column(_("Newly started"), Kind.MONEY),
        Column(_("Continuing"), Kind.MONEY),
        Column(_("Agreed"), Kind.MONEY),
        Column(_("Arrived, all years"), Kind.MONEY),
        Column(_("In-place rate"), Kind.RATE, 12),
    ]

    def row(name: str, line: PartLine) -> Sequence[Any]:
        return (
            name,
            line.month.amount,
            line.total.amount,
            line.total.count,
            line.share,
            line.compared.amount,
            line.base.amount,
            _source(line.base),
            line.growth,
            _amount(line.new),
            _amount(line.continuing),
            _amount(line.agreed),
            _amount(line.arrived),
            line.in_place,
        )

    rows = [row(part_text(line.of, line.key, paper.language), line) for line in table.lines]
    whole = [row(_("Together"), table.whole)]
    return paper.sheet(_("Funds in place by %(part)s", part=title), columns, rows, whole)


def by_project(paper: Paper, lines: list[ProjectLine], folds: list[Fold], whole: Sum) -> Sheet:
    """Projects with money in the year; others' folded by district."""
    columns = [
        Column(_("Project"), width=34),
        Column(_("Number"), width=16),
        Column(_("Company"), width=34),
        Column(_("District"), width=14),
        Column(_("This month"), Kind.MONEY),
        Column(_("Cumulative"), Kind.MONEY),
        Column(_("Agreed"), Kind.MONEY),
        Column(_("Arrived, all years"), Kind.MONEY),
        Column(_("In-place rate"), Kind.RATE, 12),
    ]
    rows: list[Sequence[Any]] = [
        (
            line.project.name,
            line.project.number,
            line.project.company.name,
            name_in(line.project.district, paper.language),
            line.month.amount,
            line.total.amount,
            line.agreed.amount,
            line.arrived.amount,
            line.in_place,
        )
        for line in lines
    ]
    nothing = (None, None, None)
    last: list[Sequence[Any]] = [
        (
            *(_folded(fold), None, None, name_in(fold.district, paper.language)),
            *(None, fold.sum.amount, *nothing),
        )
        for fold in folds
    ]
    last.append((_("Together"), None, None, None, None, whole.amount, *nothing))
    return paper.sheet(_("Funds in place by project"), columns, rows, last)


def rows(
    paper: Paper, title: str, lines: list[Line], folds: list[Fold], whole: Sum, cut: bool
) -> Sheet:
    """The rows behind a figure; the sum at the end is the figure."""
    columns = [
        Column(_("Project"), width=34),
        Column(_("Company"), width=34),
        Column(_("Receipt"), width=16),
        Column(_("Arrived"), Kind.DAY, 12),
        Column(_("Counts on"), Kind.DAY, 12),
        Column(_("District"), width=14),
        Column(_("Origin of funds"), width=22),
        Column(_("Payer"), width=30),
        Column(_("Remark"), width=12),
        Column(_("Amount"), Kind.MONEY),
    ]
    told = [_row(line, paper.language) for line in lines]
    nothing = (None,) * 4
    last: list[Sequence[Any]] = [
        (
            *(_folded(fold), *nothing, name_in(fold.district, paper.language)),
            *(None, None, None, fold.sum.amount),
        )
        for fold in folds
    ]
    last.append((_("Together"), *nothing, None, None, None, None, whole.amount))
    more = [_("Only the first %(num)s rows are here; the sum is of all.", num=len(lines))]
    return paper.sheet(title, columns, told, last, more if cut else ())


def part_text(of: Any, key: str, language: str) -> str:
    """What a part is called, as the macro `part_name` of the pages says it."""
    if of is None:
        return str(_("Confidential") if key == HIDDEN else _("Undecided"))
    if hasattr(of, "value"):
        return str(label(of))
    if hasattr(of, "company"):
        return str(of.company.name)
    return str(of.title) if hasattr(of, "title") else name_in(of, language)


def _row(line: Line, language: str) -> Sequence[Any]:
    receipt = line.receipt
    late = line.decision is not None and line.decision.late
    marks = [_("confidential")] * line.secret + [_("booked late")] * late
    return (
        line.project.name,
        line.project.company.name,
        receipt.number if receipt else line.project.number,
        receipt.arrived_on if receipt else line.project.signed_on,
        line.standing.day_from,
        name_in(line.project.district, language),
        label(receipt.origin) if receipt else None,
        receipt.payer if receipt else None,
        ", ".join(marks) or None,
        line.standing.amount,
    )


def _folded(fold: Fold) -> str:
    return str(_("Rows of others: %(num)s", num=fold.sum.count))


def _amount(told: Sum | None) -> Any:
    return None if told is None else told.amount


def _source(base: Base) -> Any:
    return None if base.source is None else label(base.source)
