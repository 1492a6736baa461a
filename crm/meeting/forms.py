"""What is typed in a meeting."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms.validators import InputRequired

from crm.core.forms import DayField, Form, IdField, NoteField, TidyField


class DecisionForm(Form):
    """Who does what by when."""

    text = TidyField(
        _l("What is decided"), longest=500, validators=[InputRequired(_l("Say what is decided."))]
    )
    owner_id = IdField(
        _l("Owner"), empty=_l("Choose"), validators=[InputRequired(_l("Choose who does it."))]
    )
    due_on = DayField(_l("By"), validators=[InputRequired(_l("Say by which day."))])


class CloseForm(Form):
    """The evening from which the meeting looked back, and what is to be remembered."""

    since = DayField(_l("Since the evening of"), validators=[InputRequired(_l("Say since when."))])
    note = NoteField(_l("Minutes"), longest=4000)


class DoneForm(Form):
    """What came of a decision."""

    result = TidyField(_l("What came of it"), longest=300)
