"""A problem of a lead: entered on the phone, overdue on the work page, answered and solved."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import update

from crm.activities.models import Problem
from tests.browser.conftest import Shoot, Windows
from tests.browser.hands import choose, fill, go, send
from tests.browser.watch import axe, settle, sideways
from tests.factories import work
from tests.factories.city import City


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("width", "language"), [(390, "zh_CN"), (1440, "en")])
def test_a_problem_is_raised_waits_on_the_work_page_and_is_solved(
    windows: Windows, city: City, shoot: Shoot, width: int, language: str
) -> None:
    work.lead(city, "kunqu_officer", "磁材一期")
    page = windows.open("kunqu_officer", width, language)
    page.goto("/leads/1?tab=problems")
    settle(page)
    go(page, "/leads/1/problems/new")
    choose(page, "kind", "land")
    choose(page, "department_id", str(city.term_id("统计局")))
    fill(page, asked="五月前落实工业用地八十亩", due_on=work.today().isoformat())
    send(page)
    with city.write() as session:
        late = work.today() - timedelta(days=3)
        session.execute(update(Problem).values(due_on=late))
    page.goto("/")
    settle(page)
    shoot(page, f"problem-desk-{width}-{language}")
    assert (axe(page), sideways(page)) == ([], 0)
    go(page, "/problems/1/answer")
    fill(page, said="自然资源局已供地")
    send(page)
    go(page, "/problems/1/solve")
    send(page)
    shoot(page, f"problem-solved-{width}-{language}")
    page.goto("/")
    expect(page.locator("main")).not_to_contain_text("八十亩")
