"""Money to test with: reported, reviewed, confirmed, returned by the operations, at this moment."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from crm.core import clock
from crm.core.store import keep
from crm.counting.rules.facts import MoneyFrom
from crm.files.operations import Received
from crm.ledger.operations import judging, reporting
from crm.ledger.operations.checking import ReceiptDraft
from crm.ledger.operations.papers import Given
from crm.ledger.operations.reporting import ReportLine
from crm.ledger.rules import Paper, Price, ReceiptKind
from tests.factories.city import City
from tests.files.contents import PDF


def draft(now: datetime, yuan: int = 5_000_000, **told: Any) -> ReceiptDraft:
    """Working capital from outside the region that arrived today; questions are answered."""
    one = ReceiptDraft(
        arrived_on=clock.day_of(now),
        price=Price("CNY", Decimal(yuan)),
        kind=ReceiptKind.WORKING_CAPITAL,
        origin=MoneyFrom.OUTSIDE_REGION,
        payer="上海某某投资有限公司",
        sure=True,
        why_above="追加投资",
    )
    return replace(one, **told)


def slip(files: Path, content: bytes = PDF, name: str = "回单.pdf") -> Given:
    """A bank slip in the store."""
    return Given(Paper.BANK_SLIP, Received(keep(files, io.BytesIO(content), 10**8), name))


def upload(content: bytes = PDF, name: str = "回单.pdf") -> tuple[io.BytesIO, str]:
    """A file as a browser sends it."""
    return io.BytesIO(content), name


def reported(
    city: City,
    who: str,
    project_id: int,
    *papers: Given,
    now: datetime | None = None,
    **told: Any,
) -> int:
    """A receipt as an officer reports it."""
    now = now or clock.now()
    line = ReportLine(draft(now, **told), papers)
    with city.write() as session:
        rows = reporting.report_lines(session, city.actor(who), project_id, [line], now=now)
        return rows[0].id


def reviewed(city: City, who: str, number: int) -> int:
    """The district has checked it."""
    with city.write() as session:
        judging.review(session, city.actor(who), number, now=clock.now())
    return number


def confirmed(city: City, who: str, number: int) -> int:
    """The city has confirmed it."""
    with city.write() as session:
        judging.confirm(session, city.actor(who), number, now=clock.now())
    return number


def returned(city: City, who: str, number: int, reason: str = "金额与回单不符") -> int:
    """Sent back to be corrected."""
    with city.write() as session:
        judging.send_back(session, city.actor(who), number, reason=reason, now=clock.now())
    return number
