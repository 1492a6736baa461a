"""What the splits of figures go by: fixed at signing, corrected with a reason only."""

from __future__ import annotations

from dataclasses import dataclass

from crm.companies.rules import Position
from crm.leads.rules.kinds import Effect


@dataclass(frozen=True)
class Dimensions:
    """A project's place in its chain, and how the bureau came by it; None: 待定.

    The names are those of the columns, of leads as of projects.
    """

    chain_id: int | None = None
    node_id: int | None = None
    position: Position | None = None
    effect: Effect | None = None
    model_id: int | None = None
    head_firm_id: int | None = None
    scenario_id: int | None = None
    brought_by_id: int | None = None
