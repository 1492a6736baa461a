"""The rules of the road, read off the syntax trees."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.house.source import by_role, called, functions, modules, place, tree

ASKS_THE_TIME = {"now", "today", "utcnow"}
SLOW = {
    "hash_password", "matches", "keep", "receive", "get_data", "get_json", "read_text",
    "read_bytes", "urlopen", "sleep",
}  # fmt: skip
AUDITS = {"record", "record_each", "record_values"}


def test_the_clock_alone_asks_the_time() -> None:
    asking = [
        place(path, node)
        for path in modules()
        if path.name != "clock.py"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ASKS_THE_TIME
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in {"datetime", "date", "time"}
    ]
    assert asking == []


def test_nobody_commits_but_the_two_doors_of_the_database() -> None:
    committing = [
        place(path)
        for path in modules()
        if path.name != "database.py" and "commit" in called(tree(path))
    ]
    assert committing == []


def test_money_never_becomes_a_float() -> None:
    """Plumbing may wait half a second, the demo's dice have odds; where money and rules live is none."""
    waiting = ("crm/core/", "crm/cli/", "crm/scheduler.py", "crm/demo/")
    floating = [
        place(path, node)
        for path in modules()
        for node in ast.walk(tree(path))
        if (isinstance(node, ast.Name) and node.id == "float")
        or (isinstance(node, ast.Constant) and isinstance(node.value, float))
    ]
    assert [where for where in floating if not where.startswith(waiting)] == []


def test_below_the_doors_nobody_takes_the_actor_from_the_air() -> None:
    roles = ("forms", "operations", "queries", "models", "rules", "sheets")
    grabbing = [
        place(path)
        for name in roles
        for path in by_role(name)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom)
        and (
            node.module == "flask_login"
            or (node.module == "crm.core.request" and any(a.name == "here" for a in node.names))
            or (
                node.module == "flask"
                and any(a.name in {"g", "request", "session"} for a in node.names)
            )
        )
    ]
    assert grabbing == []


@pytest.mark.parametrize("path", by_role("operations"), ids=place)
def test_every_operation_leaves_a_trace(path: Path) -> None:
    """Itself, or through another function of the same module or another package's operation."""
    local = {function.name: function for function in functions(path)}

    def traces(name: str, seen: frozenset[str] = frozenset()) -> bool:
        names = called(local[name])
        if names & (AUDITS | TRACED_ELSEWHERE):
            return True
        return any(traces(other, seen | {name}) for other in (names & set(local)) - seen - {name})

    silent = [
        place(path, function)
        for name, function in local.items()
        if not name.startswith("_") and (name not in UNTRACED) and not traces(name)
    ]
    assert silent == []


def _public_operations() -> set[str]:
    return {
        function.name
        for path in by_role("operations")
        for function in functions(path)
        if not function.name.startswith("_")
    }


UNTRACED = {
    "record", "record_each", "record_values", "seal", "seal_chapter",  # the audit itself
    "readable", "writable",  # a firm fetched and locked for the operation that goes on
    "hang", "come_with",  # papers, named by the entry of what they came with
    "ask_for_pictures",  # the run is a row of its own, and nothing about the file changes
    "claim", "settle",  # a letter's own row is the log of how it went
    "gathering",  # writes nothing: what waits leaves its entries when it is decided on
    "note_problems",  # a lead's columns kept in step with its problems, each with its own entry
    "share",  # kept in step with a lead or project, whose own change is the entry
    "index_content",  # the same
}  # fmt: skip
"""Operations that leave no entry of their own, each with its reason; short on purpose."""

TRACED_ELSEWHERE = _public_operations() - UNTRACED


@pytest.mark.parametrize("path", by_role("operations"), ids=place)
def test_an_operation_does_nothing_slow_while_it_holds_the_write_lock(path: Path) -> None:
    assert called(tree(path)) & SLOW == set()


@pytest.mark.parametrize("path", by_role("views"), ids=place)
def test_the_effect_of_a_form_does_nothing_slow_while_it_holds_the_write_lock(path: Path) -> None:
    effects = [
        node
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef) and node.name == "effect"
    ]
    assert [place(path, node) for node in effects if called(node) & SLOW] == []
    blocks = [
        node
        for node in ast.walk(tree(path))
        if isinstance(node, ast.With)
        and any("write" in called(item.context_expr) for item in node.items)
    ]
    assert [place(path, node) for node in blocks if called(node) & SLOW] == []


@pytest.mark.parametrize("path", by_role("queries"), ids=place)
def test_a_query_never_writes(path: Path) -> None:
    assert called(tree(path)) & {"add", "add_all", "delete", "flush", "record"} - {"add"} == set()
