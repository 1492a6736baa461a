"""Nothing typed is lost: with an expired sign-in, a reload, a second tab, and no connection."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import delete

from crm.accounts.models import SignIn
from tests.browser.conftest import Windows
from tests.browser.watch import settle
from tests.factories.city import PASSWORD, City

LEAD = re.compile(r"/leads/\d+$")


def kept(page: Page, what: str = "saved") -> None:
    """Wait until the page says where the draft is."""
    expect(page.locator(f"[data-draft-state][data-is='{what}']")).to_be_visible()


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_draft_survives_a_second_tab_a_reload_and_an_expired_sign_in(
    windows: Windows, city: City
) -> None:
    page = windows.open("kunqu_officer", 390)
    page.goto("/leads/quick")
    settle(page)
    page.locator("#new_company").fill("玄武有限公司")
    page.locator("#content").fill("拉晶")
    kept(page)
    second = page.context.new_page()
    second.goto("/leads/quick")
    assert second.locator("#new_company").input_value() == "玄武有限公司"
    second.locator("#next_step").fill("拜访")
    kept(second)
    page.reload()
    settle(page)
    assert page.locator("#next_step").input_value() == "拜访"
    second.close()

    with city.write() as session:
        session.execute(delete(SignIn))
    windows.watch.expected.add(401)
    page.locator(".day-chip").first.click()
    page.locator("#quick .btn-primary").click()
    kept(page, "expired")
    with page.context.expect_page() as opened:
        page.locator("[data-draft-state] a").click()
    again = opened.value
    again.locator("[name=username]").fill("kunqu_officer")
    again.locator("[name=password]").fill(PASSWORD)
    again.locator("button[type=submit]").first.click()
    again.wait_for_url("**/leads/quick")
    again.close()
    page.bring_to_front()
    page.locator("#quick .btn-primary").click()
    page.wait_for_url(LEAD)
    expect(page.locator("main")).to_contain_text("玄武有限公司")
