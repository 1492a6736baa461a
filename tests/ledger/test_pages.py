"""The pages of money as people use them, through the application, on both databases."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from config import Config
from crm.core import clock
from crm.core.database import Database
from crm.core.once import new_key
from crm.counting.rules.facts import ReceiptState
from crm.files.models import Attachment
from crm.ledger.models import MonthlyReport, Receipt, ReceiptPaper, ReceiptStep
from crm.ledger.rules import Paper, ReceiptKind
from crm.values.money import Money
from tests.factories import money, work
from tests.factories.city import City
from tests.files.contents import PDF
from tests.files.workbooks import xlsx

Typed = dict[str, Any]


@pytest.fixture
def project_id(city: City) -> int:
    """A project of 昆区一科 with 3亿元 agreed."""
    return work.project(city, "kunqu_officer", work.lead(city, "kunqu_officer"))


def button(version: int) -> Typed:
    """A button's post from a page that showed this version."""
    return {"form_key": new_key(), "version": str(version)}


def line(place: int = 0, **told: Any) -> Typed:
    """What an officer types of one line."""
    typed = {
        "arrived_on": work.today().isoformat(),
        "kind": "working_capital",
        "amount": "500",
        "currency": "CNY",
        "origin": "outside_region",
        "payer": "上海某某投资有限公司",
    } | told
    return {f"lines-{place}-{name}": value for name, value in typed.items()}


def file(name: str = "回单.pdf", content: bytes = PDF) -> tuple[io.BytesIO, str]:
    """An upload."""
    return io.BytesIO(content), name


def post(client: FlaskClient, project_id: int, *lines: Typed, **more: Any) -> TestResponse:
    """Send a report."""
    data: Typed = {"form_key": new_key()} | more
    for one in lines:
        data |= one
    return client.post(f"/projects/{project_id}/funds/report", data=data)


def written(database: Database) -> dict[str, int]:
    """How many rows there are of everything that a report writes."""
    with database.read() as session:
        return {
            table.__tablename__: session.scalar(select(func.count()).select_from(table)) or 0
            for table in (Receipt, MonthlyReport, ReceiptStep, ReceiptPaper, Attachment)
        }


def rows(database: Database) -> list[Receipt]:
    """All receipts."""
    with database.read() as session:
        return list(session.scalars(select(Receipt).order_by(Receipt.id)))


# The way of a receipt


def test_money_goes_from_the_report_to_the_citys_confirmation(
    client: FlaskClient, city: City, database: Database, project_id: int
) -> None:
    city.sign_in(client, "kunqu_officer")
    assert client.get(f"/projects/{project_id}/funds/report").status_code == 200
    answer = post(
        client,
        project_id,
        line(bank_slip=file()),
        line(1, kind="capital", currency="USD", amount="100", rate="7.1884", origin="abroad")
        | {"lines-1-rate_rule": "middle_on_arrival", "lines-1-payer": "Yunsheng Ltd."},
    )
    assert (answer.status_code, answer.location) == (303, f"/projects/{project_id}/funds")
    first, second = rows(database)
    assert (first.amount, second.amount) == (Money.wan(500), Money(718_840_000))
    page = client.get(answer.location).text
    assert "DZ-" in page
    assert "USD 1,000,000.00" in page
    assert "待补佐证" in page
    base = f"/receipts/{first.id}"
    assert client.post(f"{base}/review", data={"form_key": new_key()}).status_code == 403

    city.sign_in(client, "kunqu_reviewer")
    assert client.post(f"{base}/review", data=button(1)).location == base
    assert client.post(f"{base}/confirm", data=button(2)).status_code == 403

    city.sign_in(client, "city_manager")
    assert client.get(base).text.count("回单.pdf") == 1
    for version in (1, 0):  # what he saw was not this; a post that says nothing saw nothing
        refused = client.post(f"{base}/confirm", data=button(version), follow_redirects=True)
        assert "在您查看后已有变动" in refused.text
        assert rows(database)[0].state is ReceiptState.REVIEWED
    assert client.post(f"{base}/confirm", data=button(2)).location == base
    page = client.get(base).text
    assert "计入" in page
    assert "市级已确认" in page
    with client.get(next(iter(re.findall(rf"{base}/files/\d+", page)))) as download:
        assert download.data == PDF
    assert [row.state for row in rows(database)] == [
        ReceiptState.CONFIRMED,
        ReceiptState.REPORTED,
    ]
    funds = client.get(f"/projects/{project_id}/funds").text
    assert "1.67%" in funds  # 500万 of 3亿


