"""The words of claims."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from crm.claims.rules import Judgement
from crm.core.labels import Words

WORDS: Words = {
    Judgement: {
        Judgement.SAME: _l("The same negotiation"),
        Judgement.DIFFERENT: _l("Two different projects"),
        Judgement.MERGE: _l("To be merged"),
    },
}
