"""The forms of goals: a goal, its split, a reported figure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, RadioField, SelectField, StringField
from wtforms.validators import InputRequired

from crm.catalog.models import District
from crm.core.forms import Form, TidyField, as_choices
from crm.core.languages import column
from crm.counting.rules.goals import Comparator, GoalKind
from crm.goals.labels import SECTIONS, UNITS, WORDS
from crm.goals.models import Goal
from crm.goals.rules.drafting import GoalDraft, compares
from crm.goals.rules.parts import MONTHS
from crm.goals.rules.units import ValueFault, ValueProblem, exact_text, read_value

SIGNS = {
    Comparator.AT_LEAST: _l("≥ at least: the number itself is enough"),
    Comparator.MORE: _l("> more than: the number itself is not enough"),
    Comparator.EQUAL: _l("= exactly"),
    Comparator.NONE: _l("no target: a stock"),
}


class FigureField(StringField):
    """A figure in a goal's unit, typed as a number alone; read with `figure_of`."""

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        kwargs.setdefault("render_kw", {}).update(inputmode="decimal", autocomplete="off")
        super().__init__(label, **kwargs)


def figure_of(field: Field, unit: str) -> int | None:
    """What was typed, in the unit's smallest part; None, and the field says why, if it is no figure."""
    text = str(field.data or "")
    try:
        return read_value(text, unit)
    except ValueProblem as problem:
        told: Any = WORDS[ValueFault][problem.fault]
        if problem.fault is ValueFault.NOT_A_NUMBER and compares(text):
            told = _("Write the number alone: whether it is ≥ or > is chosen beside it.")
        field.errors = [*field.errors, told]
        return None


class GoalForm(Form):
    """A goal; its number and how it is compared are two fields."""

    section = SelectField(_l("Section"), choices=as_choices(SECTIONS.items()))
    name = TidyField(_l("Name"), longest=80, validators=[InputRequired()])
    name_en = TidyField(_l("English name"), longest=120)
    kind = RadioField(
        _l("Kind"),
        choices=as_choices([(kind.value, WORDS[GoalKind][kind]) for kind in GoalKind]),
        coerce=GoalKind,
    )
    comparator = RadioField(
        _l("Compared"),
        choices=as_choices([(one.value or "none", text) for one, text in SIGNS.items()]),
        coerce=lambda value: Comparator("" if value == "none" else value),
        description=_l("以上 and 达到 include the number (≥); 突破 and 超过 do not (>)."),
    )
    target = FigureField(_l("Target"), validators=[InputRequired()])
    unit = SelectField(_l("Unit"), choices=as_choices(UNITS.items()))
    scope = TidyField(_l("Scope"), longest=30, description=_l("全市, or the industry it is about."))
    strength = TidyField(_l("How firmly"), longest=10, description=_l("力争 or 力保."))
    quote = TidyField(_l("The plan's own words"), longest=200)

    def keep(self, goal: Goal) -> None:
        """Offer nothing of a measured goal that is how it is measured: its kind, unit and section."""
        for name in ("kind", "unit", "section"):
            del self[name]
        self.fixed = goal

    fixed: Goal | None = None

    def draft(self) -> GoalDraft | None:
        """What was typed; None, and the target's field says why, if it is no number."""
        of = self.fixed
        unit = of.unit if of else str(self.unit.data)
        target = figure_of(self.target, unit)
        if target is None:
            return None
        return GoalDraft(
            section=of.section if of else str(self.section.data),
            name=self.name.data,
            kind=of.kind if of else self.kind.data,
            comparator=self.comparator.data,
            target=target,
            unit=unit,
            name_en=self.name_en.data,
            scope=self.scope.data,
            strength=self.strength.data,
            quote=self.quote.data,
        )


def goal_values(goal: Goal) -> dict[str, Any]:
    """A goal as its form shows it."""
    names = ("section", "name", "name_en", "kind", "comparator", "unit", "scope", "strength")
    told = {name: getattr(goal, name) for name in (*names, "quote", "version")}
    return told | {"target": exact_text(goal.target, goal.unit)}


class FigureForm(Form):
    """A department's figure of a goal."""

    month = SelectField(_l("January to the end of"), coerce=int)
    value = FigureField(_l("Value"), validators=[InputRequired()])
    method = TidyField(
        _l("Method"), longest=120, validators=[InputRequired()],
        description=_l("How it was made: flash report, annual report, estimate."),
    )  # fmt: skip
    source = TidyField(
        _l("Source"), longest=200, validators=[InputRequired()],
        description=_l("Which department, in which paper, of which day."),
    )  # fmt: skip


class PartsForm(Form):
    """The parts of a target; its fields are made for the districts by `parts_form`."""

    def parts(self, names: Iterable[str], unit: str) -> dict[str, int] | None:
        """The parts typed in some fields, an empty one nothing; {} where all are empty.

        None, and the field says why, where one is no figure.
        """
        typed = {name: self._fields[name] for name in names}
        if not any(str(field.data or "").strip() for field in typed.values()):
            return {}
        told = {
            name: figure_of(field, unit) if str(field.data or "").strip() else 0
            for name, field in typed.items()
        }
        known = {name: amount for name, amount in told.items() if amount is not None}
        return known if len(known) == len(told) else None


def month_names() -> list[str]:
    """The fields of the twelve months."""
    return [f"month_{number}" for number in range(1, MONTHS + 1)]


def district_names(districts: Iterable[District]) -> dict[str, int]:
    """The fields of the districts, with their numbers."""
    return {f"district_{row.id}": row.id for row in districts}


def parts_form(districts: Iterable[District]) -> type[PartsForm]:
    """A form with a field for each district and month."""
    name = column()
    fields: dict[str, Any] = {
        f"district_{row.id}": FigureField(getattr(row, name) or row.name) for row in districts
    }
    for number, month in enumerate(month_names(), start=1):
        fields[month] = FigureField(_l("Month %(num)s", num=str(number)))
    # Where what is wrong with all of them together is said.
    fields |= {"districts": StringField(_l("Districts")), "months": StringField(_l("Months"))}
    return type("PartsOfGoalForm", (PartsForm,), fields)


def parts_shown(parts: Mapping[str, int | None], unit: str) -> dict[str, str]:
    """Amounts as the fields show them."""
    return {name: "" if one is None else exact_text(one, unit) for name, one in parts.items()}