def test_it_is_returned_with_a_reason_corrected_and_withdrawn(
    client: FlaskClient, city: City, database: Database, config: Config, project_id: int
) -> None:
    number = money.reported(city, "kunqu_officer", project_id)
    base = f"/receipts/{number}"
    city.sign_in(client, "kunqu_reviewer")
    assert client.get(f"{base}/return").status_code == 200
    told = {"form_key": new_key(), "version": "1", "reason": "金额与回单不符"}
    assert client.post(f"{base}/return", data=told | {"reason": " "}).status_code == 422
    assert client.post(f"{base}/return", data=told).location == base

    city.sign_in(client, "kunqu_officer")
    form = client.get(f"{base}/correct")
    assert "金额与回单不符" in form.text
    typed = {name.removeprefix("lines-0-"): value for name, value in line(amount="480").items()}
    late = client.post(f"{base}/correct", data=typed | {"form_key": new_key(), "version": "1"})
    assert late.status_code == 409
    assert 'value="480"' in late.text
    answer = client.post(
        f"{base}/correct",
        data=typed | {"form_key": new_key(), "version": "2", "bank_slip": file()},
    )
    assert answer.location == base
    (row,) = rows(database)
    assert (row.amount, row.state) == (Money.wan(480), ReceiptState.REPORTED)
    assert written(database)["receipt_paper"] == 1

    assert client.get(f"{base}/take-back").status_code == 200
    told = {"form_key": new_key(), "version": "3", "reason": "不是本项目资金"}
    assert client.post(f"{base}/take-back", data=told).location == base
    assert rows(database)[0].state is ReceiptState.WITHDRAWN
    assert client.get(f"{base}/give").status_code == 403
    assert "不是本项目资金" in client.get(base).text


def test_what_is_confirmed_is_reversed_and_both_say_so(
    client: FlaskClient, city: City, database: Database, config: Config, project_id: int
) -> None:
    paper = money.slip(config.files_dir)
    number = money.reported(city, "kunqu_officer", project_id, paper)
    money.confirmed(city, "city_manager", money.reviewed(city, "kunqu_reviewer", number))
    city.sign_in(client, "kunqu_officer")
    base = f"/receipts/{number}"
    for address in ("correct", "give", "take-back"):
        assert client.get(f"{base}/{address}").status_code == 403
    assert client.get(f"{base}/reverse").status_code == 200
    told = {"form_key": new_key(), "reason": "重复报送"}
    answer = client.post(f"{base}/reverse", data=told)
    back = rows(database)[1]
    assert (answer.location, back.amount) == (f"/receipts/{back.id}", Money.wan(-500))
    assert client.get(f"{base}/reverse").status_code == 403
    assert back.number in client.get(base).text
    assert "重复报送" in client.get(answer.location).text


def test_papers_are_given_later(
    client: FlaskClient, city: City, database: Database, project_id: int
) -> None:
    number = money.reported(city, "kunqu_officer", project_id, kind=ReceiptKind.EQUIPMENT)
    city.sign_in(client, "kunqu_officer")
    base = f"/receipts/{number}"
    form = client.get(f"{base}/give").text
    assert 'name="equipment_contract"' in form
    assert 'name="land_voucher"' not in form
    data = {"form_key": new_key(), "equipment_contract": file("合同.pdf")}
    assert client.post(f"{base}/give", data=data).location == base
    assert "待补佐证" in client.get(base).text
    data = {"form_key": new_key(), "invoices": file("发票.pdf")}
    client.post(f"{base}/give", data=data)
    assert "待补佐证" not in client.get(base).text
    with database.read() as session:
        kinds = session.scalars(select(ReceiptPaper.kind).order_by(ReceiptPaper.id)).all()
    assert kinds == [Paper.EQUIPMENT_CONTRACT, Paper.INVOICES]


