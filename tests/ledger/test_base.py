"""Last year's published figures: entered on the page, read from sheets as offices write them."""

from __future__ import annotations

import io
import re
from html import unescape
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from crm.core.errors import Forbidden, Refused
from crm.core.sheets import Sheet, read
from crm.ledger.operations import published as operations
from crm.ledger.queries.published import published
from crm.ledger.queries.published_checks import Told
from crm.ledger.rules import falling
from crm.ledger.sheets.base import Row, Unsaid, rows_of
from crm.values.money import Money, Unit
from tests.counting.given import at
from tests.factories.city import City
from tests.files.workbooks import xls, xlsx

NOW = time_machine.travel(at("6-30"), tick=False)
UNSAID = Unsaid(2024, None, Unit.YI, "年鉴")

LONG = [
    ["2024年各旗县区到位资金", None, None, None],
    ["（单位：万元）", None, None, None],
    ["旗县区", "月份", "累计到位资金", "来源"],
    ["昆区", "１-６月", "４２０,０００", "公报12号"],
    ["青山区", "6月", 350000.5, None],
    ["东河区", 6, "-", "公报12号"],
    ["土右旗", "6月", None, "公报12号"],
    ["合计", "6", "120亿元", "公报12号"],
    ["注：以上为初步数", None, None, None],
]

WIDE = [
    ["旗县区", "1月(亿元)", "1-2月(亿元)", "备注"],
    ["昆都仑区", 3.5, 8, "x"],
    ["青山", "2.25", "-", None],
]


def sheet(rows: list[list[Any]], ending: str = "xlsx") -> list[Sheet]:
    return read(xlsx(rows) if ending == "xlsx" else xls(rows), ending)


def told(rows: list[Row]) -> list[tuple[str, str, str]]:
    return [(row.month, row.district, row.amount) for row in rows]


# Sheets


def test_a_line_a_figure_is_read_with_the_unit_of_its_title() -> None:
    found = rows_of(sheet(LONG), UNSAID)
    assert told(found) == [
        ("6", "昆区", "420,000万元"),
        ("6", "青山区", "350000.5万元"),
        ("6", "合计", "120亿元"),
    ]
    assert [row.source for row in found] == ["公报12号", "年鉴", "公报12号"]
    assert [row.line for row in found] == ["4", "5", "8"]


def test_a_column_a_month_is_read_with_the_unit_of_its_header() -> None:
    assert told(rows_of(sheet(WIDE), UNSAID)) == [
        ("1", "昆都仑区", "3.5亿元"),
        ("2", "昆都仑区", "8亿元"),
        ("1", "青山", "2.25亿元"),
    ]


@pytest.mark.parametrize(
    ("header", "month"),
    [("2024年1-9月累计到位资金（亿元）", "9"), ("12月累计到位资金", "12"), ("累计到位资金", "3")],
)
def test_the_month_may_stand_in_the_header_or_be_chosen_beside_it(header: str, month: str) -> None:
    rows = sheet([["地区", header], ["固阳县", 1]])
    found = rows_of(rows, Unsaid(2024, 3, Unit.WAN, "x"))
    assert [row.month for row in found] == [month]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_of_any_office_is_read(encoding: str) -> None:
    text = '旗县区,月份,累计到位资金(万元)\n昆区,6月,"4,200"\n'
    found = rows_of(read(text.encode(encoding), "csv"), UNSAID)
    assert told(found) == [("6", "昆区", "4,200万元")]


def test_an_old_workbook_is_read_too() -> None:
    found = rows_of(
        sheet([["旗县区", "累计（元）"], ["昆区", 4200000]], "xls"), Unsaid(2024, 6, Unit.YI, "")
    )
    assert told(found) == [("6", "昆区", "4200000元")]


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([["姓名", "电话"], ["张三", 1]], "No table"),
        ([["旗县区", "累计到位资金"], ["昆区", "-"]], "no figure"),
        ([["旗县区", "累计到位资金"], *[["昆区", 1]] * 601], "At most"),
    ],
)
def test_what_is_no_such_sheet_is_refused(rows: list[list[Any]], says: str) -> None:
    with pytest.raises(Refused, match=says):
        rows_of(sheet(rows), UNSAID)


def test_an_excel_error_is_no_empty_cell() -> None:
    rows = [["旗县区", "累计到位资金"], ["昆区", ("=1/0", "#DIV/0!")]]
    assert told(rows_of(sheet(rows), UNSAID))[0][2].startswith("#")


# Cumulative figures never fall


