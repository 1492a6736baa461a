"""What a project is, as people enter it: asked at signing, edited later, judged in one place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from crm.core.errors import Refused
from crm.core.pinyin import full, initials
from crm.projects.queries.detail import park_lies_in
from crm.projects.rules.investment import FIELD, Fault, Investment, fault_of
from crm.projects.rules.kinds import Construction, ProjectKind
from crm.values.text import search_key

SENTENCES: dict[Fault, Any] = {
    Fault.NOTHING_AGREED: _l("Enter the amount that was agreed."),
    Fault.PHASE_ABOVE_TOTAL: _l("Phase one cannot be more than the total."),
    Fault.ASSET_ABOVE_TOTAL: _l("Fixed assets cannot be more than the total."),
    Fault.FISCAL_ABOVE_TOTAL: _l("The fiscal part cannot be more than the total."),
    Fault.FISCAL_UNKNOWN: _l("Enter the fiscal part, or choose another kind of funding."),
    Fault.FISCAL_OUT_OF_PLACE: _l("A project of enterprise money has no fiscal part."),
    Fault.PLANNED_BACKWARDS: _l("It cannot be commissioned before it starts."),
}


@dataclass(frozen=True)
class Terms:
    """A project's name, kind, amounts, plan and place."""

    name: str
    investment: Investment
    district_id: int
    park_id: int | None = None
    content: str = ""
    kind: ProjectKind = ProjectKind.INDUSTRIAL
    construction: Construction = Construction.NEW

    def check(self, session: Session) -> None:
        """Refused where the amounts, days or places do not fit together."""
        if not self.name:
            raise Refused(_("Enter a name."), "name")
        if fault := fault_of(self.investment):
            raise Refused(SENTENCES[fault], FIELD[fault])
        if self.park_id and not park_lies_in(session, self.park_id, self.district_id):
            raise Refused(_("This park does not lie in that district."), "park_id")

    def columns(self) -> dict[str, Any]:
        """The columns of the project that say this."""
        told = self.investment
        return {
            "name": self.name,
            "pinyin": full(self.name),
            "initials": initials(self.name),
            "search_text": search_key(self.name)[:300],
            "content": self.content,
            "kind": self.kind,
            "construction": self.construction,
            "funding": told.funding,
            "agreed": told.agreed,
            "phase_one": told.phase_one,
            "fixed_asset": told.fixed_asset,
            "fiscal": told.fiscal,
            "planned_start": told.planned_start,
            "planned_commissioning": told.planned_commissioning,
            "district_id": self.district_id,
            "park_id": self.park_id,
        }
