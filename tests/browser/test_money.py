"""Money in the browser: reported, returned, corrected, reviewed, confirmed; from the board to its voucher."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from config import Config
from crm.core.database import Database
from tests.browser.conftest import Shoot, Windows
from tests.browser.hands import choose, field, fill, send
from tests.browser.watch import axe, settle, sideways
from tests.factories import work
from tests.factories.background import do_all
from tests.factories.city import City
from tests.files.pictures import pdf

WAYS = [("zh_CN", 1440), ("zh_CN", 390), ("en", 1440)]
SLIP = pdf(2)
SUMS = {"zh_CN": "已选 1 笔，合计 480 万元", "en": "1 ticked, 480 10k yuan"}

STEP = re.compile(
    r"measure=(funds_reported|funds_counted)[^>]*>\s*<span class=\"way-name\">.*?"
    r"<span class=\"way-figure\"><span[^>]*>([\d,.]+)",
    re.S,
)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("language", "width"), WAYS)
def test_money_goes_its_way_and_the_board_leads_back_to_its_voucher(
    windows: Windows,
    app: Flask,
    city: City,
    config: Config,
    database: Database,
    tmp_path: Path,
    shoot: Shoot,
    language: str,
    width: int,
) -> None:
    project = work.project(city, "kunqu_officer", work.lead(city, "kunqu_officer"))
    reader = app.test_client()
    city.sign_in(reader, "leader", language)

    def board() -> dict[str, str]:
        return dict(STEP.findall(reader.get("/goals").text))

    def shown(page: Page, name: str) -> None:
        settle(page)
        assert (axe(page), sideways(page)) == ([], 0)
        shoot(page, f"money-{name}-{width}-{language}")

    officer = windows.open("kunqu_officer", width, language)
    _report(officer, project, tmp_path)
    assert board() == {"funds_reported": "500", "funds_counted": "0"}

    reviewer = windows.open("kunqu_reviewer", width, language)
    reviewer.goto("/receipts")
    shown(reviewer, "1-queue")
    _return(reviewer, desk=width > 1000)
    assert board() == {"funds_reported": "0", "funds_counted": "0"}

    officer.goto("/")
    officer.locator("a[href^='/receipts/'][href*='/correct']").first.click()
    fill(officer, amount="480")
    send(officer)
    assert board() == {"funds_reported": "480", "funds_counted": "0"}

    reviewer.goto("/receipts")
    _pass(reviewer, desk=width > 1000)
    do_all(database, config)

    manager = windows.open("city_manager", width, language)
    manager.goto("/receipts?queue=confirm")
    manager.locator("input[name=chosen]").check()
    expect(manager.locator("[data-queue-sum]")).to_have_text(SUMS[language])
    if width < 1000:
        manager.locator(".queue-row a").click()
    picture = manager.locator(".paper-pages img").filter(visible=True).first
    expect(picture).to_have_js_property("naturalWidth", 1400)
    shown(manager, "2-evidence")
    _pass(manager, desk=width > 1000)
    assert board() == {"funds_reported": "0", "funds_counted": "480"}

    _three_clicks(windows.open("leader", width, language))


def _report(page: Page, project: int, folder: Path) -> None:
    slip = folder / "回单.pdf"
    slip.write_bytes(SLIP)
    page.goto(f"/projects/{project}/funds/report")
    fill(page, **{"lines-0-arrived_on": work.today().isoformat(), "lines-0-amount": "500"})
    fill(page, **{"lines-0-payer": "上海某某投资有限公司"})
    choose(page, "lines-0-kind", "working_capital")
    choose(page, "lines-0-origin", "outside_region")
    field(page, "lines-0-bank_slip").locator("input[type=file]").set_input_files(slip)
    send(page)


def _return(page: Page, desk: bool) -> None:
    """By the key beside the list; on the telephone from the receipt's own page."""
    if desk:
        page.keyboard.press("r")
        page.locator("#look-slot input[name=reason]").fill("金额与回单不符")
        page.locator("#look-slot .btn-primary").click()
        settle(page)
    else:
        page.locator(".queue-row a").click()
        page.locator(".page-actions a[href*='/return']").click()
        fill(page, reason="金额与回单不符")
        send(page)
    expect(page.locator(".queue-row")).to_have_count(0)


def _pass(page: Page, desk: bool) -> None:
    """By the key beside the list; on the telephone by the button under the thumb."""
    if desk:
        page.keyboard.press("p")
    else:
        if page.locator(".queue-row a").count():
            page.locator(".queue-row a").click()
        button = page.locator(".page-actions .btn-primary")
        box = button.bounding_box()
        assert box is not None
        assert box["y"] > 650
        button.click()
    page.wait_for_url("**/receipts?queue=*")
    expect(page.locator(".queue-row")).to_have_count(0, timeout=10_000)


def _three_clicks(page: Page) -> None:
    page.goto("/goals")
    page.locator("#goal-funds .goal-figure").click()
    page.locator("main td a[href^='/receipts/']").first.click()
    with page.expect_download() as download:
        page.locator("#papers a[href*='/files/']").first.click()
    assert Path(download.value.path()).read_bytes() == SLIP
