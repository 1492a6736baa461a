"""A column among many numbers, handed over as one value: thousands of them cost one parameter."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, func, literal, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class _Listed(FunctionElement[int]):
    """The numbers of a text "[1,2,3]", as a sub-select of one column."""

    type = BigInteger()
    inherit_cache = True


def among(column: Any, numbers: Collection[int]) -> ColumnElement[bool]:
    """The column is one of the numbers; of none, it is not."""
    told = literal(f"[{','.join(map(str, sorted(numbers)))}]")
    found: ColumnElement[bool] = column.bool_op("IN")(_Listed(told))
    return found


@compiles(_Listed, "sqlite")
def _on_sqlite(element: _Listed, compiler: SQLCompiler, **how: Any) -> str:
    (told,) = element.clauses
    listed = func.json_each(told).table_valued("value")
    return compiler.process(select(listed.c.value).scalar_subquery(), **how)


@compiles(_Listed, "postgresql")
def _on_postgresql(element: _Listed, compiler: SQLCompiler, **how: Any) -> str:
    (told,) = element.clauses
    return f"(SELECT unnest(CAST(translate({compiler.process(told, **how)}, '[]', '{{}}') AS BIGINT[])))"
