"""What is typed about firms, their people, their places in chains, and head firms."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from babel import Locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import DataRequired, InputRequired, ValidationError

from crm.companies.labels import WORDS
from crm.companies.operations.chains import PositionDraft
from crm.companies.operations.firms import CODE_FAULTS, CompanyDraft, HiddenCode
from crm.companies.operations.head_firms import HeadFirmDraft
from crm.companies.operations.people import ContactDraft
from crm.companies.rules import MAINLAND, HeadFirmState, Position, code_fault, normal_code
from crm.core.errors import Refused
from crm.core.forms import (
    UNDECIDED,
    DayField,
    EnumField,
    Form,
    IdField,
    IdsField,
    NoteField,
    Option,
    TidyField,
    WholeField,
    as_choices,
)


def country_options(language: str) -> list[Option]:
    """Countries by ISO 3166 code in the reader's language, China first."""
    names = Locale.parse(language).territories
    own = {
        MAINLAND: _("China, mainland"),
        "HK": _("Hong Kong, China"),
        "MO": _("Macao, China"),
        "TW": _("Taiwan, China"),
    }
    rest = {
        code: name
        for code, name in names.items()
        if len(code) == 2 and code.isalpha() and code not in {*own, *_NO_COUNTRY}
    }
    return [*own.items(), *sorted(rest.items(), key=lambda item: item[1])]


_NO_COUNTRY = {"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO", "AC", "CP", "CQ", "DG", "EA", "IC", "TA"}


def country_name(code: str, language: str) -> str:
    """A country's name in the reader's language; the code where it has none."""
    return next((str(option[1]) for option in country_options(language) if option[0] == code), code)


class DivisionField(SelectField):
    """A province or prefecture by its code; '' where not said."""

    def offer(self, options: Iterable[Option]) -> None:
        """Set the divisions to choose from."""
        self.choices = as_choices([(UNDECIDED, _l("Not known")), *options])

    def pre_validate(self, form: Any) -> None:
        """A form for a firm abroad does not send the field."""
        if self.data:
            super().pre_validate(form)


class CompanyForm(Form):
    """A firm."""

    name = TidyField(_l("Company name"), validators=[DataRequired()], longest=120)
    credit_code = TidyField(_l("Unified social credit code"), longest=40)
    country = SelectField(_l("Country"), default=MAINLAND)
    division_code = DivisionField(_l("Headquarters"))
    group_name = TidyField(_l("Group"), longest=120)
    size_ids = IdsField(_l("Size classes"))
    address = TidyField(_l("Address"), longest=200)
    website = TidyField(_l("Website"), longest=200)
    business = NoteField(_l("Business"), longest=2000)

    hidden_company: int | None = None
    """The firm whose code was typed, where the actor may not see it; never shown."""

    def refuse(self, refusal: Refused) -> None:
        """Remember a hidden firm for the door, say no more than the neutral sentence."""
        if isinstance(refusal, HiddenCode):
            self.hidden_company = refusal.company_id
        super().refuse(refusal)

    def validate_credit_code(self, field: TidyField) -> None:
        """The operation's own rule, asked early: every fault stands beside its field at once."""
        code = normal_code(str(field.data or ""))
        if code and (fault := code_fault(code)):
            raise ValidationError(str(CODE_FAULTS[fault]))

    def validate_website(self, field: TidyField) -> None:
        """An address of the web, with or without its scheme."""
        text = str(field.data or "")
        if text and ":" not in text.split("/")[0]:
            text = f"https://{text}"
        if text and not _is_web(text):
            raise ValidationError(_("A web address begins with http:// or https://."))

    def draft(self) -> CompanyDraft:
        """What the operation takes."""
        website = str(self.website.data or "")
        if website and "://" not in website:
            website = f"https://{website}"
        return CompanyDraft(
            name=self.name.data or "",
            credit_code=self.credit_code.data or "",
            country=self.country.data or MAINLAND,
            division_code=self.division_code.data or "",
            group_name=self.group_name.data or "",
            size_ids=tuple(self.size_ids.data or ()),
            address=self.address.data or "",
            website=website,
            business=self.business.data or "",
        )


