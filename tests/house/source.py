"""The project's own source, as the house tests read it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from config import HOUSE

CRM = HOUSE / "crm"
TEMPLATES = HOUSE / "templates"

FEATURES = tuple(
    sorted(
        path.name
        for path in CRM.iterdir()
        if path.is_dir()
        and (path / "__init__.py").exists()
        and path.name not in {"core", "values", "cli"}
    )
)


def modules(pattern: str = "**/*.py") -> list[Path]:
    """The application's modules, by a glob below crm/."""
    return sorted(path for path in CRM.glob(pattern) if "__pycache__" not in path.parts)


def role(path: Path) -> str:
    """A module's role: operations, for both operations.py and operations/moves.py."""
    inside = path.relative_to(CRM).with_suffix("").parts
    return inside[1] if len(inside) > 1 else ""


def by_role(name: str) -> list[Path]:
    """Every module of one role, in all features."""
    return [path for path in modules() if role(path) == name and path.name != "__init__.py"]


@cache
def tree(path: Path) -> ast.Module:
    """A module's syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    """A module's top-level functions."""
    return (node for node in tree(path).body if isinstance(node, ast.FunctionDef))


def called(node: ast.AST) -> set[str]:
    """The last names of everything called below a node: `audit.record(…)` gives "record"."""
    names = set()
    for call in ast.walk(node):
        if isinstance(call, ast.Call):
            target = call.func
            if isinstance(target, ast.Name):
                names.add(target.id)
            elif isinstance(target, ast.Attribute):
                names.add(target.attr)
    return names


def place(path: Path, node: ast.AST | None = None) -> str:
    """Where to look: crm/leads/rules.py:12."""
    line = f":{node.lineno}" if isinstance(node, ast.stmt | ast.expr) else ""
    return f"{path.relative_to(HOUSE)}{line}"
