"""An officer takes a supporting firm's lead to signing without the file; another district sees nothing of it.

In Chinese and English, at the desk and on the phone, on both databases.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Shoot, Windows
from tests.browser.hands import choose, field, fill, go, send
from tests.browser.watch import settle
from tests.factories import work
from tests.factories.city import City
from tests.files.contents import PDF

CHAIN, INVESTOR, PLAN = "稀土", "宁波韵升配套磁材有限公司", "年产五千吨磁材配套件"

WAYS = [
    ("zh_CN", 1440, "sqlite"),
    ("zh_CN", 390, "postgresql"),
    ("en", 1440, "postgresql"),
    ("en", 390, "sqlite"),
]


@pytest.fixture
def leader(city: City) -> int:
    """A recognised leader of the chain."""
    return work.leader(city, "金力永磁（包头）科技有限公司", CHAIN)


@pytest.mark.parametrize(("language", "width", "backend"), WAYS, indirect=["backend"])
def test_from_the_first_call_to_the_paper_that_was_owed(
    windows: Windows,
    city: City,
    leader: int,
    tmp_path: Path,
    shoot: Shoot,
    language: str,
    width: int,
) -> None:
    page = windows.open("kunqu_officer", width, language)
    lead = _log_a_lead(page, city, leader)
    shoot(page, f"journey-1-lead-{width}-{language}")
    _move_on(page)
    project = _sign(page)
    shoot(page, f"journey-2-owed-{width}-{language}")
    _owed_stands_on_the_work_page(page)
    _give_the_signature_page(page, project, tmp_path)
    shoot(page, f"journey-3-given-{width}-{language}")
    _a_stranger_finds_nothing(windows, city, lead, project, width, language)


def _log_a_lead(page: Page, city: City, leader: int) -> str:
    page.goto("/leads/new")
    fill(page, new_company=INVESTOR, title="磁材配套件项目", content=PLAN)
    fill(page, contact_name="陈总", contact_phone="138 0000 5678")
    choose(page, "chain_id", str(city.chain_id(CHAIN)))
    choose(page, "position", "supporting")
    choose(page, "brought_by_id", str(leader))
    choose(page, "model_id", str(city.model_id("chain")))
    fill(page, amount="3.5亿", next_step="寄送用地方案", next_step_on=_in(3))
    send(page)
    expect(page.locator("main h1")).to_contain_text("磁材配套件项目")
    expect(page.locator("main")).to_contain_text("金力永磁（包头）科技有限公司")
    expect(page.locator(".page-name .place-supporting")).to_be_visible()
    return page.url


def _move_on(page: Page) -> None:
    go(page, "/move?target=negotiating")
    send(page)
    expect(page.locator(".page-name .stage-3")).to_be_visible()


def _sign(page: Page) -> str:
    go(page, "/sign")
    fill(page, signing_party=INVESTOR, agreed="3.5亿")
    send(page)
    expect(page.locator("#owed")).to_be_visible()
    assert "/projects/" in page.url
    return page.url


def _owed_stands_on_the_work_page(page: Page) -> None:
    page.goto("/?filter=evidence")
    settle(page)
    expect(page.locator(".desk-line")).to_have_count(2)
    page.locator(".desk-line .btn").first.click()
    expect(page.locator("#owed")).to_be_visible()


def _give_the_signature_page(page: Page, project: str, folder: Path) -> None:
    paper = folder / "签字页.pdf"
    paper.write_bytes(PDF)
    owed = page.locator("#owed li")
    before = owed.count()
    page.locator("#owed a[href*='/owed/']").last.click()
    settle(page)
    choose(page, "kind", "signature_page")
    field(page, "files").locator("input[type=file]").set_input_files(paper)
    send(page)
    page.goto(project)
    expect(owed).to_have_count(before - 1)


def _a_stranger_finds_nothing(
    windows: Windows, city: City, lead: str, project: str, width: int, language: str
) -> None:
    page = windows.open("qingshan_officer", width, language)
    for address in ("/", "/leads", "/projects", "/companies", "/?scope=unit"):
        page.goto(address)
        settle(page)
        assert INVESTOR not in page.content()
        assert "磁材配套件项目" not in page.content()
    for text in (INVESTOR, "磁材", "cc", "13800005678", "XS-", "XM-"):
        page.goto(f"/search?q={text}")
        assert INVESTOR not in page.locator("main .rows").all_inner_texts()
        assert page.locator(f"main a[href='{_path(lead)}']").count() == 0
        assert page.locator(f"main a[href='{_path(project)}']").count() == 0
    own = windows.open("kunqu_officer", width, language)
    own.goto(project)
    links = own.locator("main a[href^='/']").evaluate_all("all => all.map(a => a.href)")
    hidden = [one for one in links if any(part in one for part in (lead, project))]
    assert len(hidden) > 3
    company = own.locator("main a[href^='/companies/']").filter(has_text=INVESTOR).first
    for address in {
        lead,
        project,
        f"{lead}/activities",
        f"{lead}/edit",
        *hidden,
        company.evaluate("a => a.href"),
    }:
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 404, address


def _in(days: int) -> str:
    day: date = work.today() + timedelta(days=days)
    return day.isoformat()


def _path(address: str) -> str:
    return "/" + address.split("/", 3)[3].split("?")[0]
