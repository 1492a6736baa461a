"""Two words find anything: a feature is a directory, a role is a file name."""

from __future__ import annotations

import ast
from pathlib import Path

from config import HOUSE
from tests.house.source import CRM, FEATURES, by_role, functions, modules, place, role, tree

ROLES = {
    "views", "api", "jobs", "sheets", "forms", "labels", "operations", "queries", "models", "rules",
}  # fmt: skip
NAMED_EXCEPTIONS = {
    ("accounts", "login"),  # Flask-Login's wiring
    ("audit", "triggers"),  # what makes it append-only, for the migrations
    ("counting", "triggers"),  # what the database itself refuses, for the migrations
    ("goals", "triggers"),
    ("ledger", "triggers"),
    ("reminders", "letters"),  # what a letter says
}
DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc", "tools", "stuff"}
TOP_LEVEL = {
    "crm", "migrations", "static", "templates", "tests", "config.py", "README.md", "Makefile",
    "pyproject.toml", "babel.cfg", "requirements.in", "requirements.txt", "requirements-dev.in",
    "requirements-dev.txt", ".ci", ".gitignore", ".git",
}  # fmt: skip
LONGEST = 400


def test_a_feature_holds_only_files_of_the_vocabulary() -> None:
    strange = {
        place(path)
        for path in modules()
        if path.relative_to(CRM).parts[0] in set(FEATURES) - {"demo"}
        and path.name != "__init__.py"
        and role(path) not in ROLES
        and (path.relative_to(CRM).parts[0], role(path)) not in NAMED_EXCEPTIONS
    }
    assert strange == set()


def test_there_is_no_drawer() -> None:
    parts = {part.removesuffix(".py") for path in modules() for part in path.parts}
    assert parts & DRAWERS == set()


def test_a_package_says_what_it_is_and_holds_no_code_in_its_init() -> None:
    def only_a_docstring(path: Path) -> bool:
        body = tree(path).body
        return len(body) <= 1 and all(isinstance(node, ast.Expr) for node in body)

    inits = [path for path in modules() if path.name == "__init__.py"]
    assert [place(path) for path in inits if not only_a_docstring(path)] == []
    assert [
        name for name in FEATURES if not ast.get_docstring(tree(CRM / name / "__init__.py"))
    ] == []


def test_no_file_has_grown_past_reading() -> None:
    long = {
        place(path): length
        for path in modules()
        if (length := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST
    }
    assert long == {}


def test_every_module_and_every_public_function_says_what_it_is() -> None:
    silent = []
    for path in modules():
        if path.name != "__init__.py" and not ast.get_docstring(tree(path)):
            silent.append(place(path))
        for node in tree(path).body:
            public = isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name[0] != "_"
            if public and not ast.get_docstring(node):
                silent.append(place(path, node))
    assert silent == []


def test_nothing_stands_at_the_top_that_the_layout_does_not_name() -> None:
    import subprocess

    tracked = subprocess.run(
        ["git", "ls-files"], cwd=HOUSE, capture_output=True, text=True, check=True
    )
    assert {line.split("/")[0] for line in tracked.stdout.splitlines()} <= TOP_LEVEL


def test_operations_and_queries_take_the_session_first() -> None:
    wrong = [
        place(path, function)
        for name in ("operations",)
        for path in by_role(name)
        for function in functions(path)
        if not function.name.startswith("_")
        and (not function.args.args or function.args.args[0].arg != "session")
    ]
    assert wrong == []
