"""Milestones, evidence, permits and promises as they are typed."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms.validators import InputRequired

from crm.core.forms import (
    DayField,
    EnumField,
    Form,
    IdField,
    NoteField,
    TidyField,
)
from crm.files.forms import UploadField
from crm.files.operations import Received
from crm.projects.forms.terms import given
from crm.projects.labels import WORDS
from crm.projects.operations.evidence import EvidenceDraft
from crm.projects.operations.milestones import ReachDraft, RecognitionDraft
from crm.projects.operations.permits import PermitDraft
from crm.projects.operations.promises import PromiseDraft
from crm.projects.rules.kinds import (
    EvidenceKind,
    FairReview,
    Milestone,
    PermitState,
    PromiseState,
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
            day=given(self.day),
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
            given(self.accepted_on), given(self.recognised_on), given(self.department_id)
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
