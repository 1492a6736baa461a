"""Ids in addresses: what the database cannot hold does not exist."""

from __future__ import annotations

from werkzeug.routing import IntegerConverter, Map


class IdConverter(IntegerConverter):
    """`<id:lead_id>`: 1 to 2^63 − 1; anything else is 404, not a failing query."""

    def __init__(self, map: Map) -> None:
        super().__init__(map, min=1, max=2**63 - 1)
