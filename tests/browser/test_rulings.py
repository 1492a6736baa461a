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


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("width", "language"), [(390, "zh_CN"), (1440, "en")])
def test_a_contested_first_report_is_ruled_on(
    windows: Windows, city: City, shoot: Shoot, width: int, language: str
) -> None:
    for who, title in (("kunqu_officer", "玄武一号"), ("qingshan_officer", "玄武二号")):
        work.lead(city, who, title, company_id=work.firm(city, who, "玄武股份有限公司"))
    holder = windows.open("kunqu_officer", width, language)
    holder.goto("/leads/1/protection")
    holder.locator(".page-actions .btn-primary, main .btn-primary").first.click()
    settle(holder)
    shoot(holder, f"protection-{width}-{language}")
    assert (axe(holder), sideways(holder)) == ([], 0)
    claimant = windows.open("qingshan_officer", width, language)
    claimant.goto("/leads/2/protection/contest")
    fill(claimant, reason="青山先谈")
    send(claimant)
    shoot(claimant, f"protection-contested-{width}-{language}")
    assert (axe(claimant), sideways(claimant)) == ([], 0)
    page = windows.open("city_manager", width, language)
    page.goto("/rulings/contests/1")
    settle(page)
    shoot(page, f"rulings-contest-{width}-{language}")
    assert (axe(page), sideways(page)) == ([], 0)
    choose(page, "ruling", "passes")
    fill(page, why="青山在先")
    send(page)
    expect(page.locator("main")).to_contain_text("玄武二号")
