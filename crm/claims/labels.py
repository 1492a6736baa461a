"""The words of claims."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from crm.claims.rules import ClaimState, Ending, Judgement, Ruling
from crm.core.labels import Words

WORDS: Words = {
    Judgement: {
        Judgement.SAME: _l("The same negotiation"),
        Judgement.DIFFERENT: _l("Two different projects"),
        Judgement.MERGE: _l("To be merged"),
    },
    ClaimState: {
        ClaimState.RESERVED: _l("Reserved"),
        ClaimState.PROTECTED: _l("Protected"),
        ClaimState.LAPSED: _l("Lapsed"),
        ClaimState.ENDED: _l("Ended"),
    },
    Ending: {
        Ending.RELEASED: _l("Given up"),
        Ending.OVERRULED: _l("Passed on by a ruling"),
        Ending.LAPSED: _l("Lapsed"),
    },
    Ruling: {
        Ruling.KEEP: _l("Stays with the holder"),
        Ruling.PASSES: _l("Passes to the claimant"),
    },
}
