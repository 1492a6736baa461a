"""What is typed from a line of the work page."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms.validators import InputRequired

from crm.activities.forms import NextStepForm
from crm.core.forms import DayField, Form


class PostponeForm(Form):
    """Another day for the same step."""

    next_step_on = DayField(_l("New day"), validators=[InputRequired(_l("Say on which day."))])


class DoneForm(NextStepForm):
    """The step is done: what comes after it."""
