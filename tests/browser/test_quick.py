"""A lead is logged on the phone in two minutes: every tap and field counted, every page load too."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Shoot, Windows
from tests.browser.watch import WIDTHS, axe, settle, sideways
from tests.factories import work
from tests.factories.city import City
from tests.files.contents import png

MOST_HANDS, MOST_LOADS = 12, 2
MESSAGE = (
    "李局您好，我是江苏双良新能源装备股份有限公司的张伟，电话138 0013 8000，"
    "我们计划在包头投资约3.5亿元建设还原炉项目"
)
LEAD = re.compile(r"/leads/\d+$")
FIRM = "江苏双良新能源装备股份有限公司"


@dataclass
class Hand:
    """One hand on the phone: counts what it does, and how often a page is loaded."""

    page: Page
    did: list[str] = field(default_factory=list)
    loads: int = 0

    def __post_init__(self) -> None:
        self.page.on("load", self._loaded)

    def _loaded(self, _page: Page) -> None:
        self.loads += 1

    def fill(self, name: str, text: str) -> None:
        """Fill a field."""
        self.did.append(f"fill {name}")
        self.page.locator(f"[name='{name}']").fill(text)

    def tap(self, selector: str) -> None:
        """Tap something."""
        self.did.append(f"tap {selector}")
        self.page.locator(selector).first.tap()


@pytest.fixture
def hand(windows: Windows) -> Hand:
    """An officer's phone with the home page on it."""
    page = windows.open("kunqu_officer", 390)
    page.goto("/")
    settle(page)
    return Hand(page)


def logged(hand: Hand) -> Page:
    """The lead's page, reached within the limits."""
    page = hand.page
    page.wait_for_url(LEAD)
    settle(page)
    assert len(hand.did) <= MOST_HANDS, hand.did
    assert hand.loads <= MOST_LOADS
    return page


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_card_in_the_hand_becomes_a_lead_in_twelve_interactions(
    hand: Hand, city: City, shoot: Shoot
) -> None:
    work.firm(city, "kunqu_officer", FIRM)
    hand.tap(".bottom-new")
    hand.page.wait_for_url("**/leads/quick")
    hand.did.append("type new_company")
    hand.page.locator("#new_company").press_sequentially("jssl")
    hand.tap(".suggest-option")
    hand.fill("content", "还原炉项目")
    hand.fill("contact_name", "张伟")
    hand.fill("contact_phone", "13800138000")
    hand.fill("next_step", "约见")
    hand.tap(".day-chip >> nth=1")
    hand.fill("amount", "约3.5亿")
    shoot(hand.page, "quick-typed-390")
    hand.tap("#quick .btn-primary")
    page = logged(hand)
    expect(page.locator("main")).to_contain_text(FIRM)
    expect(page.locator("main")).to_contain_text("约见")
    assert len(hand.did) == 10


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_a_pasted_message_becomes_a_lead_in_fewer(hand: Hand, shoot: Shoot, tmp_path: Path) -> None:
    card = tmp_path / "名片.png"
    card.write_bytes(png())
    hand.tap(".bottom-new")
    hand.page.wait_for_url("**/leads/quick")
    hand.fill("pasted", MESSAGE)
    expect(hand.page.locator("[data-fill-all]")).to_be_visible()
    shoot(hand.page, "quick-recognised-390")
    assert hand.page.locator("#new_company").input_value() == ""  # offered, not taken over
    hand.tap("[data-fill-all]")
    hand.fill("content", "还原炉项目")
    hand.fill("next_step", "约见")
    hand.tap(".day-chip >> nth=0")
    hand.did.append("take a photo")
    hand.page.locator("input[name=photo]").set_input_files(card)
    assert hand.page.locator("input[name=photo]").get_attribute("capture") == "environment"
    expect(hand.page.locator(".file-names")).to_contain_text("名片.png")
    hand.tap("#quick .btn-primary")
    page = logged(hand)
    for text in (FIRM, "张伟", "138 0013 8000", "3.5"):
        expect(page.locator("main")).to_contain_text(text)
    expect(page.locator(".tabs")).to_contain_text("1")
    assert len(hand.did) == 8


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_what_others_have_in_hand_is_said_while_one_types(
    windows: Windows, city: City, shoot: Shoot, width: int, language: str
) -> None:
    theirs = work.firm(city, "qingshan_officer", "江苏玄武新能源装备股份有限公司")
    work.lead(city, "qingshan_officer", "玄武一号", company_id=theirs)
    secret = work.firm(city, "qingshan_officer", "玄武集团")
    work.lead(city, "qingshan_officer", "玄武密谈", company_id=secret, confidential=True)
    page = windows.open("kunqu_officer", width, language)
    page.goto("/leads/quick")
    page.locator("#new_company").fill("玄武新能源装备")
    page.locator("#content").fill("逆变器")
    place = page.locator(".twins")
    expect(place).to_contain_text("青山一科")
    assert "玄武密谈" not in page.content()
    assert (axe(page), sideways(page)) == ([], 0)
    shoot(page, f"quick-twins-{width}-{language}")
    page.locator("#next_step").fill("拜访")
    page.locator(".day-chip").first.click()
    page.locator("#quick .btn-primary").click()  # seen already: not stopped again
    page.wait_for_url(LEAD)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_n_opens_it_and_the_keyboard_alone_fills_it(windows: Windows, city: City) -> None:
    work.firm(city, "kunqu_officer", FIRM)
    page = windows.open("kunqu_officer")
    page.goto("/")
    settle(page)
    page.keyboard.press("n")
    page.wait_for_url("**/leads/quick")
    page.locator("#new_company").focus()
    page.keyboard.type("双良")
    expect(page.locator(".suggest-option")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.locator("#new_company").input_value() == FIRM
    assert page.locator("[name=company_id]").input_value() != ""
    page.keyboard.press("End")
    page.keyboard.type("二号")
    assert page.locator("[name=company_id]").input_value() == ""  # another firm now


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_all_fields_takes_everything_along(windows: Windows, shoot: Shoot) -> None:
    page = windows.open("kunqu_officer", 390)
    page.goto("/leads/quick")
    page.locator("#new_company").fill("江苏双良")
    page.locator("#content").fill("还原炉项目")
    page.locator("button[name=unfold]").click()
    page.wait_for_url("**/leads/new")
    settle(page)
    assert page.locator("#new_company").input_value() == "江苏双良"
    assert page.locator("#content").input_value() == "还原炉项目"
    assert (axe(page), sideways(page)) == ([], 0)
