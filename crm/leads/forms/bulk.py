"""What is asked for a bulk action, beside the leads themselves."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.validators import InputRequired

from crm.core.forms import DayField, Form, IdField, IdsField, NoteField, TidyField
from crm.leads.rules.bulk import BulkKind

CHOOSE = _l("Choose a colleague")


class BulkForm(Form):
    """The leads come beside it (`row`); `what` is the rest."""

    def what(self) -> dict[str, Any]:
        """The arguments of the action, as it keeps them."""
        raise NotImplementedError


class AssignManyForm(BulkForm):
    """To whom they go."""

    owner_id = IdField(_l("Colleague"), empty=CHOOSE, validators=[InputRequired()])
    note = NoteField(_l("Note"), longest=500)

    def what(self) -> dict[str, Any]:
        return {"owner_id": self.owner_id.data, "note": self.note.data or ""}


class StepManyForm(BulkForm):
    """What comes next for all of them."""

    step = TidyField(_l("Next step"), validators=[InputRequired()], longest=200)
    on = DayField(_l("On"), validators=[InputRequired()])

    def what(self) -> dict[str, Any]:
        return {"step": self.step.data, "on": self.on.data.isoformat() if self.on.data else ""}


class TagManyForm(BulkForm):
    """Which tags."""

    term_ids = IdsField(_l("Tags"), validators=[InputRequired()])

    def what(self) -> dict[str, Any]:
        return {"term_ids": sorted(one for one in self.term_ids.data or [] if one is not None)}


FORMS: dict[BulkKind, type[BulkForm]] = {
    BulkKind.ASSIGN: AssignManyForm,
    BulkKind.STEP: StepManyForm,
    BulkKind.TAG: TagManyForm,
    BulkKind.UNTAG: TagManyForm,
}
