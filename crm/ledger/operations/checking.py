"""Looking at a line of money before it is written: what is wrong with it, and what it has to answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from crm.core.clock import day_of
from crm.core.errors import Refused
from crm.counting.queries.rules import InForce
from crm.counting.rules.facts import MoneyFrom
from crm.leads.models import FOREVER
from crm.ledger.queries.lines import Arrived
from crm.ledger.rules import (
    AmountFault,
    Price,
    ReceiptKind,
    above_agreed,
    in_yuan,
    out_of_proportion,
    price_fault,
)
from crm.projects.models import Project
from crm.values.money import Money
from crm.values.period import BookingMonth

SENTENCES: dict[AmountFault, tuple[str, Any]] = {
    AmountFault.NOT_POSITIVE: (
        "amount",
        _l("Money that arrived is more than nothing. To take a receipt back, reverse it."),
    ),
    AmountFault.NO_RATE: ("rate", _l("Enter the rate: yuan for one of this currency.")),
    AmountFault.NO_RATE_RULE: ("rate_rule", _l("Say which rate it is.")),
    AmountFault.RATE_AT_HOME: ("rate", _l("Yuan need no rate. Leave it empty.")),
    AmountFault.UNKNOWN_CURRENCY: ("currency", _l("Choose a currency of the list.")),
    AmountFault.FINER_THAN_CENT: ("amount", _l("Amounts have at most two decimals.")),
    AmountFault.RATE_TOO_FINE: ("rate", _l("Rates have at most six decimals.")),
    AmountFault.OUT_OF_RANGE: ("amount", _l("This amount is too large.")),
}


@dataclass(frozen=True)
class ReceiptDraft:
    """A line of a monthly report. Money of several origins is several lines.

    Attributes:
        why_late, why_above: said where its month is closed, where more arrived than was agreed.
        sure: the amount was looked at again, where it is out of proportion.
        demo_note: what of it is made up, in the demonstration.
    """

    arrived_on: date
    price: Price
    kind: ReceiptKind
    origin: MoneyFrom
    payer: str
    fiscal: bool = False
    note: str = ""
    why_late: str = ""
    why_above: str = ""
    sure: bool = False
    demo_note: str = ""


class Desk:
    """Where the lines of a report are looked at one after the other; each adds to what arrived before."""

    def __init__(self, project: Project, so_far: Arrived, in_force: InForce, now: datetime) -> None:
        self._project = project
        self._so_far = so_far
        self._in_force = in_force
        self._now = now

    def look(self, draft: ReceiptDraft) -> tuple[Money | None, list[Refused]]:
        """The amount in yuan (None where it is none), and all that keeps the line from being written."""
        noes = [*self._facts(draft), *self._late(draft)]
        if fault := price_fault(draft.price):
            field, sentence = SENTENCES[fault]
            return None, [Refused(sentence, field), *noes]
        amount = in_yuan(draft.price)
        noes += self._proportion(draft, amount)
        self._so_far.total += amount
        self._so_far.amounts.append(amount)
        return amount, noes

    def _facts(self, draft: ReceiptDraft) -> Iterator[Refused]:
        ended = self._project.terminated_on
        if draft.arrived_on > day_of(self._now):
            yield Refused(_("This day is still to come."), "arrived_on")
        elif ended != FOREVER and draft.arrived_on > ended:
            yield Refused(_("The project was terminated before this day."), "arrived_on")
        if not draft.payer.strip():
            yield Refused(_("Name who paid."), "payer")

    def _proportion(self, draft: ReceiptDraft, amount: Money) -> Iterator[Refused]:
        if not draft.sure and out_of_proportion(amount, self._so_far.amounts):
            sentence = _(
                "This is some 10,000 times off the project's other receipts. Is it 万元 or 亿元? "
                "Check it, or say that you are sure."
            )
            yield Refused(sentence, "sure")
        above = above_agreed(self._project.agreed, self._so_far.total, amount)
        if above and not draft.why_above.strip():
            yield Refused(_("With this, more arrived than was agreed. Say why."), "why_above")

    def _late(self, draft: ReceiptDraft) -> Iterator[Refused]:
        """Money of a closed month is booked later: the officer knows, and says why it comes late."""
        books, year = self._in_force.books, draft.arrived_on.year
        rules = self._in_force.rules.of(year)
        month = BookingMonth.of(draft.arrived_on, rules.months)
        if draft.why_late.strip() or books.month_open(month, self._now, rules):
            return
        if not books.year_open(year, self._now, rules):
            sentence = _(
                "%(year)s is closed: this money will be listed and count in neither year. Say why it "
                "comes late.",
                year=str(year),
            )
        else:
            sentence = _(
                "%(month)s is closed: it will be booked later, as 补报. Say why.", month=str(month)
            )
        yield Refused(sentence, "why_late")
