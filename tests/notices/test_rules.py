"""What a server's answer makes of a letter."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from crm.core.clock import SHANGHAI
from crm.notices.rules import (
    LEASE,
    STATES,
    WAITS,
    LetterState,
    Outcome,
    after,
    lost,
    outcome_of,
)

NOW = datetime(2025, 6, 30, 8, 0, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        (250, Outcome.ACCEPTED),
        (251, Outcome.ACCEPTED),
        (421, Outcome.NOT_NOW),
        (451, Outcome.NOT_NOW),
        (499, Outcome.NOT_NOW),
        (500, Outcome.REFUSED),
        (550, Outcome.REFUSED),
        (354, Outcome.REFUSED),
    ],
)
def test_a_reply_code_says_taken_not_now_or_never(code: int, outcome: Outcome) -> None:
    assert outcome_of(code) is outcome


def test_every_outcome_has_a_state() -> None:
    assert set(STATES) == set(Outcome)


def test_a_letter_that_is_refused_for_now_waits_longer_each_time_and_is_given_up_in_the_end() -> (
    None
):
    waits = [after(Outcome.NOT_NOW, tries, NOW).at - NOW for tries in range(1, len(WAITS) + 1)]
    assert waits == sorted(waits)
    assert waits[0] == timedelta(minutes=1)
    assert after(Outcome.NOT_NOW, len(WAITS) + 1, NOW).state is LetterState.FAILED


def test_a_dead_server_never_makes_a_letter_fail() -> None:
    assert after(Outcome.NO_SERVER, 500, NOW).state is LetterState.WAITING


def test_a_letter_without_an_answer_is_doubtful_and_not_tried_again() -> None:
    assert after(Outcome.UNKNOWN, 1, NOW).state is LetterState.DOUBTFUL


def test_a_letter_is_lost_only_after_its_sender_had_all_the_time_a_conversation_takes() -> None:
    assert not lost(LetterState.SENDING, NOW, NOW + LEASE)
    assert lost(LetterState.SENDING, NOW, NOW + LEASE + timedelta(seconds=1))
    assert not lost(LetterState.WAITING, NOW, NOW + 2 * LEASE)
