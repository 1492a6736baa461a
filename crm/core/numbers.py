"""Numbers that people say: XS-2025-0042, counted by year without gaps."""

from __future__ import annotations

from sqlalchemy import Integer, String
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from crm.core.database import Base


class NumberSeries(Base):
    """The last number given of a series in a year."""

    __tablename__ = "number_series"

    series: Mapped[str] = mapped_column(String(8), primary_key=True)
    year: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    last: Mapped[int]


def next_number(session: Session, series: str, year: int) -> str:
    """The next number, "XS-2025-0042": one statement that locks the series until the commit.

    A transaction that fails gives its number back.
    """
    return next_numbers(session, series, year, 1)[0]


def next_numbers(session: Session, series: str, year: int, count: int) -> list[str]:
    """As many numbers at once, in one statement."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(NumberSeries).values(series=series, year=year, last=count)
    last = session.execute(
        statement.on_conflict_do_update(
            index_elements=["series", "year"], set_={"last": NumberSeries.last + count}
        ).returning(NumberSeries.last)
    ).scalar_one()
    return [f"{series}-{year}-{number:04d}" for number in range(last - count + 1, last + 1)]
