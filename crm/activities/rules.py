"""Kinds of follow-up."""

from __future__ import annotations

from enum import StrEnum


class ActivityKind(StrEnum):
    """How the contact took place."""

    VISIT = "visit"
    RECEPTION = "reception"
    CALL = "call"
    MEETING = "meeting"
    EVENT = "event"
    OTHER = "other"
