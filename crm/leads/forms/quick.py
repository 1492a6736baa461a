"""A lead logged on the road: what one knows with a business card in the hand and two minutes."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField
from wtforms.validators import InputRequired

from crm.companies.labels import WORDS as COMPANY_WORDS
from crm.companies.rules import Position
from crm.core.errors import Refused
from crm.core.forms import AmountField, DayField, EnumField, Form, IdField, TidyField, row_number
from crm.files.forms import UploadField
from crm.leads.operations.entry import LeadDraft

CHIPS = ("chain_id", "position", "model_id", "source_id", "district_id")
"""What stands as the person's last entry left it."""

ANCHORS = ("node_id", "head_firm_id", "scenario_id")
"""What the page he comes from says; changed with all fields."""

_QUIET = {"autocomplete": "off"}


class DraftFilesForm(Form):
    """Photos and files that come before their form is saved."""

    photo = UploadField(
        _l("Take a photo"), render_kw={"accept": "image/*", "capture": "environment"}
    )
    files = UploadField(_l("Choose files"))


class QuickForm(DraftFilesForm):
    """Investor or working title, the line, the next step and its day are needed; the rest may wait."""

    company_id = HiddenField()
    node_id = HiddenField()
    head_firm_id = HiddenField()
    scenario_id = HiddenField()
    new_company = TidyField(_l("Investor"), longest=120, render_kw={**_QUIET})
    unnamed = BooleanField(_l("Not to be named yet"))
    title = TidyField(_l("Working title"), longest=120, render_kw={**_QUIET})
    content = TidyField(
        _l("What they want to build"),
        validators=[InputRequired(_l("Say it in one line."))],
        longest=300,
        render_kw={**_QUIET},
    )
    contact_name = TidyField(_l("Contact"), longest=60, render_kw={**_QUIET})
    contact_phone = TidyField(_l("Phone"), longest=40, render_kw={"inputmode": "tel", **_QUIET})
    amount = AmountField(_l("Estimated investment"))
    next_step = TidyField(
        _l("Next step"),
        validators=[InputRequired(_l("Say what comes next."))],
        longest=200,
        render_kw={**_QUIET},
    )
    next_step_on = DayField(_l("On"), validators=[InputRequired(_l("Say on which day."))])
    chain_id = IdField(_l("Industry chain"))
    position = EnumField(_l("Chain position"), Position, COMPANY_WORDS, undecided=True)
    model_id = IdField(_l("Attraction model"))
    source_id = IdField(_l("Source"))
    district_id = IdField(_l("District"))
    credit_code = TidyField(
        _l("Unified social credit code"), longest=40, render_kw={"spellcheck": "false", **_QUIET}
    )
    contact_title = TidyField(_l("Contact’s position"), longest=60, render_kw={**_QUIET})
    file_first = BooleanField(_l("File as first report"))
    confidential = BooleanField(_l("Confidential"))

    def validate(self, extra_validators: Any = None) -> bool:
        """The investor has a name, or the lead has a working title."""
        good = bool(super().validate(extra_validators))
        wanted = self.title if self.unnamed.data else self.new_company
        if wanted.data or (self.chosen and not self.unnamed.data):
            return good
        wanted.errors = [
            *wanted.errors,
            _("Give the lead a working title.")
            if self.unnamed.data
            else _("Name the investor, or say that it is not to be named yet."),
        ]
        return False

    def refuse(self, refusal: Refused) -> None:
        """What a hidden field is refused for is said above the form."""
        hidden = refusal.field in (*ANCHORS, "company_id")
        super().refuse(Refused(refusal.message) if hidden else refusal)

    @property
    def chosen(self) -> int | None:
        """The firm chosen of those he knows."""
        return row_number(str(self.company_id.data or ""))

    @property
    def anchors(self) -> dict[str, int | None]:
        """What the lead hangs on, by the field's name."""
        return {name: row_number(str(self[name].data or "")) for name in ANCHORS}

    def draft(self) -> LeadDraft:
        """As the operations take it."""
        named = not self.unnamed.data
        values: dict[str, Any] = {name: self[name].data for name in CHIPS}
        values |= self.anchors
        return LeadDraft(
            content=self.content.data,
            title=self.title.data if self.unnamed.data else "",
            company_id=self.chosen if named else None,
            new_company=self.new_company.data if named else "",
            credit_code=self.credit_code.data if named else "",
            amount=self.amount.data,
            confidential=bool(self.confidential.data),
            next_step=self.next_step.data,
            next_step_on=self.next_step_on.data,
            contact_name=self.contact_name.data,
            contact_title=self.contact_title.data,
            contact_phone=self.contact_phone.data,
            **values,
        )
