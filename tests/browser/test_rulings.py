"""A manager judges two leads of one credit code, at the desk and on the phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Shoot, Windows
from tests.browser.hands import choose, fill, go, send
from tests.browser.watch import WIDTHS, axe, settle, sideways
from tests.factories import work
from tests.factories.city import City

CODE = "91150200114392559Q"


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_two_leads_of_one_code_are_judged(
    windows: Windows, city: City, shoot: Shoot, width: int, language: str
) -> None:
    firm = work.firm(city, "kunqu_officer", "玄武股份有限公司", credit_code=CODE)
    for title in ("玄武一号", "玄武二号"):
        work.lead(city, "kunqu_officer", title, company_id=firm)
    page = windows.open("kunqu_manager", width, language)
    page.goto("/rulings")
    settle(page)
    shoot(page, f"rulings-{width}-{language}")
    assert (axe(page), sideways(page)) == ([], 0)
    go(page, "/rulings/twins/1")
    shoot(page, f"rulings-twins-{width}-{language}")
    assert (axe(page), sideways(page)) == ([], 0)
    choose(page, "judgement", "different")
    fill(page, why="两个厂区，各自推进")
    send(page)
    expect(page.locator("main")).to_contain_text("玄武二号")
    page.goto("/leads/2")
    expect(page.locator(".page-aside")).to_contain_text("两个厂区，各自推进")
    shoot(page, f"lead-judged-{width}-{language}")
