"""The follow-up as it is typed: one form of one screen."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField
from wtforms.validators import InputRequired

from crm.activities.labels import WORDS
from crm.activities.operations import ActivityDraft
from crm.activities.rules import ActivityKind
from crm.core.forms import DayField, Form, NoteField, TidyField, as_choices, choices
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
            with_whom=self.with_whom.data or "",
            result=self.result.data or "",
            next_step=next_step,
            next_step_on=next_step_on,
            files=tuple(files),
        )
