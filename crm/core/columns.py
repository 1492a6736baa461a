"""Column types that mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, String, Text, TypeDecorator
from sqlalchemy.orm import mapped_column, relationship

from crm.core.clock import SHANGHAI
from crm.values.money import Money

BIG = BigInteger().with_variant(Integer, "sqlite")

Key = Annotated[int, mapped_column(BIG, primary_key=True)]
"""A row's number: 64 bits on both databases."""


def sort_text(length: int) -> String:
    """Text that sorts and compares by bytes on both databases: sort keys, paths, normalised names."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


class Fen(TypeDecorator[Money]):
    """`Money` as integer fen in a BIGINT."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Money | None, dialect: Dialect) -> int | None:
        return None if value is None else value.fen

    def process_result_value(self, value: Any, dialect: Dialect) -> Money | None:
        return None if value is None else Money(int(value))


class Moment(TypeDecorator[datetime]):
    """An aware instant: stored in UTC, read back in Asia/Shanghai; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime has no place in the database")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        aware = value if value.tzinfo else value.replace(tzinfo=UTC)
        return aware.astimezone(SHANGHAI)


class Choice(TypeDecorator[Any]):
    """A StrEnum stored by its value; an unknown value in the database is an error, never a guess."""

    impl = String(32)
    cache_ok = True

    def __init__(self, kind: type[StrEnum]) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else self.kind(value).value

    def process_result_value(self, value: Any, dialect: Dialect) -> StrEnum | None:
        return None if value is None else self.kind(value)


LongText = Text()


def looked_up(**where: Any) -> Any:
    """The row that a number points to: there where a query loads it, written by its number alone.

    View-only, so that a flush of the pointing row does not walk every row it points to.
    """
    return relationship(lazy="raise", viewonly=True, **where)
