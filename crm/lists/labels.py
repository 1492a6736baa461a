"""The words of lists."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from crm.core.labels import Words
from crm.lists.rules import ListName

WORDS: Words = {ListName: {ListName.LEADS: _l("Leads")}}
