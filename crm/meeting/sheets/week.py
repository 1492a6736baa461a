"""The week's figures and decisions as a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _

from crm.core.labels import Labels
from crm.core.workbooks import Column, Kind, Sheet
from crm.ledger.sheets.statistics import Paper
from crm.meeting.labels import WORDS
from crm.meeting.models import Decision
from crm.meeting.rules import Figures

label = Labels(WORDS)


def week(paper: Paper, figures: Figures, decisions: Sequence[Decision]) -> Sheet:
    """A row a figure, then a row a decision."""
    columns = [
        Column(_("Figure"), width=30),
        Column(_("How many"), Kind.COUNT),
        Column(_("Amount"), Kind.MONEY),
        Column(_("Owner"), width=14),
        Column(_("By"), Kind.DAY, 12),
    ]
    rows: list[Sequence[Any]] = [
        (str(label(item)), told.count, told.amount, None, None) for item, told in figures.items()
    ]
    rows += [(one.text, None, None, one.owner.name, one.due_on) for one in decisions]
    return paper.sheet(_("Weekly meeting"), columns, rows)
