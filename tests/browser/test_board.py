"""The board in the browser: moved by keys, refused after a drag, sent to a form; cards on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import update

from crm.leads.models import Lead
from tests.browser.conftest import Shoot, Windows
from tests.browser.watch import axe, settle, sideways
from tests.factories import work
from tests.factories.city import City


def column(page: Page, stage: str) -> Locator:
    """The cards of a stage."""
    return page.locator(f"[data-stage={stage}]")


def press(page: Page, card: Locator, word: str) -> None:
    """Open the card's menu and press the entry of this name, without a mouse."""
    card.locator("summary").focus()
    page.keyboard.press("Enter")
    card.get_by_role("button", name=word).focus()
    page.keyboard.press("Enter")


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_refused_card_goes_back_and_by_keys_it_moves_or_opens_the_form_it_needs(
    windows: Windows, city: City, shoot: Shoot
) -> None:
    lead_id = work.lead(city, "kunqu_officer")
    page = windows.open("kunqu_officer")
    page.goto("/leads/board")
    settle(page)
    card = page.locator(f"#card-{lead_id}")

    with city.write() as session:  # somebody else, in the meantime
        session.execute(update(Lead).where(Lead.id == lead_id).values(version=Lead.version + 1))
    card.drag_to(column(page, "contacted"))
    expect(page.locator(".toast-bad")).to_be_visible()
    expect(column(page, "identified").locator(card)).to_be_visible()
    shoot(page, "board-refused-1440")

    page.reload()
    settle(page)
    press(page, card, "对接")
    expect(column(page, "contacted").locator(card)).to_be_visible()
    expect(page.locator("#total-contacted .tab-count")).to_have_text("1")
    expect(page.locator("[data-board-says]")).to_have_text("已移到“对接”。")
    expect(card.locator("summary")).to_be_focused()
    assert (axe(page), sideways(page)) == ([], 0)
    shoot(page, "board-moved-1440")

    press(page, card, "洽谈")  # its investor has no name yet
    page.wait_for_url(f"**/leads/{lead_id}/edit")


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_on_a_phone_the_list_is_cards_and_a_card_of_the_board_is_moved_by_a_tap(
    windows: Windows, city: City, shoot: Shoot
) -> None:
    lead_id = work.lead(city, "kunqu_officer")
    page = windows.open("kunqu_officer", 390)
    page.goto("/leads")
    settle(page)
    expect(page.locator("main td.td-main")).to_have_css("display", "block")
    expect(page.locator(".chips-sum")).to_contain_text("1 条")
    assert (axe(page), sideways(page)) == ([], 0)
    shoot(page, "list-cards-390")

    page.locator("main a[href*='/leads/board']").click()
    settle(page)
    card = page.locator(f"#card-{lead_id}")
    card.locator("summary").click()
    shoot(page, "board-menu-390")
    card.get_by_role("button", name="对接").click()
    expect(page.locator("#tab-contacted")).to_have_text("1")
    expect(card).to_be_hidden()
    assert (axe(page), sideways(page)) == ([], 0)
