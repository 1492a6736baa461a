"""Every enum that people see has words, and one gate's permissions are in order."""

from __future__ import annotations

import importlib
import inspect
from enum import StrEnum

from crm.accounts.rules import GRANTS, Permission, Role
from crm.app import WORDS
from crm.core.columns import Choice
from crm.core.database import Base
from tests.house.source import by_role


def test_every_enum_in_a_column_has_words_for_all_its_members() -> None:
    kinds = {
        column.type.kind
        for table in Base.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, Choice)
    }
    missing = []
    for kind in kinds:
        for member in kind:
            try:
                assert str(WORDS(member))
            except KeyError:
                missing.append(f"{kind.__name__}.{member.name}")
    assert sorted(missing) == []


def test_permissions_stand_in_alphabetical_order_and_each_is_given_to_somebody() -> None:
    names = [permission.name for permission in Permission]
    assert names == sorted(names)
    assert set(Permission) == set().union(*GRANTS.values())
    assert set(GRANTS) == set(Role)


def test_members_of_an_enum_are_said_in_lower_case_values() -> None:
    for path in by_role("rules"):
        feature = path.parts[path.parts.index("crm") :]
        module = importlib.import_module(".".join(feature).removesuffix(".py"))
        for _name, kind in inspect.getmembers(module, inspect.isclass):
            if issubclass(kind, StrEnum) and kind.__module__ == module.__name__:
                assert all(member.value == member.value.lower() for member in kind)
