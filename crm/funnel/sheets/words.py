"""What parts and members are called in a table that is taken away."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from crm.catalog.labels import WORDS as CATALOG_WORDS
from crm.catalog.queries import name_in
from crm.companies.labels import WORDS as COMPANY_WORDS
from crm.core.labels import Labels
from crm.funnel.labels import WORDS
from crm.leads.labels import WORDS as LEAD_WORDS

label = Labels(CATALOG_WORDS, COMPANY_WORDS, LEAD_WORDS, WORDS)


def part_text(of: Any, language: str) -> str:
    """What a part of a split is called; None is 未定."""
    if of is None:
        return str(_("Undecided"))
    if hasattr(of, "value"):
        return str(label(of))
    return name_in(of, language) if hasattr(of, "name_en") else str(of.name)
