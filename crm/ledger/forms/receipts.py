"""Lines of a monthly report as they are typed, with their papers; reasons; papers given later."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, FieldList, FormField, SelectField
from wtforms.validators import InputRequired, ValidationError

from crm.core.errors import Refused
from crm.core.forms import AmountField, DayField, EnumField, Form, TidyField, as_choices, choices
from crm.counting.labels import WORDS as COUNTING_WORDS
from crm.counting.rules.facts import MoneyFrom
from crm.files.forms import KeptUploadField
from crm.files.rules import ending
from crm.ledger.labels import CURRENCY_WORDS, WORDS
from crm.ledger.models import Receipt
from crm.ledger.operations.checking import ReceiptDraft
from crm.ledger.operations.papers import Given
from crm.ledger.operations.reporting import ReportLine
from crm.ledger.rules import CURRENCIES, HOME, Paper, Price, RateRule, ReceiptKind
from crm.values.money import Amount, Money

ALL_WORDS = WORDS | COUNTING_WORDS

MOST_LINES = 20
"""Lines of one report on one page."""

SMALL = 100
"""Cents of a unit of currency, as fen of a yuan."""

ReadTotal = Callable[[Path, str], Money]
"""What the vouchers of a workbook come to, by its file and ending; raises Refused."""


class RateField(TidyField):
    """Yuan for one of a currency, as an exact decimal."""

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        kwargs.setdefault("render_kw", {}).setdefault("inputmode", "decimal")
        super().__init__(label, longest=20, **kwargs)

    @property
    def rate(self) -> Decimal | None:
        """What was typed; None where nothing was."""
        return Decimal(self.data) if self.data else None

    def pre_validate(self, form: Any) -> None:
        """A plain number."""
        if self.data and not re.fullmatch(r"[0-9]{1,8}(\.[0-9]{1,10})?", self.data):
            raise ValidationError(_("Write the rate like 7.1884."))


class Papers:
    """A place for each paper; which of them a receipt needs is its kind's affair."""

    bank_slip = KeptUploadField(WORDS[Paper][Paper.BANK_SLIP])
    verification = KeptUploadField(WORDS[Paper][Paper.VERIFICATION])
    land_voucher = KeptUploadField(WORDS[Paper][Paper.LAND_VOUCHER])
    settlement = KeptUploadField(WORDS[Paper][Paper.SETTLEMENT])
    invoices = KeptUploadField(WORDS[Paper][Paper.INVOICES])
    equipment_contract = KeptUploadField(WORDS[Paper][Paper.EQUIPMENT_CONTRACT])
    equity_agreement = KeptUploadField(WORDS[Paper][Paper.EQUITY_AGREEMENT])
    voucher_list = KeptUploadField(
        WORDS[Paper][Paper.VOUCHER_LIST],
        multiple=False,
        description=_l("A table whose column 金额 or 价税合计 comes to the amount."),
    )

    def take_in(self, folder: Path, read_total: ReadTotal) -> list[Given]:
        """Put what came into the store; a voucher list is read, and what is wrong said beside it.

        Before the write transaction, never in it; again for a form that is shown again.
        """
        given = []
        for paper in Paper:
            field: KeptUploadField = getattr(self, paper.value)
            for one in field.take_in():
                total = None
                if paper is Paper.VOUCHER_LIST:
                    path = folder / one.stored.sha256[:2] / one.stored.sha256
                    try:
                        total = read_total(path, ending(one.name))
                    except Refused as refusal:
                        field.errors = [*field.errors, refusal.message]
                given.append(Given(paper, one, total))
        return given


