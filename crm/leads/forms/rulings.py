"""What is typed where claims on a firm are judged."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.validators import InputRequired

from crm.claims.labels import WORDS
from crm.claims.rules import Judgement
from crm.core.forms import Form, NoteField, as_choices, choices


class JudgementForm(Form):
    """重复研判."""

    judgement = RadioField(
        _l("Judgement"),
        choices=as_choices(choices(Judgement, WORDS)),
        validators=[InputRequired(_l("Choose what the two are to each other."))],
    )
    why = NoteField(_l("Why"), validators=[InputRequired(_l("Say why."))], longest=500)
