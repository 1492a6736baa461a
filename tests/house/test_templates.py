"""Every template compiles, has a title, names endpoints that exist, and keeps to the CSP."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

from config import Config
from crm.app import create_app
from tests.house.source import TEMPLATES

ALL = sorted(TEMPLATES.rglob("*.html"))
PAGES = [path for path in ALL if "{% extends" in path.read_text(encoding="utf-8")]

FORBIDDEN = {
    "escaping switched off": re.compile(r"\|\s*safe\b|autoescape false|Markup\("),
    "inline style": re.compile(r"\sstyle\s*=|<style\b", re.I),
    "inline handler": re.compile(r"\son[a-z]+\s*=\s*[\"']", re.I),
    "evaluated htmx": re.compile(r"hx-on|hx-vars|hx-vals=[\"']js:|hx-trigger=[\"'][^\"']*\["),
    "another host": re.compile(r"(?:src|href)=[\"']https?://", re.I),
}
INLINE_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>", re.I)
ENDPOINT = re.compile(r"url_for\(\s*[\"']([a-z_.]+)[\"']")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application without a database behind it."""
    folder = tmp_path_factory.mktemp("house")
    return create_app(Config("x" * 40, folder, f"sqlite:///{folder / 'none.db'}"))


def name(path: Path) -> str:
    """leads/detail.html."""
    return str(path.relative_to(TEMPLATES))


@pytest.mark.parametrize("path", ALL, ids=name)
def test_it_compiles(house: Flask, path: Path) -> None:
    house.jinja_env.get_template(name(path))


@pytest.mark.parametrize("path", ALL, ids=name)
def test_it_keeps_to_the_content_security_policy(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    found = [what for what, pattern in FORBIDDEN.items() if pattern.search(text)]
    assert found + ["inline script"] * bool(INLINE_SCRIPT.search(text)) == []


@pytest.mark.parametrize("path", ALL, ids=name)
def test_it_names_endpoints_that_exist(house: Flask, path: Path) -> None:
    named = set(ENDPOINT.findall(path.read_text(encoding="utf-8")))
    assert {one for one in named if one not in house.view_functions} == set()


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_a_page_has_a_title(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    extends_a_layout = re.search(r"\{% extends \"_layout/", text)
    assert not extends_a_layout or "{% block title %}" in text or path.parent.name == "_layout"