class Line(Papers):
    """The fields of a line: money of one kind and origin that arrived on one day."""

    arrived_on = DayField(_l("Day of arrival"), validators=[InputRequired()])
    kind = EnumField(_l("Kind of money"), ReceiptKind, WORDS, validators=[InputRequired()])
    amount = AmountField(_l("Amount"), exact=True, validators=[InputRequired()])
    currency = SelectField(_l("Currency"), default=HOME)
    rate = RateField(_l("Rate"))
    rate_rule = EnumField(_l("Which rate"), RateRule, WORDS)
    origin = EnumField(_l("Origin"), MoneyFrom, COUNTING_WORDS, validators=[InputRequired()])
    payer = TidyField(_l("Payer"), validators=[InputRequired()], longest=120)
    fiscal = BooleanField(_l("Fiscal money"))
    note = TidyField(_l("Note"), longest=300)
    why_late = TidyField(_l("Why it comes late"), longest=300)
    why_above = TidyField(_l("Why more arrived than was agreed"), longest=300)
    sure = BooleanField(_l("The amount is right"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency.choices = as_choices([(code, CURRENCY_WORDS[code]) for code in CURRENCIES])
        for field in (self.kind, self.origin, self.rate_rule):
            field.choices = as_choices([("", _l("Choose")), *choices(field.kind, ALL_WORDS)])

    def draft(self) -> ReceiptDraft:
        """What a valid line says."""
        amount: Amount = self.amount.data
        home = self.currency.data == HOME
        return ReceiptDraft(
            arrived_on=self.arrived_on.data,  # type: ignore[arg-type]
            price=Price(
                self.currency.data,
                Decimal(amount.low.fen) / SMALL,
                None if home else self.rate.rate,
                None if home else self.rate_rule.data,
            ),
            kind=self.kind.data,
            origin=self.origin.data,
            payer=self.payer.data,
            fiscal=bool(self.fiscal.data),
            note=self.note.data,
            why_late=self.why_late.data,
            why_above=self.why_above.data,
            sure=bool(self.sure.data),
        )


class LinePart(Line, FlaskForm):
    """A line among others; the form around it carries the token."""

    class Meta:
        csrf = False


class ReportForm(Form):
    """A monthly report: several lines on one page."""

    lines = FieldList(FormField(LinePart), min_entries=1, max_entries=MOST_LINES)

    @property
    def parts(self) -> list[LinePart]:
        """The lines themselves."""
        return [entry.form for entry in self.lines]

    def take_in(self, folder: Path, read_total: ReadTotal) -> list[list[Given]]:
        """The papers of each line, in the store."""
        given = [part.take_in(folder, read_total) for part in self.parts]
        self._gather()
        return given

    def add_line(self) -> None:
        """One more, as far as there is room."""
        if len(self.lines) < MOST_LINES:
            self.lines.append_entry()

    def drop_line(self, name: str) -> None:
        """Take the line of this name away; the last one stays."""
        kept = [entry for entry in self.lines.entries if entry.name != name]
        self.lines.entries = kept or self.lines.entries

    def forgive(self) -> None:
        """Say nothing yet of what is missing, for more is being typed; a refused file is gone and told."""
        for part in self.parts:
            for field in part:
                if not isinstance(field, KeptUploadField):
                    field.errors = []
        self._gather()

    def refuse(self, refusal: Refused) -> None:
        """Beside the fields of the lines."""
        super().refuse(refusal)
        self._gather()

    def _gather(self) -> None:
        """The list keeps the errors of its lines as they were when it was validated."""
        found = [entry.errors for entry in self.lines]
        self.lines.errors = found if any(found) else []

    def field_of(self, refusal: Refused) -> Field | None:
        """The field of the line that a rule's no belongs to."""
        if refusal.line is None or not refusal.field:
            return super().field_of(refusal)
        found: Field | None = self.parts[refusal.line]._fields.get(refusal.field)
        return found

    def told(self, papers: Sequence[Sequence[Given]]) -> list[ReportLine]:
        """What a valid form reports."""
        return [
            ReportLine(part.draft(), tuple(given))
            for part, given in zip(self.parts, papers, strict=True)
        ]


class CorrectForm(Line, Form):
    """A returned line, to be reported again."""

    @classmethod
    def values_of(cls, receipt: Receipt) -> dict[str, Any]:
        """What the form opens with."""
        amount = Money(int(receipt.entered * SMALL))
        same = (
            "arrived_on", "kind", "currency", "rate_rule", "origin", "payer", "fiscal", "note",
            "why_late", "why_above", "sure", "version",
        )  # fmt: skip
        return {name: getattr(receipt, name) for name in same} | {
            "amount": Amount(amount, amount),
            "rate": "" if receipt.rate is None else f"{receipt.rate.normalize():f}",
        }


class GiveForm(Papers, Form):
    """Papers of a receipt, given after it was reported."""


class ReasonForm(Form):
    """Why something is taken back, returned or reversed."""

    reason = TidyField(_l("Reason"), validators=[InputRequired()], longest=300)
