"""A chart: drawn from the page's data, read without colour, kept as a picture, gone through by its table."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask, Response, make_response, render_template_string
from playwright.sync_api import Page, expect

from crm.core.gate import open_to_signed_in
from tests.browser.conftest import Shoot, Windows
from tests.browser.watch import axe, settle, sideways

PAGE = """
{% extends '_layout/base.html' %}
{% from '_macros/charts.html' import chart %}
{% from '_macros/page.html' import table %}
{% block title %}月度{% endblock %}
{% block content %}
{% call chart('月度到位资金', option, note='亿元', download_url='/x.xlsx') %}
{% call table(['月', ('本年', 'num')]) %}
<tr><td class="td-main">1月</td><td class="num">12.34</td></tr>
{% endcall %}
{% endcall %}
{% endblock %}
"""

OPTION: dict[str, Any] = {
    "xAxis": {"type": "category", "data": ["1月", "2月", "3月"]},
    "yAxis": {"type": "value"},
    "series": [
        {
            "type": "bar",
            "name": "本年",
            "data": [{"value": "12.34", "text": "12.34亿元", "url": "/search"}, "20", "-"],
        },
        {"type": "line", "name": "上年 </script><b>", "data": ["10", "11.5", "9"]},
    ],
}


@pytest.fixture
def chart_page(app: Flask) -> None:
    """A page with a chart, beside those that there are."""

    def show() -> Response:
        return make_response(render_template_string(PAGE, option=OPTION))

    app.add_url_rule("/chart-trial", "chart_trial", open_to_signed_in(show))


def background(page: Page) -> list[int]:
    """The colours that a drawn chart holds, few or many."""
    found: list[int] = page.evaluate(
        """() => { const c = document.querySelector('.chart-plot canvas');
        const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
        const seen = new Set(); for (let i = 0; i < d.length; i += 4) if (d[i + 3] > 200)
        seen.add((d[i] >> 4) * 256 + (d[i + 1] >> 4) * 16 + (d[i + 2] >> 4)); return [...seen]; }"""
    )
    return found


@pytest.mark.parametrize("width", [1440, 390])
def test_a_chart_is_drawn_tells_its_figures_and_leads_to_the_rows(
    windows: Windows, chart_page: None, shoot: Shoot, width: int
) -> None:
    page = windows.open("leader", width)
    page.goto("/chart-trial")
    settle(page)
    plot = page.locator(".chart-plot")
    expect(plot.locator("canvas")).to_have_count(1)
    assert "月度到位资金" in (plot.get_attribute("aria-label") or "")
    assert len(background(page)) > 3
    assert (axe(page), sideways(page)) == ([], 0)
    shoot(page, f"chart-{width}")
    box = plot.bounding_box()
    assert box
    plot.hover(position={"x": box["width"] / 2, "y": box["height"] / 2})
    page.wait_for_timeout(200)
    light = background(page)
    page.evaluate("document.documentElement.setAttribute('data-bs-theme', 'dark')")
    page.wait_for_timeout(200)
    assert set(background(page)) != set(light)
    shoot(page, f"chart-dark-{width}")
    page.set_viewport_size({"width": width - 60, "height": 800})
    page.wait_for_function(
        "(w) => document.querySelector('.chart-plot canvas').clientWidth < w", arg=box["width"]
    )
    plot.click(position={"x": (box["width"] - 60) / 6 + 15, "y": box["height"] - 40})
    page.wait_for_url("**/search")


def test_its_table_opens_and_its_picture_is_a_file(windows: Windows, chart_page: None) -> None:
    page = windows.open("leader")
    page.goto("/chart-trial")
    settle(page)
    table = page.locator(".chart-rows")
    expect(page.locator(".chart-plot canvas")).to_have_count(1)
    expect(table).to_be_hidden()
    page.get_by_role("button", name="表格").click()
    expect(table).to_be_visible()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="图片").click()
    assert waiting.value.suggested_filename == "月度到位资金.png"
    assert waiting.value.path().read_bytes()[:4] == b"\x89PNG"


def test_without_the_library_the_table_remains(windows: Windows, chart_page: None) -> None:
    page = windows.open("leader")
    page.route("**/echarts.min.js", lambda route: route.fulfill(status=200, body=""))
    page.goto("/chart-trial")
    settle(page)
    expect(page.locator(".chart-rows")).to_be_visible()
    expect(page.locator(".chart-plot")).to_be_hidden()
