"""Arithmetic with days that both databases do alike."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Integer
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class days_between(FunctionElement[int]):  # noqa: N801  (a function of SQL, written as one)
    """How many days the second day lies after the first."""

    type = Integer()
    inherit_cache = True
    name = "days_between"


@compiles(days_between)
def _subtract(element: Any, compiler: Any, **how: Any) -> str:
    start, end = element.clauses
    return f"({compiler.process(end, **how)} - {compiler.process(start, **how)})"


@compiles(days_between, "sqlite")
def _julian(element: Any, compiler: Any, **how: Any) -> str:
    start, end = element.clauses
    start, end = compiler.process(start, **how), compiler.process(end, **how)
    return f"CAST(julianday({end}) - julianday({start}) AS INTEGER)"
