"""How a credit code is read, where a firm sits, how names are found."""

from __future__ import annotations

import pytest

from crm.companies.rules import (
    CodeFault,
    CompanyFilter,
    HeadFirmFilter,
    HeadFirmState,
    Position,
    code_fault,
    may_support,
    normal_code,
    seat,
)
from crm.core import pinyin

GOOD = "91110000600037341L"


@pytest.mark.parametrize(
    "typed",
    [
        GOOD,
        "91110000600037341l",
        "９１１１００００６０００３７３４１Ｌ",
        " 9111 0000 6000 3734 1L ",
        "91110000-600037341-L",
    ],
)
def test_a_code_is_read_however_it_is_typed(typed: str) -> None:
    assert normal_code(typed) == GOOD
    assert code_fault(normal_code(typed)) is None


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("9.11100006E+17", CodeFault.NUMBER),
        ("9.1110000600037E17", CodeFault.NUMBER),
        ("911100006000373000.0", CodeFault.NUMBER),
        ("9111000060003734", CodeFault.LENGTH),
        (GOOD + "1", CodeFault.LENGTH),
        ("9111000060003734IL", CodeFault.LETTERS),
        ("91110000600037O41L", CodeFault.LETTERS),
        ("九一一一", CodeFault.LETTERS),
        ("91A110000600037341", CodeFault.REGION),
        ("911100006000373410", CodeFault.CHECK_DIGIT),
    ],
)
def test_a_code_that_cannot_be_one_says_why(typed: str, fault: CodeFault) -> None:
    assert code_fault(normal_code(typed)) is fault


def test_nothing_typed_is_no_code() -> None:
    assert normal_code("  ") == ""


def test_a_firm_abroad_has_no_division_here() -> None:
    assert seat("DE", "110000") == ("DE", "")
    assert seat("CN", "110000") == ("CN", "110000")
    assert seat("HK", "") == seat("CN", "810000") == ("HK", "810000")


def test_a_firm_does_not_support_itself() -> None:
    assert not may_support(3, 3)
    assert may_support(3, 4)


def test_a_filter_ignores_what_it_cannot_read() -> None:
    nonsense = {"chain": "x", "position": "king", "region": "mars", "size": "-1", "public": "?"}
    assert CompanyFilter.from_args(nonsense) == CompanyFilter()
    assert CompanyFilter.from_args({"chain": "9" * 40}) == CompanyFilter()
    read = CompanyFilter.from_args({"q": " 明阳 ", "chain": "3", "position": "leader"})
    assert read == CompanyFilter(text="明阳", chain_id=3, position=Position.LEADER)
    assert HeadFirmFilter.from_args({"state": "signed"}).state is HeadFirmState.SIGNED


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("厦门钨业", "xmwy"),
        ("重庆长安", "cqca"),
        ("重庆长安", "zqca"),
        ("重慶", "cq"),
        ("单县", "sx"),
        ("TCL中环", "tclzh"),
        ("３Ｍ中国", "3mzg"),
        ("包头市龙马", "btslm"),
    ],
)
def test_initials_hold_every_reading(name: str, wanted: str) -> None:
    assert wanted in pinyin.initials(name).split()


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("厦门钨业", "xiamenwuye"),
        ("重慶", "chongqing"),
        ("单县", "shanxian"),
        ("长沙", "changsha"),
        ("北方稀土（集团）", "beifangxitujituan"),
        ("𠮷田", "𠮷tian"),
        ("", ""),
    ],
)
def test_the_sort_key_is_the_name_as_it_is_said(name: str, wanted: str) -> None:
    assert pinyin.full(name) == wanted


def test_a_long_name_fits_its_columns() -> None:
    name = "内蒙古包头市长盈重工单晶硅乐器行有限责任公司" * 5
    assert len(pinyin.full(name)) <= pinyin.FULL_LENGTH
    assert len(pinyin.initials(name)) <= pinyin.INITIALS_LENGTH
