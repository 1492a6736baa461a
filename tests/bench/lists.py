"""The list and the board of leads on many leads: for a manager, a reviewer, an officer of few.

Bars are the issue's: 150 ms for a page, first or far in; the count and sum come after the rows, within 1 s.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from crm.core.paging import write_mark
from crm.leads.models import Lead
from tests.bench.harness import Suite, Visit
from tests.bench.leads import fill
from tests.factories.city import City

PAGE_MS, TOTAL_MS = 150, 1_000
MANAGER, REVIEWER, OFFICER = "city_manager", "qingshan_reviewer", "qingshan_officer"
FAR = 50_000
"""Page 1,000 begins after so many rows; with fewer leads, in their middle."""


def _far(city: City) -> str:
    """The mark after which page 1,000 of everything begins, by falling amount."""
    with city.database.read() as session:
        count = session.scalar(select(func.count()).select_from(Lead)) or 0
        row = session.execute(
            select(Lead.amount_low, Lead.id)
            .order_by(Lead.amount_low.desc(), Lead.id.desc())
            .offset(min(FAR, count // 2))
            .limit(1)
        ).one()
    return write_mark(row.amount_low, row.id)


def _visits(city: City) -> Sequence[Visit]:
    chain = city.chain_id("稀土")
    everywhere = {
        "list": "/leads?view=all",
        "list, silent, by amount": "/leads?silence=silent&sort=-amount",
        "list, chain, by owner": f"/leads?chain={chain}&sort=owner",
        "list, nothing found": f"/leads?chain={chain}&stage=signed&standing=lost",
        "board": "/leads/board",
    }
    found = [
        Visit(name, who, address, PAGE_MS)
        for who in (MANAGER, REVIEWER, OFFICER)
        for name, address in everywhere.items()
    ]
    found += [
        Visit(
            "page 1,000", MANAGER, f"/leads?standing=all&sort=-amount&after={_far(city)}", PAGE_MS
        ),
        Visit("count and sum", MANAGER, "/leads/totals?silence=silent", TOTAL_MS, grows=False),
        Visit("count and sum, all", MANAGER, "/leads/totals?standing=all", TOTAL_MS, grows=False),
        Visit("board's sums", MANAGER, "/leads/board/totals", TOTAL_MS, grows=False),
    ]
    return found


SUITE = Suite("lists", 100_000, 1, fill, _visits)
