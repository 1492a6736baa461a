"""What is typed to close or reopen a month or a year: why."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms.validators import InputRequired

from crm.core.forms import Form, TidyField


class BookForm(Form):
    """The reason, which stands in the year's history for good."""

    reason = TidyField(
        _l("Why"), longest=300, validators=[InputRequired(_l("Say why, for whoever asks later."))]
    )
