"""What is typed about projects: shape only; rules and the database are the operations' affair."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, FieldList, FormField, SelectField
from wtforms import Form as Part
from wtforms.validators import InputRequired, ValidationError

from crm.companies.labels import WORDS as COMPANY_WORDS
from crm.companies.rules import MAINLAND, Position
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
from crm.counting.labels import WORDS as COUNTING_WORDS
from crm.counting.rules.facts import MovedFrom
from crm.files.forms import UploadField
from crm.files.operations import Received
from crm.leads.labels import WORDS as LEAD_WORDS
from crm.leads.rules.kinds import AgreementKind, Effect, Stage
from crm.projects.labels import WORDS
from crm.projects.models import PlannedFunds, Project
from crm.projects.operations.changes import Codes
from crm.projects.operations.evidence import EvidenceDraft
from crm.projects.operations.milestones import ReachDraft, RecognitionDraft
from crm.projects.operations.permits import PermitDraft
from crm.projects.operations.promises import PromiseDraft
from crm.projects.operations.signing import EnterDraft, SignDraft
from crm.projects.operations.terms import Terms
from crm.projects.rules.dimensions import Dimensions
from crm.projects.rules.investment import LAST_YEAR, FundsPlan, Investment, Move
from crm.projects.rules.kinds import (
    Construction,
    EvidenceKind,
    FairReview,
    Funding,
    Milestone,
    Origin,
    PermitState,
    ProjectKind,
    PromiseState,
    Relation,
)
from crm.values.money import Amount, Money


def _money(field: AmountField) -> Money | None:
    return field.data.low if field.data is not None else None


def _given(field: Field) -> Any:
    """The value of a field that a valid form has."""
    return field.data


def terms_of(project: Project) -> dict[str, Any]:
    """A project's terms as `TermsForm` shows them, with the version they are edited on."""
    plain = (
        "name", "content", "kind", "construction", "inside_old_plant", "moved_from", "funding",
        "planned_start", "planned_commissioning", "plan_why", "district_id", "park_id", "version",
    )  # fmt: skip
    amounts = ("agreed", "phase_one", "fixed_asset", "fiscal", "fiscal_in_phase_one", "increment")
    return {name: getattr(project, name) for name in plain} | {
        name: _amount(getattr(project, name)) for name in amounts
    }


def _amount(money: Money | None) -> Amount | None:
    return None if money is None else Amount(money, money)


PLAN_LINES = 5


def plan_lines(first: int, years: Iterable[PlannedFunds] = ()) -> list[dict[str, Any]]:
    """The lines of a funds plan as a form opens: the years planned, then the next ones, still empty."""
    known = [{"year": one.year, "amount": _amount(one.amount)} for one in years]
    start = max([first - 1, *(one.year for one in years)]) + 1
    empty = max(PLAN_LINES - len(known), 1)
    return known + [{"year": start + n, "amount": None} for n in range(empty)]


class PlanLine(Part):
    """A year and what is planned for it; a year without an amount is 待定."""

    year = WholeField(_l("Year"), largest=LAST_YEAR)
    amount = AmountField(_l("Planned funds"), exact=True)

    def validate_amount(self, field: AmountField) -> None:
        """An amount belongs to a year."""
        if field.data is not None and self.year.data is None:
            raise ValidationError(_("Say which year this is planned for."))


