"""The minutes as a document, in the bureau's usual order: figures, what lies ahead, decisions, notes."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date

from docx import Document
from docx.document import Document as Paper
from flask_babel import gettext as _

from crm.core.workbooks import Made
from crm.counting.rules.goals import Sum
from crm.ledger.sheets.statistics import UNIT_WORDS
from crm.meeting.models import Decision
from crm.meeting.rules import Figures
from crm.meeting.sheets.week import label
from crm.projects.models import Project
from crm.values.money import show

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def minutes(
    title: str,
    span: str,
    figures: Figures,
    promised: Sequence[Project],
    decisions: Sequence[Decision],
    note: str,
    held_on: date,
) -> Made:
    """The document. Never call it in a write transaction."""
    paper = Document()
    paper.add_heading(title, level=0)
    paper.add_paragraph(span)
    paper.add_heading(_("1. What changed"), level=1)
    _table(
        paper,
        [_("Figure"), _("How many"), _("Amount")],
        [[str(label(item)), f"{told.count:,}", _amount(told)] for item, told in figures.items()],
    )
    paper.add_heading(_("2. Starts promised for the coming month"), level=1)
    _list(
        paper,
        [f"{one.planned_start}  {one.name} ({one.company.name})" for one in promised],
    )
    paper.add_heading(_("3. Decisions"), level=1)
    _list(paper, [f"{one.text} — {one.owner.name}, {one.due_on}" for one in decisions])
    paper.add_heading(_("4. Minutes"), level=1)
    for line in note.splitlines() or [_("Nothing.")]:
        paper.add_paragraph(line)
    buffer = io.BytesIO()
    paper.save(buffer)
    return Made(f"{title} {held_on.isoformat()}.docx", buffer.getvalue(), MEDIA_TYPE)


def _table(paper: Paper, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    table = paper.add_table(rows=1, cols=len(head))
    table.style = "Table Grid"
    for cell, text in zip(table.rows[0].cells, head, strict=True):
        cell.text = text
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text


def _list(paper: Paper, lines: Sequence[str]) -> None:
    for line in lines or [_("Nothing.")]:
        paper.add_paragraph(line, style="List Bullet")


def _amount(told: Sum) -> str:
    shown = show(told.amount)
    return f"{shown.text} {UNIT_WORDS[shown.unit]}"
