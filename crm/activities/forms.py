"""The follow-up as it is typed, one form of one screen; problems, answers, solutions."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField
from wtforms.validators import InputRequired

from crm.activities.labels import WORDS
from crm.activities.operations import ActivityDraft, ProblemDraft
from crm.activities.rules import ActivityKind, Level, ProblemKind
from crm.core.forms import (
    DayField,
    EnumField,
    Form,
    IdField,
    NoteField,
    TidyField,
    as_choices,
    choices,
)
from crm.files.forms import UploadField
from crm.files.operations import Received


class NextStepForm(Form):
    """What comes next and when; or, said plainly, nothing."""

    next_step = TidyField(_l("Next step"), longest=200)
    next_step_on = DayField(_l("On"))
    no_next_step = BooleanField(_l("No next step for now"))

    def validate(self, extra_validators: Any = None) -> bool:
        """A next step has words and a day, unless there is none."""
        good = bool(super().validate(extra_validators))
        if self.no_next_step.data:
            return good
        if not self.next_step.data and not self.next_step.errors:
            self.next_step.errors = [_("Say what comes next, or that nothing does.")]
            good = False
        if self.next_step_on.data is None and not self.next_step_on.errors:
            self.next_step_on.errors = [_("Say on which day.")]
            good = False
        return good

    def step(self) -> tuple[str, date | None]:
        """The words and the day; ("", None) where there is no next step."""
        if self.no_next_step.data:
            return "", None
        return self.next_step.data or "", self.next_step_on.data


class ActivityForm(NextStepForm):
    """How, when, who, with whom, what was said, what came of it, what comes next."""

    kind = RadioField(
        _l("How"),
        choices=as_choices(choices(ActivityKind, WORDS)),
        validators=[InputRequired(_l("Choose how the contact took place."))],
    )
    held_on = DayField(_l("Day"), validators=[InputRequired(_l("Say on which day."))])
    who_went = TidyField(_l("Our people"), longest=200)
    level = EnumField(_l("At what level"), Level, WORDS, undecided=True)
    with_whom = TidyField(_l("Their people"), longest=200)
    said = NoteField(
        _l("What was said"), validators=[InputRequired(_l("Say in a line what was said."))]
    )
    result = TidyField(_l("Result"), longest=300)
    files = UploadField(_l("Files"))

    def draft(self, files: list[Received]) -> ActivityDraft:
        """The follow-up for `operations.log`."""
        next_step, next_step_on = self.step()
        return ActivityDraft(
            kind=ActivityKind(self.kind.data),
            held_on=cast(date, self.held_on.data),
            said=self.said.data or "",
            who_went=self.who_went.data or "",
            level=self.level.data,
            with_whom=self.with_whom.data or "",
            result=self.result.data or "",
            next_step=next_step,
            next_step_on=next_step_on,
            files=tuple(files),
        )


class ProblemForm(Form):
    """What is short, what is asked of whom, by when."""

    kind = RadioField(
        _l("Kind"),
        choices=as_choices(choices(ProblemKind, WORDS)),
        validators=[InputRequired(_l("Choose what it is about."))],
    )
    asked = NoteField(
        _l("What is asked"), validators=[InputRequired(_l("Say what is asked."))], longest=500
    )
    department_id = IdField(
        _l("Responsible department"), empty=_l("Choose a department"), validators=[InputRequired()]
    )
    due_on = DayField(_l("To be solved by"), validators=[InputRequired(_l("Say on which day."))])

    def draft(self) -> ProblemDraft:
        """As the operations take it."""
        return ProblemDraft(
            kind=ProblemKind(self.kind.data),
            asked=self.asked.data or "",
            department_id=self.department_id.data or 0,
            due_on=cast(date, self.due_on.data),
        )


class AnswerForm(Form):
    """What was answered."""

    said = NoteField(
        _l("Answer"), validators=[InputRequired(_l("Say what was answered."))], longest=1000
    )
    answered_on = DayField(_l("Day"), validators=[InputRequired(_l("Say on which day."))])


class SolvedForm(Form):
    """Since when it is solved, and how."""

    solved_on = DayField(_l("Solved on"), validators=[InputRequired(_l("Say on which day."))])
    note = NoteField(_l("How"), longest=500)


class ReopenForm(Form):
    """Why it is open again, and until when."""

    why = NoteField(_l("Why"), validators=[InputRequired(_l("Say why."))], longest=500)
    due_on = DayField(_l("To be solved by"), validators=[InputRequired(_l("Say on which day."))])