def test_who_reported_is_told_that_somebody_else_confirms(
    client: FlaskClient, city: City, database: Database, config: Config, project_id: int
) -> None:
    number = money.reported(city, "city_manager", project_id, money.slip(config.files_dir))
    money.reviewed(city, "kunqu_reviewer", number)
    city.sign_in(client, "city_manager")
    assert "须由他人确认" in client.get(f"/receipts/{number}").text
    answer = client.post(f"/receipts/{number}/confirm", data=button(2), follow_redirects=True)
    assert "须由他人确认" in answer.text
    assert rows(database)[0].state is ReceiptState.REVIEWED


# Lines, with and without the script


def test_a_line_is_added_and_taken_away_without_losing_what_was_typed(
    client: FlaskClient, city: City, database: Database, project_id: int
) -> None:
    city.sign_in(client, "kunqu_officer")
    answer = post(client, project_id, line(payer="甲公司", bank_slip=file()), add="1")
    assert answer.status_code == 200  # nothing was refused
    page = answer.text
    assert 'name="lines-1-amount"' in page
    assert 'value="甲公司"' in page
    assert "is-invalid" not in page
    (seal,) = kept(page)
    two = [line(payer="甲公司", bank_slip=seal), line(1, payer="乙公司", amount="x")]
    page = post(client, project_id, *two, drop="lines-0").text
    assert "甲公司" not in re.sub(
        r"<template.*?</template>|<datalist.*?</datalist>", "", page, flags=re.S
    )
    assert 'value="乙公司"' in page
    assert 'value="x"' in page
    assert written(database)["receipt"] == 0


def kept(page: str) -> list[str]:
    """The sealed words of kept files."""
    return re.findall(r'type="checkbox" name="[\w-]+" value="([^"]+)" checked', page)


def test_files_survive_a_refused_report_and_go_with_the_next(
    client: FlaskClient, city: City, database: Database, project_id: int
) -> None:
    city.sign_in(client, "kunqu_officer")
    refused = post(client, project_id, line(amount="", bank_slip=file("甲.pdf")))
    assert refused.status_code == 422
    (seal,) = kept(refused.text)
    assert "甲.pdf" in refused.text
    again = post(client, project_id, line(amount="", bank_slip=[seal, file("乙.pdf")]))
    seals = kept(again.text)
    assert len(seals) == 2
    assert post(client, project_id, line(bank_slip=seals)).status_code == 303
    with database.read() as session:
        assert session.scalars(select(Attachment.name).order_by(Attachment.id)).all() == [
            "甲.pdf",
            "乙.pdf",
        ]


def test_nobody_gets_a_content_by_its_hash(
    client: FlaskClient, city: City, database: Database, project_id: int
) -> None:
    city.sign_in(client, "kunqu_officer")
    (seal,) = kept(post(client, project_id, line(amount="", bank_slip=file())).text)
    for forged in ("a" * 64, seal[:-3] + "abc", seal.replace(seal[5], "A", 1), "\x00"):
        answer = post(client, project_id, line(bank_slip=forged))
        assert answer.status_code in {303, 422}
    assert written(database)["attachment"] == 0


def test_a_faulty_file_is_named_and_the_good_ones_are_kept(
    client: FlaskClient, city: City, database: Database, project_id: int
) -> None:
    city.sign_in(client, "kunqu_officer")
    answer = post(
        client,
        project_id,
        line(bank_slip=file("回单.pdf", b"MZ no pdf")),
        line(1, bank_slip=file("好.pdf")),
    )
    assert answer.status_code == 422
    assert 'id="lines-0-bank_slip-error"' in answer.text
    assert len(kept(answer.text)) == 1
    assert written(database)["receipt"] == 0


# Voucher lists


def vouchers(*amounts: Any) -> tuple[io.BytesIO, str]:
    """A list as officers keep it."""
    table = [["包头某项目付款凭证清单"], ["序号", "收款单位", "金额（万元）"]]
    table += [[place, "某施工单位", amount] for place, amount in enumerate(amounts, 1)]
    table += [[None, "合计", 999]]
    return file("清单.xlsx", xlsx(table))


def test_a_voucher_list_that_makes_the_amount_is_proof(
    client: FlaskClient, city: City, database: Database, project_id: int
) -> None:
    city.sign_in(client, "kunqu_officer")
    told = line(kind="construction", voucher_list=vouchers(300.5, "199.5"))
    assert post(client, project_id, told).status_code == 303
    with database.read() as session:
        paper = session.scalars(select(ReceiptPaper)).one()
    assert (paper.kind, paper.total) == (Paper.VOUCHER_LIST, Money.wan(500))
    assert "已交佐证" in client.get(f"/projects/{project_id}/funds").text


