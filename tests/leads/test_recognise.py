"""What is read out of pasted messages, as officers really get them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.leads.rules.recognise import LONGEST, Recognised, recognise
from crm.values.money import Money, parse_amount
from crm.values.text import nfkc, tidy

MESSAGES = [
    (
        "李局您好，我是江苏双良新能源装备股份有限公司的张伟，电话138 0013 8000，"
        "我们计划在包头投资约3.5亿元建设还原炉项目，年产值10亿元",
        Recognised(
            company="江苏双良新能源装备股份有限公司",
            contact_name="张伟",
            contact_phone="138 0013 8000",
            amount="约3.5亿元",
        ),
    ),
    (
        "金力永磁科技股份有限公司\n王建国  投资总监\n手机：13912345678\n电话：0797-8068888\n"
        "传真：0797-8068000\n地址：江西省赣州市经开区",
        Recognised(
            company="金力永磁科技股份有限公司",
            contact_name="王建国",
            contact_title="投资总监",
            contact_phone="13912345678",
        ),
    ),
    (
        "公司：弘元绿能\n联系人：陈总\n电话：0510-85390590\n总投资：10-12亿，一期3亿",
        Recognised(
            company="弘元绿能",
            contact_name="陈总",
            contact_phone="0510-85390590",
            amount="10-12亿",
        ),
    ),
    (
        "刚接待了宁波韵升的赵总，想做年产5000吨磁材，投资2个亿左右，13800001111",
        Recognised(contact_name="赵总", contact_phone="13800001111", amount="2个亿左右"),
    ),
    (
        "统一社会信用代码 91150200114392559Q 包头钢铁（集团）有限责任公司，注册资本147亿元，"
        "拟投35,000万元",
        Recognised(
            company="包头钢铁(集团)有限责任公司",
            credit_code="91150200114392559Q",
            amount="35,000万元",
        ),
    ),
    (
        "上海某某公司想来看看，预计投资额１．２亿元人民币，联系人李明 经理 +86 136-1234-5678",
        Recognised(
            company="上海某某公司",
            contact_name="李明",
            contact_title="经理",
            contact_phone="+86 136-1234-5678",
            amount="1.2亿元",
        ),
    ),
    (
        "【转发】深圳市比克动力电池有限公司（简称比克），专注18650电池，拟在包头建2GWh产线，"
        "投资额约6～8亿元。联系人：欧阳锋 18612345678",
        Recognised(
            company="深圳市比克动力电池有限公司",
            contact_name="欧阳锋",
            contact_phone="18612345678",
            amount="约6~8亿元",
        ),
    ),
    (
        "昨天和天合光能股份有限公司投资部长孙立强沟通，计划总投资20亿元，分两期，一期8亿元",
        Recognised(company="天合光能股份有限公司", amount="20亿元"),
    ),
    (
        "一期投资3亿元，总投资10亿元",
        Recognised(amount="10亿元"),
    ),
    (
        "联系人：刘洋（总经理助理）15147200000\n单位：内蒙古北方稀土磁性材料有限责任公司",
        Recognised(
            company="内蒙古北方稀土磁性材料有限责任公司",
            contact_name="刘洋",
            contact_title="总经理助理",
            contact_phone="15147200000",
        ),
    ),
    (
        "领导，京运通集团想上拉晶项目，大概5亿左右，联系人是冯经理13555556666",
        Recognised(
            company="京运通集团",
            contact_name="冯经理",
            contact_phone="13555556666",
            amount="5亿左右",
        ),
    ),
    (
        "您好，我这边是中科院包头稀土研究院，课题组马博士，电话0472-5179333",
        Recognised(
            company="中科院包头稀土研究院", contact_name="马博士", contact_phone="0472-5179333"
        ),
    ),
    ("张三 13800138000", Recognised(contact_name="张三", contact_phone="13800138000")),
    (
        "Umicore Battery Materials Co., Ltd. 计划投资2亿美元",
        Recognised(company="Umicore Battery Materials Co., Ltd."),
    ),
    ("项目总投资2.5亿元，新建厂房2万平方米，用电3万千瓦", Recognised(amount="2.5亿元")),
]
"""(message, everything that is read out of it): what is not named stays empty."""

NOTHING = [
    "",
    "王总说年产10万吨，占地200亩，投资待定"[3:],
    "我们公司准备建厂，占地100亩，年产值5亿元",
    "贵公司、分公司、上市公司、某公司、该集团",
    "注册资本5000万元，2024年营收12亿元，净利润8000万元",
    "产能：3万吨/年，5亿支，20万千瓦，1.5亿千瓦时",
    "身份证号 150204199001011234 银行账号 6222021234567890123",
    "传真：0472-5179333",
    "投资2亿美元",
    "投资-3亿元，投资0亿元",
    "投资9999999亿元",
    "明天下午三点开会",
]


@pytest.mark.parametrize(("message", "expected"), MESSAGES, ids=[one[0][:12] for one in MESSAGES])
def test_a_message_is_read(message: str, expected: Recognised) -> None:
    assert recognise(message) == expected


@pytest.mark.parametrize("message", NOTHING)
def test_what_is_no_firm_no_phone_and_no_investment_is_left_out(message: str) -> None:
    assert recognise(message).nothing, recognise(message)


PIECES = st.sampled_from(
    [
        "江苏双良有限公司", "我们公司", "张伟", "王总", "138 0013 8000", "13800138000",
        "0472-5179333", "投资", "总投资", "约3.5亿元", "2-3亿", "５０００万", "注册资本",
        "91150200114392559Q", "：", "，", "\n", " ", "联系人", "电话", "投资总监", "(集团)", "-", "亿",
        "万吨", "\u200f", "\x00", "😀", "Co., Ltd.", "ABC",
    ]
)  # fmt: skip


def _bare(text: str) -> str:
    return "".join(text.split())


@settings(max_examples=300)
@given(st.one_of(st.lists(PIECES, max_size=25).map("".join), st.text(max_size=200)))
def test_nothing_is_ever_invented(message: str) -> None:
    said = _bare(nfkc(tidy(message)))
    found = recognise(message)
    for value in vars(found).values():
        assert _bare(value) in said
        assert value == value.strip()
    if found.amount:
        assert parse_amount(found.amount).low > Money(0)
    if found.contact_phone:
        assert 7 <= sum(char.isdigit() for char in found.contact_phone) <= 17


def test_a_very_long_message_is_cut_and_not_slow() -> None:
    assert recognise("公司" * LONGEST + "江苏双良有限公司").company == ""
    assert recognise("1" * 100_000).nothing
    assert recognise("投资约" * 3000).amount == ""
