"""What is typed about a view."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField
from wtforms.validators import InputRequired

from crm.core.forms import Form, IdField, TidyField


class ViewForm(Form):
    """Its name, who has it as a tab, and whether the list opens with it."""

    name = TidyField(_l("Name"), validators=[InputRequired()], longest=40)
    unit_id = IdField(_l("Who has this tab"), empty=_l("Only me"))
    first = BooleanField(_l("Open the list with it"))
    again = BooleanField(_l("Keep the filter as it stands now"))
