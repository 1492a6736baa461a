"""`crm init`, `crm migrate`, `crm audit verify` and the others: what they do and how they refuse."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.doors.command import crm


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A system made by `crm init`; tests copy it before they change it."""
    folder = tmp_path_factory.mktemp("made") / "var"
    answer = crm(folder, "init", "--username", "Root", "--name", "老王", "--unit", "某市招商局")
    assert answer.returncode == 0, answer.stderr
    assert "/invitation/" in answer.stdout
    return folder


def copy_of(made: Path, target: Path) -> Path:
    target.mkdir()
    with sqlite3.connect(made / "crm.db") as source, sqlite3.connect(target / "crm.db") as copy:
        source.backup(copy)
    (target / "secret-key").write_text((made / "secret-key").read_text())
    return target


def test_init_asks_for_what_it_was_not_told(tmp_path: Path) -> None:
    answer = crm(tmp_path / "var", "init", "--unit", "某局", answer="boss\n王主任\n")

    assert answer.returncode == 0, answer.stderr
    with sqlite3.connect(tmp_path / "var" / "crm.db") as connection:
        people = connection.execute("SELECT username, name, role FROM person").fetchall()
        units = connection.execute("SELECT name, kind FROM unit").fetchall()
    assert people == [("boss", "王主任", "administrator")]
    assert units == [("某局", "bureau")]


def test_init_refuses_where_a_system_is_and_names_the_way_back_in(made: Path) -> None:
    answer = crm(made, "init", "--username", "a", "--name", "b", "--unit", "c")

    assert answer.returncode == 1
    assert "crm link" in answer.stderr


def test_init_with_a_bad_account_leaves_nothing_behind(tmp_path: Path) -> None:
    folder = tmp_path / "var"
    answer = crm(folder, "init", "--username", "no blanks", "--name", "b", "--unit", "c")
    assert answer.returncode == 1
    assert answer.stderr.count("\n") == 1

    again = crm(folder, "init", "--username", "fine", "--name", "b", "--unit", "c")
    assert again.returncode == 0, again.stderr


def test_a_link_lets_somebody_in_again(made: Path, tmp_path: Path) -> None:
    folder = copy_of(made, tmp_path / "var")

    answer = crm(folder, "link", "root", "--address", "https://crm.example.cn/")

    assert answer.returncode == 0, answer.stderr
    assert "https://crm.example.cn/invitation/" in answer.stdout
    assert crm(folder, "link", "nobody").returncode == 1


def test_the_audit_of_a_fresh_system_holds(made: Path) -> None:
    answer = crm(made, "audit", "verify")

    assert answer.returncode == 0
    assert answer.stdout.startswith("The audit holds:")


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE audit_entry SET actor_name = 'x' WHERE id = 2", "entry 2 "),
        ("DELETE FROM audit_entry WHERE id = 3", "entry 3 was removed"),
        ("DELETE FROM audit_seal", "entry 1 "),
    ],
)
def test_a_tampered_audit_is_named_with_exit_code_one(
    made: Path, tmp_path: Path, statement: str, named: str
) -> None:
    folder = copy_of(made, tmp_path / "var")
    with sqlite3.connect(folder / "crm.db") as connection:
        for table in ("audit_entry", "audit_seal"):
            for verb in ("update", "delete"):
                connection.execute(f"DROP TRIGGER {table}_no_{verb}")
        connection.execute(statement)

    answer = crm(folder, "audit", "verify")

    assert answer.returncode == 1
    assert named in answer.stderr
    assert answer.stderr.count("\n") == 1


def test_backup_and_restore_by_the_command_line(made: Path, tmp_path: Path) -> None:
    archive = tmp_path / "b.zip"
    assert crm(made, "backup", str(archive)).returncode == 0
    assert crm(made, "backup", str(archive)).returncode == 1
    refused = crm(made, "restore", str(archive))
    assert refused.returncode == 1
    assert "not empty" in refused.stderr

    answer = crm(tmp_path / "other", "restore", str(archive))

    assert answer.returncode == 0, answer.stderr
    assert crm(tmp_path / "other", "audit", "verify").returncode == 0
    assert "up to date" in crm(tmp_path / "other", "migrate").stdout


def test_commands_on_nothing_say_what_to_do(tmp_path: Path) -> None:
    for words in (("audit", "verify"), ("backup", str(tmp_path / "b.zip")), ("link", "root")):
        answer = crm(tmp_path / "var", *words)
        assert answer.returncode == 1
        assert "crm init" in answer.stderr


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"PORT": "x"}, "PORT takes a whole number"),
        ({"CRM_DATABASE_URL": "postgresql+psycopg://localhost:1/x"}, "does not answer"),
        ({"PORT": "99999"}, "no address to listen on"),
    ],
)
def test_a_setting_that_cannot_be_is_one_line(
    tmp_path: Path, settings: dict[str, str], named: str
) -> None:
    answer = crm(tmp_path / "var", "run", **settings)

    assert answer.returncode == 1
    assert named in answer.stderr
    assert answer.stderr.count("\n") == 1
    assert "Traceback" not in answer.stderr


def test_leads_are_recounted_and_found_right(made: Path, tmp_path: Path) -> None:
    answer = crm(copy_of(made, tmp_path / "var"), "leads", "recount")

    assert answer.stdout.startswith("0 leads differed")


def test_everything_is_counted_again_and_found_right(made: Path, tmp_path: Path) -> None:
    answer = crm(copy_of(made, tmp_path / "var"), "recount")

    assert answer.stdout.startswith(
        "Facts of 0 projects and 0 receipts differed, 0 answers changed"
    )


def test_a_migration_needs_a_verb_and_a_noun_and_something_to_do(tmp_path: Path) -> None:
    assert "<verb>_<noun>" in crm(tmp_path / "var", "migrate", "--new", "Budget").stderr
    assert "agree" in crm(tmp_path / "var", "migrate", "--new", "add_budget").stderr