@pytest.mark.parametrize(
    ("upload", "told"),
    [
        (vouchers(300, 199.99), "4,999,900.00"),
        (vouchers(300, None), "第 4 行没有金额"),
        (vouchers(300, "二百万"), "二百万"),
        (vouchers(), "没有凭证行"),
        (file("清单.xlsx", xlsx([["a", "b"], [1, 2]])), "价税合计"),
        (file("清单.xlsx", xlsx([["a"]])[:-100]), "内容与扩展名不符"),
    ],
)
def test_a_voucher_list_that_does_not_is_refused_beside_it(
    client: FlaskClient,
    city: City,
    database: Database,
    project_id: int,
    upload: tuple[io.BytesIO, str],
    told: str,
) -> None:
    content, name = upload
    copy = io.BytesIO(content.getvalue()), name
    city.sign_in(client, "kunqu_officer")
    before = written(database)
    answer = post(client, project_id, line(kind="construction", voucher_list=copy))
    assert answer.status_code == 422
    assert 'id="lines-0-voucher_list-error"' in answer.text
    assert told in answer.text
    assert written(database) == before


# Bad input


def late(days: int) -> str:
    """A day in a month long closed, of this year where there is one."""
    return (work.today() - timedelta(days=days)).isoformat()


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"amount": "-500"}, "amount"),
        ({"amount": "0"}, "amount"),
        ({"amount": "约500"}, "amount"),
        ({"amount": "500个以上"}, "amount"),
        ({"amount": "1e309"}, "amount"),
        ({"amount": "0.0000001"}, "amount"),
        ({"amount": "9" * 40}, "amount"),
        ({"amount": ""}, "amount"),
        ({"arrived_on": "2999-01-01"}, "arrived_on"),
        ({"arrived_on": "2025-02-30"}, "arrived_on"),
        ({"arrived_on": ""}, "arrived_on"),
        ({"arrived_on": (date(2001, 3, 3)).isoformat()}, "why_late"),
        ({"currency": "USD"}, "rate"),
        ({"currency": "USD", "rate": "7.1884"}, "rate_rule"),
        ({"currency": "USD", "rate": "0", "rate_rule": "bank"}, "rate"),
        ({"currency": "USD", "rate": "abc", "rate_rule": "bank"}, "rate"),
        ({"currency": "USD", "rate": "7.12345678", "rate_rule": "bank"}, "rate"),
        ({"currency": "XXX"}, "currency"),
        ({"kind": ""}, "kind"),
        ({"kind": "castle"}, "kind"),
        ({"origin": ""}, "origin"),
        ({"payer": " "}, "payer"),
        ({"payer": "付" * 200}, "payer"),
        ({"amount": "3.00001亿"}, "why_above"),
        ({"land_voucher": "file"}, "land_voucher"),
    ],
)
def test_bad_input_is_answered_beside_its_field_nothing_lost_nothing_written(
    client: FlaskClient, city: City, database: Database, project_id: int, told: Typed, field: str
) -> None:
    city.sign_in(client, "kunqu_officer")
    before = written(database)
    if "land_voucher" in told:
        told = {"land_voucher": file()}
    answer = post(client, project_id, line(note="第一行"), line(1, note="记号", **told))
    assert answer.status_code == 422
    assert f'id="lines-1-{field}-error"' in answer.text
    assert f'href="#lines-1-{field}"' in answer.text
    assert "lines-0-amount-error" not in answer.text
    assert 'value="第一行"' in answer.text
    assert 'value="记号"' in answer.text
    assert written(database) == before


