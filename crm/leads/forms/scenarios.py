"""What is typed about a scenario."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms.validators import InputRequired

from crm.core.forms import DayField, EnumField, Form, IdField, NoteField, TidyField
from crm.leads.labels import WORDS
from crm.leads.operations.scenarios import ScenarioDraft
from crm.leads.rules.kinds import ScenarioState

NOT_SAID = _l("Not said")


class ScenarioForm(Form):
    """A scenario."""

    title = TidyField(_l("Title"), validators=[InputRequired()], longest=120)
    cluster_id = IdField(_l("Cluster"), empty=NOT_SAID)
    state = EnumField(_l("State"), ScenarioState, WORDS)
    opened_by = TidyField(_l("Opened by"), longest=100)
    demand = NoteField(_l("What is to be used or bought"))
    volume = TidyField(_l("How much"))
    place = TidyField(_l("Place"), longest=120)
    district_id = IdField(_l("District"), empty=NOT_SAID)
    open_from = DayField(_l("Open from"))
    open_until = DayField(_l("Open until"))
    owner_id = IdField(_l("Owner"), empty=_l("Nobody yet"))
    source = TidyField(_l("Source"), longest=300)

    def draft(self) -> ScenarioDraft:
        """As the operations take it."""
        return ScenarioDraft(
            title=self.title.data,
            cluster_id=self.cluster_id.data,
            opened_by=self.opened_by.data,
            demand=self.demand.data,
            volume=self.volume.data,
            place=self.place.data,
            district_id=self.district_id.data,
            open_from=self.open_from.data,
            open_until=self.open_until.data,
            state=self.state.data,
            owner_id=self.owner_id.data,
            source=self.source.data,
        )


class MatchForm(Form):
    """A firm brought together with a scenario."""

    company_id = IdField(_l("Firm"), empty=_l("Choose a firm"), validators=[InputRequired()])
    matched_on = DayField(_l("Day"), validators=[InputRequired()])
    note = TidyField(_l("Note"), longest=300)
