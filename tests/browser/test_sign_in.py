"""The way in and out."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Shoot, Windows
from tests.browser.watch import WIDTHS, axe, sideways
from tests.factories.city import PASSWORD

LANGUAGES = ("zh_CN", "en")


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sign_in_page_can_be_read_by_everybody(
    windows: Windows, shoot: Shoot, width: int, language: str
) -> None:
    page = windows.open(width=width, language=language)
    page.goto("/sign-in")

    assert axe(page) == []
    assert sideways(page) == 0
    shoot(page, f"sign-in-{width}-{language}")


@pytest.mark.parametrize("width", WIDTHS)
def test_a_person_signs_in_and_comes_to_the_page_he_asked_for(windows: Windows, width: int) -> None:
    page = windows.open(width=width)
    page.goto("/?filter=today")
    page.fill("input[name=username]", "kunqu_officer")
    page.fill("input[name=password]", "wrong wrong wrong")
    page.click("form button[type=submit]")
    page.wait_for_selector("[role=alert]")

    page.fill("input[name=password]", PASSWORD)
    page.click("form button[type=submit]")

    page.wait_for_url("**/?filter=today")
    assert page.locator("h1").inner_text()


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_signing_out_ends_the_session_on_the_server(windows: Windows) -> None:
    page = windows.open("kunqu_officer")
    page.goto("/")
    page.click(".person")
    page.click("form[action$='/sign-out'] button")

    page.wait_for_url("**/sign-in*")
    page.goto("/")
    assert "/sign-in" in page.url