@given(
    st.dictionaries(st.integers(1, 12), st.integers(0, 9).map(Money)),
    st.dictionaries(st.integers(1, 12), st.integers(0, 9).map(Money)),
)
def test_what_is_left_of_the_told_never_falls_and_nothing_is_blamed_without_need(
    known: dict[int, Money], added: dict[int, Money]
) -> None:
    known = {m: v for m, v in known.items() if not falling({}, known)}
    wrong = falling(known, added)
    assert wrong.keys() <= added.keys()
    kept = known | {m: v for m, v in added.items() if m not in wrong}
    series = [kept[month] for month in sorted(kept)]
    assert series == sorted(series)
    if not known and [added[m] for m in sorted(added)] == sorted(added.values()):
        assert wrong == {}


# The operation


def test_many_are_entered_together_or_none_and_each_wrong_line_is_named(city: City) -> None:
    kunqu = city.district_id("昆都仑区")
    right = [Told(2024, month, kunqu, Money.yi(month), "公报") for month in (1, 2, 3)]
    wrong = [
        Told(2024, 4, kunqu, Money.yi(2), "公报"),
        Told(2024, 1, kunqu, Money.yi(1), "公报"),
        Told(2024, 5, kunqu, Money.yi(5), " "),
    ]
    actor = city.actor("city_manager")
    with pytest.raises(Refused) as no, city.write() as session:
        operations.enter_several(session, actor, right + wrong, now=at("1-05"))
    assert [one.line for one in no.value.each] == [3, 4, 5]
    with city.database.read() as session:
        assert published(session, 2024) == []
    with city.write() as session:
        operations.enter_several(session, actor, right, now=at("1-05"))
    raised = [Told(2024, month, kunqu, Money.yi(10 + month), "公报") for month in (3, 2, 1)]
    with city.write() as session:
        operations.enter_several(session, actor, raised, now=at("1-06"))
    with city.database.read() as session:
        assert [row.cumulative for row in published(session, 2024)] == [
            Money.yi(11), Money.yi(12), Money.yi(13),
        ]  # fmt: skip


@pytest.mark.parametrize("who", ["kunqu_manager", "city_officer", "admin", "leader"])
def test_the_bureaus_manager_alone_enters_the_base(city: City, who: str) -> None:
    figure = Told(2024, 6, city.district_id("昆都仑区"), Money.yi(1), "公报")
    with pytest.raises(Forbidden), city.write() as session:
        operations.enter_several(session, city.actor(who), [figure], now=at("1-05"))


# The pages


def fields(page: str) -> MultiDict[str, str]:
    """The rows of a preview as the browser would send them back."""
    sent: MultiDict[str, str] = MultiDict()
    for tag in re.findall(r"<input[^>]*>", page.split('class="rows-form"')[1]):
        name, value = (re.search(rf'{key}="([^"]*)"', tag) for key in ("name", "value"))
        if name and 'type="checkbox"' not in tag:
            sent.add(name[1], unescape(value[1]) if value else "")
    return sent


def upload(
    client: FlaskClient, content: bytes, name: str = "公布数.xlsx", **told: str
) -> TestResponse:
    data = {
        "year": "2024",
        "unit": "YI",
        "source": "年鉴",
        "month": "",
        "file": (io.BytesIO(content), name),
    }
    return client.post("/funds/base/import", data=data | told)


def stands(city: City) -> dict[tuple[str, int], int]:
    with city.database.read() as session:
        return {
            (row.district.short, row.month): row.cumulative.fen // 10**6
            for row in published(session, 2024)
        }


@NOW
def test_a_figure_is_entered_and_mended_and_marked_wherever_it_shows(
    client: FlaskClient, city: City
) -> None:
    city.sign_in(client, "city_manager")
    qingshan = city.district_id("青山区")
    typed = {
        "year": "2024", "month": "6", "district_id": str(qingshan), "cumulative": "42.5",
        "source": "统计公报2024第6号",
    }  # fmt: skip
    refused = client.post("/funds/base/enter", data=typed | {"source": " "})
    assert (refused.status_code, "42.5" in refused.text) == (422, True)
    assert client.post("/funds/base/enter", data=typed).status_code == 303
    address = f"/funds/base/enter?year=2024&month=6&district={qingshan}"
    page = client.get(address).text
    assert "统计公报2024第6号" in page
    version = re.search(r'name="version"[^>]*value="(\d+)"', page)
    assert version
    mended = typed | {"cumulative": "43亿", "version": version[1]}
    assert client.post(address, data=mended).status_code == 303
    stale = client.post(address, data=mended | {"cumulative": "44"})
    assert (stale.status_code, "44" in stale.text) == (409, True)
    assert stands(city) == {("青山", 6): 430_000}
    assert "43.00" in client.get("/funds/base?year=2024").text
    shown = client.get("/funds?year=2025&on=2025-06-30").text
    assert "上年公布数" in shown.split('class="td-main">青山')[1]


