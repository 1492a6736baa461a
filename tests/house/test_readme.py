"""The README is the front door: its map, its commands and its settings are the real ones."""

from __future__ import annotations

import re
from dataclasses import fields

from config import HOUSE, Config
from tests.house.source import CRM, FEATURES

README = (HOUSE / "README.md").read_text(encoding="utf-8")


def test_the_map_names_every_package_and_no_other() -> None:
    rows = re.findall(r"^\| ((?:`crm/[a-z_/.]+`(?:, )?)+) \|", README, re.M)
    named = {
        re.sub(r"\.py$", "", place) for row in rows for place in re.findall(r"crm/([a-z_.]+)", row)
    }
    there = set(FEATURES) | {"cli", "core", "values", "translations"}
    there |= {path.stem for path in CRM.glob("*.py")} - {"__init__", "__main__"}
    assert named == there


def test_the_two_commands_are_named_and_exist() -> None:
    makefile = (HOUSE / "Makefile").read_text(encoding="utf-8")
    for target in ("run", "test", "check"):
        assert f"make {target}" in README
        assert re.search(rf"^{target}:", makefile, re.M)


def test_every_variable_of_the_configuration_is_in_the_table_and_no_other() -> None:
    source = (HOUSE / "config.py").read_text(encoding="utf-8")
    read = set(re.findall(r'"((?:CRM_[A-Z_]+)|HOST|PORT)"', source))
    table = set(
        re.findall(
            r"`((?:CRM_[A-Z_]+)|HOST|PORT)`", README.split("## Configuration")[1].split("\n## ")[0]
        )
    )
    assert table == read
    assert len(fields(Config)) <= len(read) + 1


def test_its_pictures_are_there() -> None:
    for picture in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", README):
        assert (HOUSE / picture).is_file()
