"""Who acts: a value handed to every operation and query, never taken from the air."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True)
class Actor:
    """A signed-in person as operations and queries see him.

    Attributes:
        id: the person's number; None for the system itself (jobs, first set-up).
        unit_path: the path of his unit in the tree ("/1/4/"); a unit is below it when its path starts so.
        permissions: the values of `accounts.rules.Permission` that his role gives.
        sees_confidential: a manager, who reads the confidential leads at or below his unit.
    """

    id: int | None
    name: str
    unit_id: int | None
    unit_path: str
    role: str
    permissions: frozenset[str]
    sees_confidential: bool = False

    def may(self, *permissions: StrEnum) -> bool:
        """Whether his role gives every one of these."""
        return all(permission.value in self.permissions for permission in permissions)
