"""The demo told from its tables: what the city did over the months before today."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session

from crm.accounts.operations import SYSTEM
from crm.catalog.operations.plan import load_plan
from crm.core.clock import SHANGHAI, day_of
from crm.demo import anchors, cast, habits, landings, negotiations
from crm.demo.papers import Stock
from crm.demo.script import FIRST_DAY, Script


def tell(session: Session, hashes: Mapping[str, str], stock: Stock, *, now: datetime) -> None:
    """Enter the plan, people, firms, leads and projects through the operations, in the caller's transaction.

    The same tables told on the same day give the same rows.

    Args:
        hashes: the password hash of each demo account.
        stock: papers that are in the store already.
    """
    first = datetime.combine(day_of(now) - timedelta(days=FIRST_DAY + 4), time(8), SHANGHAI)
    load_plan(session, SYSTEM, now=first)
    script = Script(session, cast.enter(session, hashes, now=first), now)
    anchors.prepare(script)
    landings.prepare(script, stock)
    negotiations.prepare(script)
    habits.prepare(script)
    script.play()
