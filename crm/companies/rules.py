"""Chain positions, head firms' states, and how a firm's name and code are read."""

from __future__ import annotations

from enum import StrEnum


class Position(StrEnum):
    """A firm's place in a chain: 链主 leader, 链核 core, 配套 supporting."""

    LEADER = "leader"
    CORE = "core"
    SUPPORTING = "supporting"


class HeadFirmState(StrEnum):
    """How far the bureau has come with a head firm."""

    UNTOUCHED = "untouched"
    CONTACTED = "contacted"
    NEGOTIATING = "negotiating"
    SIGNED = "signed"


class CodeFault(StrEnum):
    """Why a unified social credit code is refused."""

    LENGTH = "length"
    LETTERS = "letters"
    CHECK_DIGIT = "check_digit"
