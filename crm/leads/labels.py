"""The words of the pipeline."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from crm.core.labels import Words
from crm.leads.rules.bulk import BulkKind, Left
from crm.leads.rules.clocks import Silence
from crm.leads.rules.columns import ListColumn
from crm.leads.rules.duplicates import Likeness
from crm.leads.rules.kinds import (
    AgreementKind,
    AppraisalKind,
    Effect,
    EventKind,
    ScenarioState,
    Stage,
    Standing,
    Verdict,
)
from crm.leads.rules.moves import Demand

WORDS: Words = {
    Stage: {
        Stage.IDENTIFIED: _l("Identified"),
        Stage.CONTACTED: _l("Contact made"),
        Stage.NEGOTIATING: _l("Negotiating"),
        Stage.DRAFTED: _l("Agreement drafted"),
        Stage.SIGNED: _l("Signed"),
    },
    Standing: {
        Standing.OPEN: _l("In hand"),
        Standing.ON_HOLD: _l("On hold"),
        Standing.LOST: _l("Lost"),
    },
    Effect: {
        Effect.FILL: _l("Fills a gap in the chain"),
        Effect.EXTEND: _l("Extends the chain"),
        Effect.STRENGTHEN: _l("Strengthens the chain"),
    },
    Verdict: {
        Verdict.GO_ON: _l("Go on"),
        Verdict.WAIT: _l("Wait"),
        Verdict.NO: _l("Do not pursue"),
    },
    AppraisalKind: {
        AppraisalKind.FIRST: _l("First appraisal"),
        AppraisalKind.REVIEW: _l("Project review"),
    },
    AgreementKind: {
        AgreementKind.INVESTMENT: _l("Investment agreement"),
        AgreementKind.INTENT: _l("Letter of intent"),
        AgreementKind.FRAMEWORK: _l("Framework agreement"),
    },
    ScenarioState: {
        ScenarioState.PLANNED: _l("Planned"),
        ScenarioState.PUBLISHED: _l("Published"),
        ScenarioState.MATCHING: _l("Being matched"),
        ScenarioState.LANDED: _l("Landed"),
    },
    EventKind: {
        EventKind.ENTERED: _l("Lead entered"),
        EventKind.MOVED: _l("Moved"),
        EventKind.REVISED: _l("Revised"),
        EventKind.HELD: _l("Put on hold"),
        EventKind.RESUMED: _l("Resumed"),
        EventKind.LOST: _l("Given up as lost"),
        EventKind.REOPENED: _l("Reopened"),
        EventKind.ASSIGNED: _l("Assigned"),
        EventKind.FILED: _l("First report filed"),
        EventKind.PROTECTED: _l("Protection begun"),
        EventKind.RENEWED: _l("Protection extended"),
        EventKind.RELEASED: _l("First report given up"),
        EventKind.CONTESTED: _l("First report contested"),
        EventKind.RULED: _l("First report ruled on"),
    },
    Silence: {
        Silence.SILENT: _l("Past its limit"),
        Silence.EXPLAIN: _l("To be explained"),
    },
    BulkKind: {
        BulkKind.ASSIGN: _l("Assign to a colleague"),
        BulkKind.STEP: _l("Set the next step"),
        BulkKind.TAG: _l("Put tags on"),
        BulkKind.UNTAG: _l("Take tags off"),
    },
    Left: {
        Left.CHANGED: _l("Somebody changed it meanwhile"),
        Left.NOT_YOURS: _l("Not yours to change"),
        Left.SAME: _l("It is so already"),
        Left.REFUSED: _l("Refused"),
    },
    ListColumn: {
        ListColumn.NUMBER: _l("Number"),
        ListColumn.STAGE: _l("Stage"),
        ListColumn.POSITION: _l("Chain position"),
        ListColumn.MODEL: _l("Model and anchor"),
        ListColumn.CHAIN: _l("Chain / node"),
        ListColumn.AMOUNT: _l("Estimated investment"),
        ListColumn.DISTRICT: _l("District"),
        ListColumn.OWNER: _l("Owner"),
        ListColumn.UNIT: _l("Unit"),
        ListColumn.SOURCE: _l("Source"),
        ListColumn.ENTERED: _l("Entered"),
        ListColumn.MOVED: _l("In the stage since"),
        ListColumn.CONTACT: _l("Last contact"),
        ListColumn.NEXT: _l("Next step"),
    },
    Likeness: {
        Likeness.CODE: _l("Same credit code"),
        Likeness.NAME: _l("Same firm by its name"),
        Likeness.CONTAINED: _l("One name is part of the other"),
        Likeness.SIMILAR: _l("Similar name"),
        Likeness.GROUP: _l("Same group"),
        Likeness.CONTENT: _l("Similar plan in the same chain"),
    },
    Demand: {
        Demand.INVESTOR: _l("The investor has a name"),
        Demand.REVIEW: _l("A project review says go on"),
    },
}

DIMENSIONS = {
    "stage": _l("Stage"),
    "standing": _l("Standing"),
    "amount": _l("Estimated investment"),
    "district_id": _l("District"),
    "unit_id": _l("Unit"),
    "owner_id": _l("Owner"),
    "chain_id": _l("Industry chain"),
    "node_id": _l("Node"),
    "position": _l("Chain position"),
    "model_id": _l("Attraction model"),
}
"""The dated dimensions (`rules.history.DATED`) as people call them."""
