"""A lead as typed."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField
from wtforms.validators import InputRequired

from crm.companies.labels import WORDS as COMPANY_WORDS
from crm.companies.rules import Position
from crm.core.forms import (
    AmountField,
    DayField,
    EnumField,
    Form,
    IdField,
    IdsField,
    NoteField,
    TidyField,
    WholeField,
)
from crm.leads.labels import WORDS
from crm.leads.models import FOREVER, Lead
from crm.leads.operations.entry import LeadDraft
from crm.leads.rules.kinds import Effect
from crm.values.money import Amount

NOT_SAID = _l("Not said")


class LeadForm(Form):
    """The essentials first; the rest is asked in parts that unfold."""

    company_id = IdField(_l("Investor"), empty=_l("Not in the list, or not named yet"))
    new_company = TidyField(_l("New investor’s name"), longest=120)
    credit_code = TidyField(
        _l("Unified social credit code"),
        longest=40,
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    title = TidyField(_l("Working title"), longest=120)
    content = TidyField(
        _l("What they want to build"),
        validators=[InputRequired(_l("Say it in one line."))],
        longest=300,
    )
    contact_name = TidyField(_l("Contact"), longest=60)
    contact_title = TidyField(_l("Contact’s position"), longest=60)
    contact_phone = TidyField(
        _l("Phone"), longest=40, render_kw={"inputmode": "tel", "autocomplete": "off"}
    )

    chain_id = IdField(_l("Industry chain"))
    node_id = IdField(_l("Node"))
    position = EnumField(_l("Chain position"), Position, COMPANY_WORDS, undecided=True)
    effect = EnumField(_l("For the chain"), Effect, WORDS, undecided=True)
    brought_by_id = IdField(_l("Brought by the leader"))
    model_id = IdField(_l("Attraction model"))
    head_firm_id = IdField(_l("Head firm"))
    scenario_id = IdField(_l("Scenario"))
    further_model_ids = IdsField(_l("Further models"))
    source_id = IdField(_l("Source"), empty=NOT_SAID)
    introducer = TidyField(_l("Introducer"), longest=100)
    responsible_leader = TidyField(_l("Responsible leader"), longest=60)

    district_id = IdField(_l("District"))
    park_id = IdField(_l("Park"))
    amount = AmountField(_l("Estimated investment"))

    land_mu = WholeField(_l("Land, mu"), largest=10**7)
    floor_m2 = WholeField(_l("Floor space, m²"), largest=10**9)
    water_t_day = WholeField(_l("Water, t a day"), largest=10**8)
    power_kva = WholeField(_l("Power, kVA"), largest=10**8)
    energy_tce = WholeField(_l("Energy quota, tce a year"), largest=10**9)
    workers = WholeField(_l("Workers"), largest=10**6)
    needs_note = TidyField(_l("Further needs"), longest=300)

    next_step = TidyField(_l("Next step"), longest=200)
    next_step_on = DayField(_l("On"))
    confidential = BooleanField(_l("Confidential"))
    entered_on = DayField(_l("Entered on"))
    day = DayField(_l("Changes hold from"))

    def draft(self) -> LeadDraft:
        """As the operations take it."""
        values: dict[str, Any] = {
            name: getattr(self, name).data for name in LeadDraft.__dataclass_fields__
        }
        values["further_model_ids"] = tuple(self.further_model_ids.data or ())
        return LeadDraft(**values)


def typed(lead: Lead) -> dict[str, Any]:
    """What the form shows of a lead that is to be revised; its further models are loaded."""
    derived = {"new_company", "credit_code", "further_model_ids", "amount"}
    names = set(LeadDraft.__dataclass_fields__) - derived
    values = {name: getattr(lead, name) for name in names}
    return values | {
        "version": lead.version,
        "further_model_ids": [model.id for model in lead.further_models],
        "next_step_on": None if lead.next_step_on == FOREVER else lead.next_step_on,
        "amount": amount_of(lead),
    }


def amount_of(lead: Lead) -> Amount | None:
    """The estimated investment as it was typed; None: not known."""
    if not lead.amount_known:
        return None
    return Amount(lead.amount_low, lead.amount_high or lead.amount_low, lead.amount_estimated)


class NextStepForm(Form):
    """What comes next."""

    next_step = TidyField(_l("Next step"), longest=200)
    next_step_on = DayField(_l("On"))


class AssignForm(Form):
    """To whom a lead goes."""

    owner_id = IdField(
        _l("Colleague"), empty=_l("Choose a colleague"), validators=[InputRequired()]
    )
    note = NoteField(_l("Note"), longest=500)


class CollaboratorsForm(Form):
    """Who works on it beside the owner."""

    person_ids = IdsField(_l("Collaborators"))


class TagsForm(Form):
    """What it is marked with."""

    tag_ids = IdsField(_l("Tags"))
