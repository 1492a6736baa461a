"""What is compiled for one test is kept for those after it: statements and templates.

Production compiles each statement and each page once a process. A test has a database and an application of
its own, and would compile all of them again: a first page took 400 ms of computing, the second 25.
"""

from __future__ import annotations

from typing import Any

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Engine
from sqlalchemy.engine import Dialect
from sqlalchemy.util import LRUCache

import crm.core.database as house

DIALECTS: dict[str, Dialect] = {}
STATEMENTS: LRUCache[Any, Any] = LRUCache(2000)

_make = house._engine


def _warm(url: str, sqlite: bool) -> Engine:
    """An engine that knows what engines of its kind have compiled: statements are kept by dialect."""
    engine = _make(url, sqlite)
    if engine.name not in DIALECTS:
        engine.connect().close()  # a dialect learns on its first connection whom it speaks to
        DIALECTS[engine.name] = engine.dialect
    engine.dialect = DIALECTS[engine.name]
    engine.update_execution_options(compiled_cache=STATEMENTS)
    return engine


class Pages(BytecodeCache):
    """Templates as code, by name and content, as long as the process lives."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        kept = self._kept.get((bucket.key, bucket.checksum))
        if kept is not None:
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


PAGES = Pages()


def keep_warm() -> None:
    """From now on every database of this process shares what is compiled."""
    house._engine = _warm
