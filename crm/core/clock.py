"""The one place that asks what time it is."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """This moment, aware, in Asia/Shanghai."""
    return datetime.now(SHANGHAI)


def day_of(moment: datetime) -> date:
    """The Shanghai day of an aware moment: the day that rules speak of."""
    return moment.astimezone(SHANGHAI).date()