class TermsForm(Form):
    """A project's name, kind, amounts, plan and place; an empty day or amount is 待定."""

    name = TidyField(_l("Project name"), validators=[InputRequired()], longest=160)
    content = TidyField(_l("Content in one line"), longest=300)
    kind = EnumField(_l("Kind"), ProjectKind, WORDS, default=ProjectKind.INDUSTRIAL)
    construction = EnumField(_l("Construction"), Construction, WORDS, default=Construction.NEW)
    inside_old_plant = BooleanField(_l("Inside an old plant"))
    moved_from = EnumField(_l("Relocated from"), MovedFrom, COUNTING_WORDS, undecided=True)
    funding = EnumField(_l("Funding"), Funding, WORDS, default=Funding.ENTERPRISE)
    agreed = AmountField(_l("Agreed investment"), validators=[InputRequired()], exact=True)
    phase_one = AmountField(_l("Of it phase one"), exact=True)
    fixed_asset = AmountField(_l("Of it fixed assets"), exact=True)
    fiscal = AmountField(_l("Of it fiscal money"), exact=True)
    fiscal_in_phase_one = AmountField(_l("Of the fiscal money in phase one"), exact=True)
    planned_start = DayField(_l("Planned start"))
    planned_commissioning = DayField(_l("Planned commissioning"))
    plan = FieldList(FormField(PlanLine), min_entries=1, max_entries=20)
    plan_why = TidyField(_l("Why more is planned than was agreed"), longest=200)
    district_id = IdField(
        _l("District where it lands"), empty=_l("Choose"), validators=[InputRequired()]
    )
    park_id = IdField(_l("Park"))

    def terms(self) -> Terms:
        """What a valid form says; what its other answers hide is not kept."""
        mixed = self.funding.data is Funding.MIXED
        return Terms(
            name=_given(self.name),
            content=self.content.data or "",
            kind=self.kind.data,
            construction=self.construction.data,
            district_id=self.district_id.data,
            park_id=self.park_id.data,
            move=Move(bool(self.inside_old_plant.data), self.moved_from.data),
            plan=FundsPlan(self._years(), self.plan_why.data or ""),
            investment=Investment(
                agreed=_money(self.agreed) or Money(0),
                funding=self.funding.data,
                phase_one=_money(self.phase_one),
                fixed_asset=_money(self.fixed_asset),
                fiscal=_money(self.fiscal),
                planned_start=self.planned_start.data,
                planned_commissioning=self.planned_commissioning.data,
                fiscal_in_phase_one=_money(self.fiscal_in_phase_one) if mixed else None,
                increment=_money(self["increment"]) if "increment" in self else None,
            ),
        )

    def _years(self) -> tuple[tuple[int, Money], ...]:
        """The lines that say something, by year."""
        lines = [(part.form.year.data, _money(part.form.amount)) for part in self.plan]
        said = [(year, amount) for year, amount in lines if year is not None and amount is not None]
        return tuple(sorted(said))


class LaterTermsForm(TermsForm):
    """The terms of a later phase or a capital increase, which may repeat money agreed before."""

    increment = AmountField(_l("Of it new money"), exact=True)


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
            signed_on=_given(self.signed_on),
            signing_party=_given(self.signing_party),
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


class ReachForm(Form):
    """A milestone as an officer reports it, or corrects the report; which one is the address's affair."""

    day = DayField(_l("Day"), validators=[InputRequired()])
    seen = NoteField(_l("What was seen on site"), longest=500)
    registered_name = TidyField(_l("Registered name"), longest=120)
    registered_code = TidyField(_l("Credit code"), longest=40)
    why = TidyField(_l("Why it is corrected"), longest=300)

    def draft(self, milestone: Milestone) -> ReachDraft:
        """What a valid form says."""
        return ReachDraft(
            milestone=milestone,
            day=_given(self.day),
            seen=self.seen.data or "",
            registered_name=self.registered_name.data or "",
            registered_code=self.registered_code.data or "",
        )


class RecogniseForm(Form):
    """A department's word on a milestone."""

    accepted_on = DayField(_l("Day that the department accepts"), validators=[InputRequired()])
    recognised_on = DayField(_l("Recognised on"), validators=[InputRequired()])
    department_id = IdField(_l("Department"), empty=_l("Choose"), validators=[InputRequired()])

    def draft(self) -> RecognitionDraft:
        """What a valid form says."""
        return RecognitionDraft(
            _given(self.accepted_on), _given(self.recognised_on), _given(self.department_id)
        )


class EvidenceForm(Form):
    """One paper: a file, a number, or an archive number with where the original is kept."""

    kind = EnumField(_l("Paper"), EvidenceKind, WORDS, validators=[InputRequired()])
    files = UploadField(_l("File"), multiple=False)
    number = TidyField(_l("Number"), longest=60)
    kept_at = TidyField(_l("Original kept at"), longest=120)
    dated_on = DayField(_l("Day the photo was taken"))

    def draft(self, received: list[Received]) -> EvidenceDraft:
        """What a valid form says, its file taken in."""
        return EvidenceDraft(
            kind=self.kind.data,
            file=received[0] if received else None,
            number=self.number.data or "",
            kept_at=self.kept_at.data or "",
            dated_on=self.dated_on.data,
        )


