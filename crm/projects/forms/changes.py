"""Changes to a project that stands, its owner and its end."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.validators import InputRequired

from crm.core.forms import (
    DayField,
    EnumField,
    Form,
    IdField,
    IdsField,
    TidyField,
)
from crm.leads.labels import WORDS as LEAD_WORDS
from crm.leads.rules.kinds import Stage
from crm.projects.operations.changes import Codes


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