def _is_web(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    host = parts.hostname or ""
    return parts.scheme in {"http", "https"} and "." in host and not any(map(str.isspace, text))


class ContactForm(Form):
    """Somebody at a firm."""

    name = TidyField(_l("Full name"), validators=[DataRequired()], longest=60)
    title = TidyField(_l("Position at the firm"), longest=60)
    phone = TidyField(_l("Phone"), longest=40)
    email = TidyField(_l("E-mail"), longest=200)
    note = TidyField(_l("Note"), longest=200)

    def validate_email(self, field: TidyField) -> None:
        """Something@something.something; whether it arrives nobody knows."""
        name, at, host = str(field.data or "").partition("@")
        if field.data and not (name and at and "." in host and " " not in field.data):
            raise ValidationError(_("This is not an e-mail address."))

    def draft(self) -> ContactDraft:
        """What the operation takes."""
        return ContactDraft(
            name=self.name.data or "",
            title=self.title.data or "",
            phone=self.phone.data or "",
            email=self.email.data or "",
            note=self.note.data or "",
        )


class PositionForm(Form):
    """A recognition in a chain."""

    chain_id = IdField(_l("Chain"), empty=_l("Choose"), validators=[InputRequired()])
    node_id = IdField(_l("Node"), empty=_l("The chain as a whole"))
    position = EnumField(_l("Position"), Position, WORDS, validators=[InputRequired()])
    recognised_by = TidyField(_l("Recognised by"), validators=[DataRequired()], longest=100)
    recognised_on = DayField(_l("Recognised on"), validators=[InputRequired()])
    basis = TidyField(_l("Basis"), longest=200)

    def draft(self) -> PositionDraft:
        """What the operation takes."""
        assert self.recognised_on.data is not None  # noqa: S101  (InputRequired)
        return PositionDraft(
            chain_id=self.chain_id.data,
            node_id=self.node_id.data,
            position=self.position.data,
            recognised_by=self.recognised_by.data or "",
            recognised_on=self.recognised_on.data,
            basis=self.basis.data or "",
        )


class SupportForm(Form):
    """Whom a firm supplies."""

    chain_id = IdField(_l("Chain"), empty=_l("Choose"), validators=[InputRequired()])
    leader_id = IdField(_l("Chain leader"), empty=_l("Choose"), validators=[InputRequired()])
    supplies = TidyField(_l("What it supplies"), longest=200)
    since = DayField(_l("Since"))


class HeadFirmForm(Form):
    """A head firm."""

    company_id = IdField(_l("Company"), empty=_l("Choose"))
    cluster_id = IdField(_l("Cluster"), empty=_l("Choose"), validators=[InputRequired()])
    why = NoteField(_l("Why a head firm"), validators=[DataRequired()], longest=500)
    rank = WholeField(_l("Rank"), largest=100000)
    rank_source = TidyField(_l("Ranking list"), longest=100)
    responsible_leader = TidyField(_l("Responsible leader"), longest=60)
    owner_id = IdField(_l("Owner"), empty=_l("Nobody yet"))
    high_level_contact_on = DayField(_l("Last high-level contact"))
    state = EnumField(_l("State"), HeadFirmState, WORDS, default=HeadFirmState.UNTOUCHED)

    def validate_rank_source(self, field: TidyField) -> None:
        """A rank says nothing without its list."""
        if self.rank.data is not None and not field.data:
            raise ValidationError(_("Say in which list it has this rank."))

    def draft(self) -> HeadFirmDraft:
        """What the operation takes."""
        return HeadFirmDraft(
            cluster_id=self.cluster_id.data,
            why=self.why.data or "",
            rank=self.rank.data,
            rank_source=self.rank_source.data or "",
            responsible_leader=self.responsible_leader.data or "",
            owner_id=self.owner_id.data,
            high_level_contact_on=self.high_level_contact_on.data,
            state=self.state.data or HeadFirmState.UNTOUCHED,
        )


def named_once(options: Iterable[Option], own: tuple[int | None, Any]) -> list[Option]:
    """Options with the row's present answer among them, though the actor could not choose it anew."""
    found = list(options)
    if own[0] is not None and str(own[0]) not in {str(option[0]) for option in found}:
        found.insert(0, (str(own[0]), own[1]))
    return found
