"""The editor of a rule set: one field a parameter, made from the dataclass and its words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any, get_type_hints

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, RadioField, SelectMultipleField
from wtforms.validators import InputRequired, ValidationError
from wtforms.widgets import CheckboxInput

from crm.core.errors import Refused
from crm.core.forms import AmountField, Form, TidyField, WholeField, as_choices
from crm.counting.labels import WORDS
from crm.counting.rules.facts import MoneyFrom
from crm.counting.rules.plain import Unfit
from crm.counting.rules.sets import RuleSet
from crm.goals.forms.parameters import MONTHS, PARAMETERS, Words
from crm.values.money import Amount, Money, Unit
from crm.values.period import MonthKind


class YearForm(Form):
    """The year that a new version is drafted for."""

    year = WholeField(_l("Year"), largest=2100, validators=[InputRequired()])

    def validate_year(self, field: Any) -> None:
        """A year that a plan can be of."""
        if field.data is not None and not 2000 <= field.data <= 2100:
            raise ValidationError(_l("Check the year."))


class RuleSetForm(Form):
    """A rule set and what is said of it. The parameters' fields are made below the class."""

    note = TidyField(_l("What is new, and why"), longest=300)

    def show(self, rules: RuleSet) -> None:
        """Fill the fields before anything is typed."""
        for one in fields(RuleSet):
            self._fields[one.name].process_data(_shown(getattr(rules, one.name)))

    def rules(self) -> RuleSet | None:
        """The rule set that was typed; None, and its field says why, where it is none."""
        typed = {one.name: _typed(self._fields[one.name].data) for one in fields(RuleSet)}
        try:
            return RuleSet(**typed)
        except Unfit as unfit:
            self.refuse(Refused(PARAMETERS[unfit.field].wrong, unfit.field))
            return None


def _shown(value: Any) -> Any:
    return Amount(value, value) if isinstance(value, Money) else value


def _typed(value: Any) -> Any:
    if isinstance(value, Amount):
        return value.low
    return tuple(value) if isinstance(value, list) else value


def _origins(words: Words) -> Field:
    told = [(one.value, WORDS[MoneyFrom][one]) for one in MoneyFrom if one is not MoneyFrom.CITY]
    return SelectMultipleField(
        words.label, choices=as_choices(told), coerce=MoneyFrom, option_widget=CheckboxInput()
    )


def _months(words: Words) -> Field:
    told = [(kind.value, text) for kind, text in MONTHS.items()]
    return RadioField(words.label, choices=as_choices(told), coerce=MonthKind)


FIELDS: dict[Any, Callable[[Words], Field]] = {
    bool: lambda words: BooleanField(words.label),
    int: lambda words: WholeField(words.label, largest=words.most, validators=[InputRequired()]),
    Money: lambda words: AmountField(
        words.label, unit=Unit.YI, exact=True, validators=[InputRequired()]
    ),
    tuple[MoneyFrom, ...]: _origins,
    MonthKind: _months,
}
"""The field of each type of parameter."""

for _name, _kind in get_type_hints(RuleSet).items():
    setattr(RuleSetForm, _name, FIELDS[_kind](PARAMETERS[_name]))
