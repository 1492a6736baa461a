"""The words of enums on screen: each feature has a `labels.py` with its table, the app joins them."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

Words = dict[type[StrEnum], dict[Any, Any]]
"""enum class → member → lazily translated text."""


class Labels:
    """All the words there are; `label(member)` in templates."""

    def __init__(self, *tables: Words) -> None:
        self._words: Words = {}
        for table in tables:
            self._words.update(table)

    def __call__(self, member: StrEnum | None) -> Any:
        """The text of a member; 待定 for None is said by the template, not here."""
        return "" if member is None else self._words[type(member)][member]

    def kinds(self) -> set[type[StrEnum]]:
        """The enums that have words, for the house test that finds the ones that have none."""
        return set(self._words)
