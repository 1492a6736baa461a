"""What is asked for a move, a hold, a loss, a decision."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField
from wtforms.validators import InputRequired

from crm.companies.rules import MAINLAND
from crm.core.forms import (
    AmountField,
    DayField,
    EnumField,
    Form,
    IdField,
    NoteField,
    TidyField,
    as_choices,
)
from crm.leads.labels import WORDS
from crm.leads.operations.decisions import AgreementDraft, AppraisalDraft
from crm.leads.rules.kinds import AgreementKind, AppraisalKind, Stage, Verdict

WHY = _l("Choose a reason")
SHORT_OF_SIGNING = (AgreementKind.INTENT, AgreementKind.FRAMEWORK)


class MoveForm(Form):
    """To which stage, since when, and why if it goes back."""

    target = EnumField(_l("To stage"), Stage, WORDS, validators=[InputRequired()])
    day = DayField(_l("Day"), validators=[InputRequired()])
    reason_id = IdField(_l("Reason"), empty=WHY)
    note = NoteField(_l("Note"), longest=500)


class HoldForm(Form):
    """搁置."""

    until = DayField(_l("Until"), validators=[InputRequired()])
    reason_id = IdField(_l("Reason"), empty=WHY)
    day = DayField(_l("From"), validators=[InputRequired()])
    note = NoteField(_l("Note"), longest=500)


class LoseForm(Form):
    """流失."""

    reason_id = IdField(_l("Reason"), empty=WHY)
    competing_place = TidyField(_l("Went to"), longest=60)
    day = DayField(_l("Day"), validators=[InputRequired()])
    note = NoteField(_l("Note"), longest=500)


class BackForm(Form):
    """恢复 and 重启."""

    day = DayField(_l("Day"), validators=[InputRequired()])
    note = NoteField(_l("Why"), longest=500)


class AppraisalForm(Form):
    """研判."""

    kind = EnumField(_l("Kind"), AppraisalKind, WORDS, validators=[InputRequired()])
    verdict = EnumField(_l("Decision"), Verdict, WORDS, validators=[InputRequired()])
    decided_on = DayField(_l("Decided on"), validators=[InputRequired()])
    why = NoteField(_l("Why"), validators=[InputRequired()], longest=500)
    industry = TidyField(_l("Industry"), longest=300)
    land = TidyField(_l("Land"), longest=300)
    energy = TidyField(_l("Energy"), longest=300)
    environment = TidyField(_l("Environment"), longest=300)
    due_diligence = TidyField(_l("Due diligence of the investor"), longest=300)

    def draft(self) -> AppraisalDraft:
        """As the operations take it."""
        names = AppraisalDraft.__dataclass_fields__
        return AppraisalDraft(**{name: getattr(self, name).data for name in names})


class AgreementForm(Form):
    """An agreement short of signing."""

    kind = RadioField(
        _l("Kind"),
        choices=as_choices([(one.value, WORDS[AgreementKind][one]) for one in SHORT_OF_SIGNING]),
        default=AgreementKind.FRAMEWORK.value,
    )
    signed_on = DayField(_l("Signed on"), validators=[InputRequired()])
    party = TidyField(_l("Signing party"), validators=[InputRequired()], longest=120)
    country = SelectField(_l("Its country or region"), default=MAINLAND)
    amount = AmountField(_l("Amount"), exact=True, validators=[InputRequired()])

    def draft(self) -> AgreementDraft:
        """As the operations take it."""
        values = {name: getattr(self, name).data for name in AgreementDraft.__dataclass_fields__}
        return AgreementDraft(**values | {"kind": AgreementKind(self.kind.data)})