class PermitForm(Form):
    """How far a permit is."""

    state = EnumField(_l("State"), PermitState, WORDS)
    department_id = IdField(_l("Responsible department"))
    due_on = DayField(_l("Due"))
    done_on = DayField(_l("Granted on"))
    number = TidyField(_l("Number"), longest=60)
    note = TidyField(_l("Note"), longest=200)

    def draft(self) -> PermitDraft:
        """What a valid form says."""
        return PermitDraft(
            state=self.state.data,
            department_id=self.department_id.data,
            due_on=self.due_on.data,
            done_on=self.done_on.data,
            number=self.number.data or "",
            note=self.note.data or "",
        )


class PromiseForm(Form):
    """A promised condition."""

    what = NoteField(_l("What was promised"), validators=[InputRequired()], longest=300)
    basis = TidyField(_l("Basis document"), validators=[InputRequired()], longest=200)
    fair_review = EnumField(_l("Fair-competition review"), FairReview, WORDS)
    fair_review_number = TidyField(_l("Number of the review"), longest=60)
    fair_review_why = TidyField(_l("Why it is not needed"), longest=200)
    due_on = DayField(_l("Due"))
    state = EnumField(_l("Kept or not"), PromiseState, WORDS, default=PromiseState.OPEN)
    state_note = TidyField(_l("What happened"), longest=200)

    def draft(self) -> PromiseDraft:
        """What a valid form says."""
        return PromiseDraft(
            what=self.what.data or "",
            basis=self.basis.data or "",
            fair_review=self.fair_review.data,
            fair_review_number=self.fair_review_number.data or "",
            fair_review_why=self.fair_review_why.data or "",
            due_on=self.due_on.data,
            state=self.state.data,
            state_note=self.state_note.data or "",
        )


class EarlierForm(Form):
    """Under which project the same thing was signed before."""

    number = TidyField(_l("Number of the earlier project"), longest=20)
    why = TidyField(_l("Why"), validators=[InputRequired()], longest=300)


class CodesForm(Form):
    """备案, 入统, 入规, and the tags."""

    filing_code = TidyField(_l("Filing code"), longest=60)
    statistics_code = TidyField(_l("Statistics code"), longest=60)
    statistics_on = DayField(_l("Entered in statistics on"))
    above_scale_on = DayField(_l("Above scale since"))
    tag_ids = IdsField(_l("Tags"))

    def codes(self) -> Codes:
        """What a valid form says."""
        return Codes(
            filing_code=self.filing_code.data or "",
            statistics_code=self.statistics_code.data or "",
            statistics_on=self.statistics_on.data,
            above_scale_on=self.above_scale_on.data,
        )


class TerminateForm(Form):
    """The end of a project."""

    day = DayField(_l("Terminated on"), validators=[InputRequired()])
    reason_id = IdField(_l("Reason"), empty=_l("Choose"), validators=[InputRequired()])
    note = TidyField(_l("In a sentence"), longest=300)


class ReturnForm(Form):
    """A signed lead whose projects are all terminated goes back to an earlier stage."""

    stage = EnumField(_l("Back to"), Stage, LEAD_WORDS)
    day = DayField(_l("Day"), validators=[InputRequired()])
    reason_id = IdField(_l("Reason"), empty=_l("Choose"), validators=[InputRequired()])
    note = TidyField(_l("In a sentence"), longest=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stage.choices = [
            (one.value, LEAD_WORDS[Stage][one])
            for one in reversed(Stage)
            if one is not Stage.SIGNED
        ]


class HandOverForm(Form):
    """To whom somebody's open work goes, and where he goes himself."""

    to_id = IdField(_l("Open work goes to"), empty=_l("Choose"))
    unit_id = IdField(_l("New unit"), empty=_l("Choose"))


class AssignForm(Form):
    """Another owner."""

    owner_id = IdField(_l("Owner"), empty=_l("Choose"), validators=[InputRequired()])
