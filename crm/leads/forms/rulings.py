"""What is typed where claims on a firm are judged."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.validators import InputRequired

from crm.claims.labels import WORDS
from crm.claims.rules import Judgement, Ruling
from crm.core.forms import Form, NoteField, as_choices, choices


class JudgementForm(Form):
    """重复研判."""

    judgement = RadioField(
        _l("Judgement"),
        choices=as_choices(choices(Judgement, WORDS)),
        validators=[InputRequired(_l("Choose what the two are to each other."))],
    )
    why = NoteField(_l("Why"), validators=[InputRequired(_l("Say why."))], longest=500)


class RulingForm(Form):
    """裁定 on a contested first report."""

    ruling = RadioField(
        _l("Ruling"),
        choices=as_choices(choices(Ruling, WORDS)),
        validators=[InputRequired(_l("Choose how it is ruled."))],
    )
    why = NoteField(_l("Why"), validators=[InputRequired(_l("Say why."))], longest=500)


class WhyForm(Form):
    """A step on a first report, and why."""

    why = NoteField(_l("Why"), validators=[InputRequired(_l("Say why."))], longest=500)


class ContestForm(Form):
    """争议."""

    reason = NoteField(
        _l("Why it should be yours"), validators=[InputRequired(_l("Say why."))], longest=500
    )