@NOW
def test_a_sheet_is_looked_at_row_by_row_before_it_is_saved(
    client: FlaskClient, city: City
) -> None:
    city.sign_in(client, "city_manager")
    page = upload(client, xlsx(LONG))
    assert page.status_code == 202
    assert stands(city) == {}
    sent = fields(page.text)
    assert sent.getlist("district") == ["昆区", "青山区", "合计"]
    sent["mode"] = "all"
    assert client.post("/funds/base/import/rows", data=sent).status_code == 303
    assert stands(city) == {("昆区", 6): 420_000, ("青山", 6): 350_000, ("包头", 6): 1_200_000}
    again = upload(client, xlsx(LONG)).text
    assert again.count("已有相同数") == 3


BAD = [
    ["旗县区", "月份", "累计(亿元)"],
    ["昆区", "6月", 42],
    ["昆山区", "6月", 1],
    ["青山区", "13月", 1],
    ["东河区", "6月", "约3亿"],
    ["九原区", "6月", ("=1/0", "#DIV/0!")],
    ["石拐区", "6月", -1],
    ["固阳县", "6月", "0.12345678901"],
]


@NOW
def test_wrong_rows_say_why_and_nothing_is_lost(client: FlaskClient, city: City) -> None:
    city.sign_in(client, "city_manager")
    page = upload(client, xlsx(BAD)).text
    assert page.count('class="row-wrong"') == 6
    assert "没有“昆山区”这个旗县区" in page
    sent = fields(page)
    sent["mode"] = "all"
    refused = client.post("/funds/base/import/rows", data=sent)
    assert (refused.status_code, stands(city)) == (422, {})
    assert fields(refused.text).getlist("amount") == sent.getlist("amount")
    sent["mode"] = "right"
    rest = client.post("/funds/base/import/rows", data=sent)
    assert rest.status_code == 202
    assert stands(city) == {("昆区", 6): 420_000}
    assert fields(rest.text).getlist("district") == [
        "昆山区",
        "青山区",
        "东河区",
        "九原区",
        "石拐区",
        "固阳县",
    ]
    mended = fields(rest.text)
    for name, values in {
        "district": ["昆区", "青山区", "东河区", "九原区", "石拐区", "固阳县"],
        "month": ["7", "6", "6", "6", "6", "6"],
        "amount": ["43亿", "1亿", "3亿", "0", "1亿", "0.12亿"],
    }.items():
        mended.setlist(name, values)
    mended.setlist("drop", ["4"])
    mended["mode"] = "all"
    assert client.post("/funds/base/import/rows", data=mended).status_code == 303
    assert stands(city) == {
        ("昆区", 6): 420_000, ("昆区", 7): 430_000, ("青山", 6): 10_000, ("东河", 6): 30_000,
        ("九原", 6): 0, ("固阳", 6): 1_200,
    }  # fmt: skip


@NOW
def test_figures_that_fall_are_told_from_each_other_and_from_what_stands(
    client: FlaskClient, city: City
) -> None:
    city.sign_in(client, "city_manager")
    rows = [["旗县区", "1月", "2月", "3月"], ["昆区", 5, 4, 6], ["青山区", 1, 2, 3]]
    page = upload(client, xlsx(rows)).text
    assert page.count('class="row-wrong"') == 1
    assert "1 月" in page.split('class="row-wrong"')[1]


@NOW
@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"PK\x03\x04 no workbook", "x.xlsx"),
        (b"%PDF-1.4", "x.pdf"),
        (b"", "x.csv"),
        (b"\xff\xfe\xff", "x.csv"),
    ],
)
def test_a_file_that_is_no_sheet_is_answered_with_a_sentence(
    client: FlaskClient, city: City, content: bytes, name: str
) -> None:
    city.sign_in(client, "city_manager")
    answer = upload(client, content, name)
    assert answer.status_code == 422
    assert "field-error" in answer.text


@NOW
def test_strangers_read_what_was_published_and_enter_nothing(
    client: FlaskClient, city: City
) -> None:
    for who, code in (
        ("kunqu_officer", 403),
        ("leader", 403),
        ("admin", 403),
        ("kunqu_manager", 403),
    ):
        city.sign_in(client, who)
        page = client.get("/funds/base")
        assert (page.status_code, "/funds/base/enter" in page.text) == (200, False)
        sent = MultiDict(
            [("line", "1"), ("year", "2024"), ("month", "6"), ("district", "昆区"),
             ("amount", "1亿"), ("source", "x"), ("mode", "all")]
        )  # fmt: skip
        assert client.post("/funds/base/import/rows", data=sent).status_code == code
    assert stands(city) == {}
