"""What is typed into dictionaries, node states and settings."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.validators import DataRequired, InputRequired, NumberRange, Optional, ValidationError

from crm.catalog.labels import WORDS
from crm.catalog.rules import Clocks, NodeState
from crm.core.forms import DayField, EnumField, Form, IdField, TidyField, WholeField, as_choices

LONGEST_LIMIT = 999
"""Days; nobody waits longer than that on purpose."""


class TermForm(Form):
    """An entry of a dictionary in both languages."""

    name = TidyField(_l("Name in Chinese"), validators=[DataRequired()], longest=60)
    name_en = TidyField(_l("Name in English"), longest=80)


class NodeStateForm(Form):
    """Whether a node is there or missing, from a year on."""

    year = WholeField(_l("From the year"), largest=2100, validators=[InputRequired()])
    state = EnumField(_l("State"), NodeState, WORDS, validators=[InputRequired()])
    source = TidyField(_l("Source"), validators=[DataRequired()], longest=200)


class DistrictForm(Form):
    """The unit that reviews what lands in a district."""

    unit_id = IdField(_l("Responsible unit"), empty=_l("Nobody yet"))


def _limit(label: Any, smallest: int = 1) -> WholeField:
    return WholeField(
        label,
        largest=LONGEST_LIMIT,
        validators=[InputRequired(), NumberRange(min=smallest, max=LONGEST_LIMIT)],
    )


class ClocksForm(Form):
    """The limits people set: working days, but for what is owed, which is calendar days."""

    appraise = _limit(_l("First appraisal"))
    silence_key = _limit(_l("Silence of a key lead"))
    silence = _limit(_l("Silence of any other lead"))
    silence_explain = _limit(_l("Silence to be explained"))
    stage_identified = _limit(_l("At Lead"))
    stage_contacted = _limit(_l("At Contacted"))
    stage_negotiating = _limit(_l("At Negotiating"))
    stage_drafted = _limit(_l("At Agreement drafted"))
    owed_signed = _limit(_l("After signing"))
    owed_registered = _limit(_l("After registration"))
    owed_started = _limit(_l("After the start"))
    owed_commissioned = _limit(_l("After commissioning"))
    protect_reserve = _limit(_l("Reserved by filing"))
    protect_days = _limit(_l("Protected from the first contact"))
    protect_silence = _limit(_l("Lapses without contact after"))
    protect_warn = _limit(_l("Told before the end"))
    key_lead_yi = _limit(_l("A lead is a key lead from"))

    def validate_silence(self, field: WholeField) -> None:
        """A key lead is looked after more closely than another."""
        key, other = self.silence_key.data, field.data
        if key is not None and other is not None and other < key:
            raise ValidationError(_("Not shorter than for a key lead."))

    def validate_silence_explain(self, field: WholeField) -> None:
        """What must be explained is silent for longer than what is only noted."""
        other, explain = self.silence.data, field.data
        if other is not None and explain is not None and explain < other:
            raise ValidationError(_("Not shorter than the silence that is only noted."))

    def clocks(self) -> Clocks:
        """What the operation takes."""
        return Clocks(**{field.name: int(self[field.name].data) for field in fields(Clocks)})


class DaysForm(Form):
    """Days of the State Council's notice: a holiday, or days worked in exchange."""

    first = DayField(_l("First day"), validators=[InputRequired(_l("Say on which day."))])
    last = DayField(_l("Last day"), validators=[Optional()])
    works = RadioField(
        _l("These days are"),
        choices=as_choices([("no", _l("days of rest")), ("yes", _l("worked"))]),
        default="no",
        validators=[InputRequired()],
    )
    name = TidyField(_l("Holiday"), longest=60)

    def days(self) -> list[date]:
        """Every day from the first to the last; none where the last comes before."""
        first = self.first.data
        if first is None:
            return []
        span = ((self.last.data or first) - first).days
        return [first + timedelta(days=n) for n in range(min(span, 400) + 1)]
