"""The search box answers while one types; steps are done and put off in their rows."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Shoot, Windows
from tests.browser.watch import WIDTHS, axe, settle, sideways
from tests.factories import work
from tests.factories.city import City


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize("width", WIDTHS)
def test_initials_find_a_lead_while_they_are_typed(
    windows: Windows, city: City, shoot: Shoot, width: int
) -> None:
    work.lead(city, "kunqu_officer", "弘元光伏拉晶项目")
    page = windows.open("kunqu_officer", width)
    page.goto("/")
    page.keyboard.press("/")
    page.keyboard.type("hygf")

    found = page.locator(".top-found a", has_text="弘元光伏拉晶项目")
    expect(found).to_be_visible()
    assert (axe(page), sideways(page)) == ([], 0)
    shoot(page, f"search-typing-{width}")
    found.click()
    expect(page.locator("h1")).to_contain_text("弘元光伏拉晶项目")


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_enter_shows_the_page_of_results(windows: Windows, city: City, shoot: Shoot) -> None:
    work.lead(city, "kunqu_officer", "弘元光伏拉晶项目")
    page = windows.open("kunqu_officer")
    page.goto("/")
    page.keyboard.press("/")
    page.keyboard.type("弘")
    page.keyboard.press("Enter")

    page.wait_for_url("**/search?q=*")
    settle(page)
    expect(page.locator("main a", has_text="弘元光伏拉晶项目")).to_be_visible()
    assert axe(page) == []
    shoot(page, "search-results-1440")


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize("width", WIDTHS)
def test_a_step_is_done_and_put_off_in_its_row(windows: Windows, city: City, width: int) -> None:
    work.lead(
        city, "kunqu_officer", "弘元光伏拉晶项目", next_step="陪同考察", next_step_on=work.today()
    )
    page = windows.open("kunqu_officer", width)
    page.goto("/?filter=today")
    page.locator(".desk-line a[hx-get*='/done']").click()
    slot = page.locator(".desk-slot form")
    slot.locator("input[name=next_step]").fill("签意向书")
    slot.locator("input[name=next_step_on]").fill(work.today().isoformat())
    slot.locator("button[type=submit]").click()

    expect(page.locator(".desk-line")).to_contain_text("签意向书")
    expect(page.locator(".toast-house")).to_be_visible()
    page.locator(".desk-line a[hx-get*='/postpone']").click()
    page.locator(".desk-slot input[name=next_step_on]").fill("2099-01-01")
    page.locator(".desk-slot button[type=submit]").click()
    expect(page.locator(".desk-line")).to_have_count(0)
