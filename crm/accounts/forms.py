"""What is typed to sign in, to change a password, to manage people and units."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField
from wtforms.validators import InputRequired

from crm.core.forms import Form, TidyField


class SignInForm(Form):
    """Account and password."""

    username = TidyField(_l("Account"), validators=[InputRequired()], longest=60)
    password = PasswordField(_l("Password"), validators=[InputRequired()])
