"""A project's terms as they are typed: name, kind, amounts, plan and place."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, FieldList, FormField
from wtforms import Form as Part
from wtforms.validators import InputRequired, ValidationError

from crm.core.forms import (
    AmountField,
    DayField,
    EnumField,
    Form,
    IdField,
    TidyField,
    WholeField,
)
from crm.counting.labels import WORDS as COUNTING_WORDS
from crm.counting.rules.facts import MovedFrom
from crm.projects.labels import WORDS
from crm.projects.models import PlannedFunds, Project
from crm.projects.operations.terms import Terms
from crm.projects.rules.investment import LAST_YEAR, FundsPlan, Investment, Move
from crm.projects.rules.kinds import (
    Construction,
    Funding,
    ProjectKind,
)
from crm.values.money import Amount, Money


def _money(field: AmountField) -> Money | None:
    return field.data.low if field.data is not None else None


def given(field: Field) -> Any:
    """The value of a field that a valid form has."""
    return field.data


def terms_of(project: Project) -> dict[str, Any]:
    """A project's terms as `TermsForm` shows them, with the version they are edited on."""
    plain = (
        "name", "content", "kind", "construction", "inside_old_plant", "moved_from", "funding",
        "planned_start", "planned_commissioning", "plan_why", "district_id", "park_id", "version",
    )  # fmt: skip
    amounts = ("agreed", "phase_one", "fixed_asset", "fiscal", "fiscal_in_phase_one", "increment")
    return {name: getattr(project, name) for name in plain} | {
        name: _amount(getattr(project, name)) for name in amounts
    }


def _amount(money: Money | None) -> Amount | None:
    return None if money is None else Amount(money, money)


PLAN_LINES = 5


def plan_lines(first: int, years: Iterable[PlannedFunds] = ()) -> list[dict[str, Any]]:
    """The lines of a funds plan as a form opens: the years planned, then the next ones, still empty."""
    known = [{"year": one.year, "amount": _amount(one.amount)} for one in years]
    start = max([first - 1, *(one.year for one in years)]) + 1
    empty = max(PLAN_LINES - len(known), 1)
    return known + [{"year": start + n, "amount": None} for n in range(empty)]


class PlanLine(Part):
    """A year and what is planned for it; a year without an amount is 待定."""

    year = WholeField(_l("Year"), largest=LAST_YEAR)
    amount = AmountField(_l("Planned funds"), exact=True)

    def validate_amount(self, field: AmountField) -> None:
        """An amount belongs to a year."""
        if field.data is not None and self.year.data is None:
            raise ValidationError(_("Say which year this is planned for."))


class TermsForm(Form):
    """A project's name, kind, amounts, plan and place; an empty day or amount is 待定."""

    name = TidyField(_l("Project name"), validators=[InputRequired()], longest=160)
    content = TidyField(_l("Content in one line"), longest=300)
    kind = EnumField(_l("Kind"), ProjectKind, WORDS, default=ProjectKind.INDUSTRIAL)
    construction = EnumField(_l("Construction"), Construction, WORDS, default=Construction.NEW)
    inside_old_plant = BooleanField(_l("Inside an old plant"))
    moved_from = EnumField(_l("Relocated from"), MovedFrom, COUNTING_WORDS, undecided=True)
    funding = EnumField(_l("Funding"), Funding, WORDS, default=Funding.ENTERPRISE)
    agreed = AmountField(_l("Agreed investment"), validators=[InputRequired()], exact=True)
    phase_one = AmountField(_l("Of it phase one"), exact=True)
    fixed_asset = AmountField(_l("Of it fixed assets"), exact=True)
    fiscal = AmountField(_l("Of it fiscal money"), exact=True)
    fiscal_in_phase_one = AmountField(_l("Of the fiscal money in phase one"), exact=True)
    planned_start = DayField(_l("Planned start"))
    planned_commissioning = DayField(_l("Planned commissioning"))
    plan = FieldList(FormField(PlanLine), min_entries=1, max_entries=20)
    plan_why = TidyField(_l("Why more is planned than was agreed"), longest=200)
    district_id = IdField(
        _l("District where it lands"), empty=_l("Choose"), validators=[InputRequired()]
    )
    park_id = IdField(_l("Park"))

    def terms(self) -> Terms:
        """What a valid form says; what its other answers hide is not kept."""
        mixed = self.funding.data is Funding.MIXED
        return Terms(
            name=given(self.name),
            content=self.content.data or "",
            kind=self.kind.data,
            construction=self.construction.data,
            district_id=self.district_id.data,
            park_id=self.park_id.data,
            move=Move(bool(self.inside_old_plant.data), self.moved_from.data),
            plan=FundsPlan(self._years(), self.plan_why.data or ""),
            investment=Investment(
                agreed=_money(self.agreed) or Money(0),
                funding=self.funding.data,
                phase_one=_money(self.phase_one),
                fixed_asset=_money(self.fixed_asset),
                fiscal=_money(self.fiscal),
                planned_start=self.planned_start.data,
                planned_commissioning=self.planned_commissioning.data,
                fiscal_in_phase_one=_money(self.fiscal_in_phase_one) if mixed else None,
                increment=_money(self["increment"]) if "increment" in self else None,
            ),
        )

    def _years(self) -> tuple[tuple[int, Money], ...]:
        """The lines that say something, by year."""
        lines = [(part.form.year.data, _money(part.form.amount)) for part in self.plan]
        said = [(year, amount) for year, amount in lines if year is not None and amount is not None]
        return tuple(sorted(said))


class LaterTermsForm(TermsForm):
    """The terms of a later phase or a capital increase, which may repeat money agreed before."""

    increment = AmountField(_l("Of it new money"), exact=True)
