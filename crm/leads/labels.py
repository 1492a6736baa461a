"""The words of the pipeline."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from crm.core.labels import Words
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
        Stage.CONTACTED: _l("In contact"),
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
        Verdict.NO: _l("No"),
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
        EventKind.ENTERED: _l("Entered"),
        EventKind.MOVED: _l("Moved"),
        EventKind.REVISED: _l("Revised"),
        EventKind.HELD: _l("Put on hold"),
        EventKind.RESUMED: _l("Resumed"),
        EventKind.LOST: _l("Given up as lost"),
        EventKind.REOPENED: _l("Reopened"),
        EventKind.ASSIGNED: _l("Assigned"),
    },
    Demand: {
        Demand.INVESTOR: _l("The investor has a name"),
        Demand.REVIEW: _l("A project review says go on"),
    },
}
