"""What is typed to sign in, to set a password, to manage people and units."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, SelectField
from wtforms.validators import EqualTo, InputRequired, Length, Optional, ValidationError

from crm.accounts.labels import WORDS
from crm.accounts.operations import PersonDraft
from crm.accounts.rules import MIN_PASSWORD, Role, UnitKind, weak_password
from crm.core.forms import EnumField, Form, IdField, TidyField, as_choices
from crm.core.languages import LANGUAGES

MAX_PASSWORD = 200


class SignInForm(Form):
    """Account and password."""

    username = TidyField(
        _l("Account"),
        validators=[InputRequired()],
        longest=60,
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = PasswordField(
        _l("Password"),
        validators=[InputRequired(), Length(max=MAX_PASSWORD)],
        render_kw={"autocomplete": "current-password"},
    )


class NewPasswordForm(Form):
    """A new password, twice.

    Args:
        names: the person's own words (account, name), which are no password.
    """

    password = PasswordField(
        _l("New password"),
        description=_l(
            "At least %(n)d characters; three or four unrelated words are good.", n=MIN_PASSWORD
        ),
        validators=[InputRequired(), Length(max=MAX_PASSWORD)],
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(
        _l("Once more"),
        validators=[
            InputRequired(),
            EqualTo("password", _l("The two passwords differ. Type the same twice.")),
        ],
        render_kw={"autocomplete": "new-password"},
    )

    def __init__(self, *args: Any, names: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = names

    def validate_password(self, field: PasswordField) -> None:
        """Long enough, not one key held down, not one's own name."""
        if weak_password(field.data or "", self.names):
            raise ValidationError(
                _(
                    "This password is easy to guess. Take at least %(n)d different characters,"
                    " without your name.",
                    n=MIN_PASSWORD,
                )
            )


class ChangePasswordForm(NewPasswordForm):
    """The password one has, and the new one twice."""

    current = PasswordField(
        _l("Current password"),
        validators=[InputRequired(), Length(max=MAX_PASSWORD)],
        render_kw={"autocomplete": "current-password"},
    )


class PersonForm(Form):
    """A person's facts; without the unit when he is edited, for moving takes a hand-over."""

    name = TidyField(_l("Full name"), validators=[InputRequired()], longest=60)
    username = TidyField(
        _l("Account"),
        description=_l("What is typed to sign in; capitals do not matter."),
        validators=[InputRequired()],
        longest=60,
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )
    role = EnumField(_l("Role"), Role, WORDS, validators=[InputRequired()])
    unit_id = IdField(_l("Unit"), empty=_l("Choose"), validators=[InputRequired()])
    email = TidyField(
        _l("E-mail"), validators=[Optional()], longest=200, render_kw={"inputmode": "email"}
    )
    phone = TidyField(
        _l("Phone"), validators=[Optional()], longest=40, render_kw={"inputmode": "tel"}
    )
    language = SelectField(_l("Language"), choices=as_choices(LANGUAGES.items()), default="zh_CN")

    def draft(self, unit_id: int = 0) -> PersonDraft:
        """What was typed; `unit_id` where the form does not ask for it."""
        return PersonDraft(
            username=self.username.data or "",
            name=self.name.data or "",
            role=self.role.data,
            unit_id=unit_id or self.unit_id.data,
            email=self.email.data or "",
            phone=self.phone.data or "",
            language=self.language.data,
        )


class UnitForm(Form):
    """A new unit: its name, its kind, what it belongs to."""

    name = TidyField(_l("Name"), validators=[InputRequired()], longest=60)
    kind = EnumField(_l("Kind"), UnitKind, WORDS, validators=[InputRequired()])
    parent_id = IdField(_l("Belongs to"), empty=_l("Choose"), validators=[InputRequired()])


class RenameUnitForm(Form):
    """A unit's name."""

    name = TidyField(_l("Name"), validators=[InputRequired()], longest=60)