def test_questions_are_answered_in_the_form_and_the_answers_kept(
    client: FlaskClient, city: City, database: Database, project_id: int
) -> None:
    money.reported(city, "kunqu_officer", project_id)
    city.sign_in(client, "kunqu_officer")
    typed = line(amount="500亿", arrived_on="2001-03-03")
    asked = post(client, project_id, typed)
    assert asked.status_code == 422
    for field in ("sure", "why_above", "why_late"):
        assert f'id="lines-0-{field}-error"' in asked.text
    assert "一万倍" in asked.text
    answers = {
        "lines-0-sure": "y",
        "lines-0-why_above": "增资协议在签",
        "lines-0-why_late": "历史补录",
    }
    assert post(client, project_id, typed | answers).status_code == 303
    row = rows(database)[-1]
    assert (row.amount, row.why_above, row.why_late, row.sure) == (
        Money.yi(500),
        "增资协议在签",
        "历史补录",
        True,
    )


def test_a_report_without_lines_asks_for_one(
    client: FlaskClient, city: City, database: Database, project_id: int
) -> None:
    city.sign_in(client, "kunqu_officer")
    assert post(client, project_id).status_code == 422
    assert post(client, project_id, line(99, amount="")).status_code == 422
    many: Typed = {}
    for place in range(40):
        many |= line(place, amount=str(place + 1))
    assert post(client, project_id, many).status_code == 303
    assert written(database)["receipt"] == 20


def test_five_parallel_posts_of_one_report_make_one_receipt(
    app: Flask, client: FlaskClient, city: City, database: Database, project_id: int
) -> None:
    from concurrent.futures import ThreadPoolExecutor

    key = new_key()
    clients = [app.test_client() for _ in range(5)]
    for each in clients:
        city.sign_in(each, "kunqu_officer")

    def send(each: FlaskClient) -> str | None:
        return post(each, project_id, line(), form_key=key).location

    with ThreadPoolExecutor(5) as pool:
        answers = set(pool.map(send, clients))
    assert answers == {f"/projects/{project_id}/funds"}
    assert written(database)["receipt"] == 1


# Who may


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("kunqu_officer", 200),
        ("kunqu_reviewer", 200),
        ("city_manager", 200),
        ("kunqu_colleague", 403),
        ("leader", 403),
        ("qingshan_officer", 404),
        ("admin", 403),
    ],
)
def test_who_may_report(
    client: FlaskClient, city: City, project_id: int, who: str, status: int
) -> None:
    city.sign_in(client, who)
    assert client.get(f"/projects/{project_id}/funds/report").status_code == status


def test_a_reader_without_a_part_in_it_sees_no_button(
    client: FlaskClient, city: City, project_id: int
) -> None:
    number = money.reported(city, "kunqu_officer", project_id)
    for who in ("kunqu_colleague", "leader"):
        city.sign_in(client, who)
        page = client.get(f"/receipts/{number}").text
        assert f"/receipts/{number}/" not in page
        assert "/funds/report" not in client.get(f"/projects/{project_id}/funds").text


def test_an_entry_after_the_close_is_marked_on_the_page(
    client: FlaskClient, city: City, database: Database, config: Config, project_id: int
) -> None:
    """Confirmed after its month was closed, a receipt says 补报 and where it is booked."""
    from crm.counting.operations import books

    now = clock.now()
    number = money.reported(city, "kunqu_officer", project_id, money.slip(config.files_dir))
    with database.read() as session:
        month = session.scalars(select(MonthlyReport)).one()
    with city.write() as session:
        if month.month == 12:
            pytest.skip("December closes with its year")
        books.close_month(
            session, city.actor("city_manager"), month.year, month.month, reason="月报", now=now
        )
    money.confirmed(city, "city_manager", money.reviewed(city, "kunqu_reviewer", number))
    city.sign_in(client, "kunqu_officer")
    booked = f"{month.year:04d}-{month.month + 1:02d}"
    for address in (f"/receipts/{number}", f"/projects/{project_id}/funds"):
        page = client.get(address).text
        assert "补报" in page
        assert booked in page


def test_a_page_of_many_receipts_takes_as_many_questions_as_one_of_few(
    client: FlaskClient, city: City, database: Database, config: Config, project_id: int
) -> None:
    from tests.house.test_queries import asked

    city.sign_in(client, "kunqu_officer")
    pages = [f"/projects/{project_id}/funds"]
    paper = money.slip(config.files_dir)
    for _ in range(2):
        money.reported(city, "kunqu_officer", project_id, paper)
    asked(client, database, pages)
    few = asked(client, database, pages)
    for _ in range(6):
        money.reported(city, "kunqu_officer", project_id, paper)
    assert asked(client, database, pages) == few
