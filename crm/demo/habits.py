"""How people work with their lists: views that a manager shares, steps set for many, problems raised."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from crm.demo.script import Script
from crm.lists.operations import save
from crm.lists.rules import ListName, kept

VIEWS = (
    ("manager", "10亿元以上", (("from", "10亿"), ("sort", "-amount")), True),
    ("manager", "超期未联系", (("silence", "silent"), ("sort", "contact")), True),
    ("kunqu", "本周要做", (("mine", "1"), ("plan", "week")), False),
)
"""Whose, its name, the filter, whether his unit has it as well."""


def prepare(script: Script) -> None:
    """Each view is kept some weeks ago."""
    for number, view in enumerate(VIEWS):
        script.at(script.days.ago(30 - number), partial(_keep, script, *view))


def _keep(
    script: Script,
    who: str,
    name: str,
    filtered: tuple[tuple[str, str], ...],
    shared: bool,
    now: datetime,
) -> None:
    actor = script.cast[who]
    unit_id = actor.unit_id if shared else None
    save(script.session, actor, ListName.LEADS, name, kept(filtered), unit_id=unit_id, now=now)
