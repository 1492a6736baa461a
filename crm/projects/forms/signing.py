"""What is typed at the table, of a project entered afterwards, and of its dimensions."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import InputRequired

from crm.companies.labels import WORDS as COMPANY_WORDS
from crm.companies.rules import MAINLAND, Position
from crm.core.forms import (
    DayField,
    EnumField,
    Form,
    IdField,
    TidyField,
)
from crm.leads.labels import WORDS as LEAD_WORDS
from crm.leads.rules.kinds import AgreementKind, Effect
from crm.projects.forms.terms import LaterTermsForm, TermsForm, given
from crm.projects.labels import WORDS
from crm.projects.operations.signing import EnterDraft, SignDraft
from crm.projects.rules.dimensions import Dimensions
from crm.projects.rules.kinds import (
    Origin,
    Relation,
)


class SignForm(TermsForm):
    """What is known at the table."""

    agreement = EnumField(
        _l("Kind of agreement"), AgreementKind, LEAD_WORDS, default=AgreementKind.INVESTMENT
    )
    signed_on = DayField(_l("Day of signing"), validators=[InputRequired()])
    signing_party = TidyField(_l("Signing party"), validators=[InputRequired()], longest=120)
    signing_country = SelectField(_l("Its country or region"), default=MAINLAND)
    company_id = IdField(_l("Investor"), empty=_l("Choose"))
    new_company = TidyField(_l("Or a company not listed yet"), longest=120)

    def draft(self) -> SignDraft:
        """What a valid form says."""
        return SignDraft(
            terms=self.terms(),
            signed_on=given(self.signed_on),
            signing_party=given(self.signing_party),
            signing_country=self.signing_country.data,
            agreement=self.agreement.data,
            company_id=self.company_id.data,
            new_company=self.new_company.data or "",
            version=self.version_number,
        )


class AttachForm(SignForm, LaterTermsForm):
    """A later phase or a capital increase."""

    relation = EnumField(_l("What it is"), Relation, WORDS, default=Relation.PHASE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.relation.choices = [
            (one.value, WORDS[Relation][one]) for one in (Relation.PHASE, Relation.INCREASE)
        ]


class DimensionsForm(Form):
    """What the splits of figures go by; empty is 待定."""

    chain_id = IdField(_l("Chain"))
    node_id = IdField(_l("Node"))
    position = EnumField(_l("Chain position"), Position, COMPANY_WORDS, undecided=True)
    effect = EnumField(_l("Effect on the chain"), Effect, LEAD_WORDS, undecided=True)
    model_id = IdField(_l("Attraction model"))
    head_firm_id = IdField(_l("Head firm"))
    scenario_id = IdField(_l("Scenario"))
    brought_by_id = IdField(_l("Bringing leader"))

    def dimensions(self) -> Dimensions:
        """What a valid form says."""
        return Dimensions(
            **{name: getattr(self, name).data for name in Dimensions.__dataclass_fields__}
        )


class CorrectForm(DimensionsForm):
    """Correcting what was fixed at signing."""

    why = TidyField(_l("Why it is corrected"), validators=[InputRequired()], longest=300)


class EnterForm(SignForm, DimensionsForm):
    """A project that comes from no lead."""

    origin = EnumField(_l("Where it comes from"), Origin, WORDS, default=Origin.BACKFILLED)
    origin_note = TidyField(
        _l("Which list, district or unit"), validators=[InputRequired()], longest=200
    )
    owner_id = IdField(_l("Owner"), empty=_l("Myself"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.origin.choices = [
            (one.value, WORDS[Origin][one]) for one in Origin if one is not Origin.LEAD
        ]

    def entry(self) -> EnterDraft:
        """What a valid form says."""
        return EnterDraft(
            sign=self.draft(),
            origin=self.origin.data,
            origin_note=self.origin_note.data or "",
            owner_id=self.owner_id.data,
            dimensions=self.dimensions(),
        )
