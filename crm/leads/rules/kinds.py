"""The words of the pipeline: stages, standings, what an appraisal says, kinds of agreements and events."""

from __future__ import annotations

from enum import StrEnum


class Stage(StrEnum):
    """线索 → 对接 → 洽谈 → 拟签约 → 签约, in order."""

    IDENTIFIED = "identified"
    CONTACTED = "contacted"
    NEGOTIATING = "negotiating"
    DRAFTED = "drafted"
    SIGNED = "signed"

    @property
    def rank(self) -> int:
        """0 for the first stage, rising."""
        return list(Stage).index(self)


class Standing(StrEnum):
    """Whether a lead is being worked: in hand, on hold, or lost. Signed is a stage, not a standing."""

    OPEN = "open"
    ON_HOLD = "on_hold"
    LOST = "lost"


class Effect(StrEnum):
    """What a lead does for its chain: 补链 fill, 延链 extend, 强链 strengthen."""

    FILL = "fill"
    EXTEND = "extend"
    STRENGTHEN = "strengthen"


class Verdict(StrEnum):
    """What an appraisal says."""

    GO_ON = "go_on"
    WAIT = "wait"
    NO = "no"


class AppraisalKind(StrEnum):
    """The first decision on a lead, and the project review before 拟签约."""

    FIRST = "first"
    REVIEW = "review"


class AgreementKind(StrEnum):
    """Only the investment agreement signs a lead; the other two are recorded and leave it at 拟签约."""

    INVESTMENT = "investment"
    INTENT = "intent"
    FRAMEWORK = "framework"


class ScenarioState(StrEnum):
    """How far a scenario is."""

    PLANNED = "planned"
    PUBLISHED = "published"
    MATCHING = "matching"
    LANDED = "landed"


class EventKind(StrEnum):
    """What happened to a lead on a day."""

    ENTERED = "entered"
    MOVED = "moved"
    REVISED = "revised"
    HELD = "held"
    RESUMED = "resumed"
    LOST = "lost"
    REOPENED = "reopened"
    ASSIGNED = "assigned"
    FILED = "filed"
    PROTECTED = "protected"
    RENEWED = "renewed"
    RELEASED = "released"
    CONTESTED = "contested"
    RULED = "ruled"
