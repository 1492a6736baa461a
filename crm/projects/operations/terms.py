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
from crm.projects.rules.investment import (
    FIELD,
    PLAN_FIELD,
    Fault,
    FundsPlan,
    Investment,
    Move,
    PlanFault,
    fault_of,
    plan_fault,
)
from crm.projects.rules.kinds import Construction, ProjectKind, Relation
from crm.values.text import search_key

SENTENCES: dict[Fault, Any] = {
    Fault.NOTHING_AGREED: _l("Enter the amount that was agreed."),
    Fault.PHASE_ABOVE_TOTAL: _l("Phase one cannot be more than the total."),
    Fault.ASSET_ABOVE_TOTAL: _l("Fixed assets cannot be more than the total."),
    Fault.FISCAL_ABOVE_TOTAL: _l("The fiscal part cannot be more than the total."),
    Fault.FISCAL_OUT_OF_PLACE: _l("A project of enterprise money has no fiscal part."),
    Fault.FISCAL_PHASE_ABOVE_FISCAL: _l("Phase one cannot have more fiscal money than the whole."),
    Fault.FISCAL_PHASE_ABOVE_PHASE: _l("The fiscal part cannot be more than phase one itself."),
    Fault.FISCAL_PHASE_OUT_OF_PLACE: _l("Enter phase one and the fiscal part of the whole first."),
    Fault.INCREMENT_ABOVE_TOTAL: _l("What is added cannot be more than what was agreed."),
    Fault.INCREMENT_OF_NOTHING: _l("What is added is more than nothing, or left empty."),
    Fault.INCREMENT_OUT_OF_PLACE: _l("Only a later phase or a capital increase adds to a project."),
    Fault.PLANNED_BACKWARDS: _l("It cannot be commissioned before it starts."),
}

PLAN_SENTENCES: dict[PlanFault, Any] = {
    PlanFault.NOTHING_PLANNED: _l("Plan more than nothing for a year, or leave it empty."),
    PlanFault.YEAR_TWICE: _l("A year stands here twice. Put its funds in one line."),
    PlanFault.YEAR_OUT_OF_REACH: _l("Check the years of the funds plan."),
    PlanFault.ABOVE_AGREED: _l(
        "The years come to more than was agreed. Correct them, or say here why more is planned."
    ),
}

NO_MOVE = Move()
"""What a project says that is no relocation."""


@dataclass(frozen=True)
class Terms:
    """A project's name, kind, amounts, plan and place.

    Attributes:
        move: of a relocation.
        plan: the funds by year; None leaves the plan as it is, an empty one is 待定.
    """

    name: str
    investment: Investment
    district_id: int
    park_id: int | None = None
    content: str = ""
    kind: ProjectKind = ProjectKind.INDUSTRIAL
    construction: Construction = Construction.NEW
    move: Move = NO_MOVE
    plan: FundsPlan | None = None

    def check(self, session: Session, relation: Relation = Relation.FIRST) -> None:
        """Refused where the amounts, days or places do not fit together."""
        if not self.name:
            raise Refused(_("Enter a name."), "name")
        if fault := fault_of(self.investment, relation):
            raise Refused(SENTENCES[fault], FIELD[fault])
        if self.plan is not None and (wrong := plan_fault(self.plan, self.investment.agreed)):
            raise Refused(PLAN_SENTENCES[wrong], PLAN_FIELD[wrong])
        if self.park_id and not park_lies_in(session, self.park_id, self.district_id):
            raise Refused(_("This park does not lie in that district."), "park_id")

    def columns(self) -> dict[str, Any]:
        """The columns of the project that say this."""
        told = self.investment
        move = self.move.of(self.construction)
        plan = {} if self.plan is None else {"plan_why": self.plan.why(told.agreed)}
        return {
            **plan,
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
            "fiscal_in_phase_one": told.fiscal_in_phase_one,
            "increment": told.increment,
            "inside_old_plant": move.inside_old_plant,
            "moved_from": move.moved_from,
            "planned_start": told.planned_start,
            "planned_commissioning": told.planned_commissioning,
            "district_id": self.district_id,
            "park_id": self.park_id,
        }
