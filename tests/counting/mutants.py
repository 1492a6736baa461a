"""Mutated copies of the rules: the same modules executed afresh in memory, one of them changed."""

from __future__ import annotations

import ast
import copy
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import CodeType, ModuleType

from config import HOUSE
from tests.counting.given import Case

RULES = [
    f"crm.counting.rules.{name}"
    for name in (
        "facts",
        "plain",
        "sets",
        "books",
        "decisions",
        "investment",
        "starts",
        "receipts",
        "goals",
    )
]
CASES = [
    f"tests.counting.{name}"
    for name in ("given", "starts", "receipts", "steps", "reaching", "named", "cases")
]

Edge = tuple[type[ast.cmpop], type[ast.cmpop]]
EDGES: tuple[Edge, ...] = (
    (ast.Lt, ast.LtE),
    (ast.LtE, ast.Lt),
    (ast.Gt, ast.GtE),
    (ast.GtE, ast.Gt),
)


def path_of(module: str) -> Path:
    """Where a module of the house is written."""
    return HOUSE.joinpath(*module.split(".")).with_suffix(".py")


@cache
def tree_of(module: str) -> ast.Module:
    """A module's syntax tree, not to be changed."""
    return ast.parse(path_of(module).read_text(encoding="utf-8"))


@cache
def _code(module: str) -> CodeType:
    return compile(tree_of(module), str(path_of(module)), "exec")


def cases_under(module: str, changed: ast.Module) -> list[Case]:
    """All named cases, asked of the rules with one module changed; the real ones stay as they are."""
    names = RULES + CASES
    packages = {name: sys.modules[name.rpartition(".")[0]] for name in names}
    saved = {name: sys.modules.pop(name, None) for name in names}
    try:
        for name in names:
            fresh = ModuleType(name)
            fresh.__file__ = str(path_of(name))
            sys.modules[name] = fresh
            setattr(packages[name], name.rpartition(".")[2], fresh)
            code = compile(changed, str(path_of(name)), "exec") if name == module else _code(name)
            exec(code, fresh.__dict__)  # noqa: S102  (our own source)
        found: list[Case] = sys.modules["tests.counting.cases"].CASES
        return found
    finally:
        for name, original in saved.items():
            if original is not None:
                sys.modules[name] = original
                setattr(packages[name], name.rpartition(".")[2], original)
            else:
                sys.modules.pop(name, None)


def noticed_by(module: str, changed: ast.Module) -> str:
    """The name of the first case that answers otherwise; "" where no case notices."""
    for case in cases_under(module, changed):
        try:
            same = case.ask() == case.expected
        except Exception:
            same = False
        if not same:
            return case.name
    return ""


def replaced(module: str, old: str, new: str) -> ast.Module:
    """The module with an expression or statement written otherwise; it must stand there exactly once."""
    wanted, found = ast.dump(_snippet(old)), 0

    class Replace(ast.NodeTransformer):
        def visit(self, node: ast.AST) -> ast.AST:
            nonlocal found
            if isinstance(node, ast.expr | ast.stmt) and ast.dump(node) == wanted:
                found += 1
                return _snippet(new)
            return self.generic_visit(node)

    tree = Replace().visit(copy.deepcopy(tree_of(module)))
    if found != 1:
        raise LookupError(f"{old!r} stands {found} times in {module}")
    return _whole(tree)


def lines_dropped(module: str) -> Iterator[tuple[str, ast.Module]]:
    """Each line of each table of rules left out: (its reason, the module without it)."""
    for number, line in enumerate(_table_lines(tree_of(module))):
        tree = copy.deepcopy(tree_of(module))
        for node in ast.walk(tree):
            if isinstance(node, ast.Tuple):
                node.elts = [one for one in node.elts if one is not _nth(tree, number)]
        yield ast.unparse(line.args[0]), _whole(tree)


def edges_moved(module: str) -> Iterator[tuple[str, ast.Module]]:
    """Each < made ≤, each ≥ made > and so on: (where, the module with it)."""
    count = len(list(_edges(tree_of(module))))
    for number in range(count):
        tree = copy.deepcopy(tree_of(module))
        node, place, new = list(_edges(tree))[number]
        where = f"line {node.lineno}: {ast.unparse(node)}"
        node.ops[place] = new()
        yield f"{where} → {ast.unparse(node)}", _whole(tree)


def _edges(tree: ast.Module) -> Iterator[tuple[ast.Compare, int, type[ast.cmpop]]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            for place, op in enumerate(node.ops):
                for old, new in EDGES:
                    if isinstance(op, old):
                        yield node, place, new


def _table_lines(tree: ast.Module) -> list[ast.Call]:
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Rule"
    ]


def _nth(tree: ast.Module, number: int) -> ast.Call | None:
    cached: list[ast.Call] | None = getattr(tree, "lines", None)
    if cached is None:
        cached = _table_lines(tree)
        setattr(tree, "lines", cached)  # noqa: B010  (a note of our own on the tree)
    return cached[number]


def _snippet(text: str) -> ast.AST:
    (statement,) = ast.parse(text).body
    return statement.value if isinstance(statement, ast.Expr) else statement


def _whole(tree: ast.Module) -> ast.Module:
    return ast.fix_missing_locations(tree)


Survey = Callable[[str], Iterator[tuple[str, ast.Module]]]
