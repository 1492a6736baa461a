"""When two leads may be the same: pure, no database."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.leads.rules.duplicates import Asked, Firm, Likeness, content_key, likeness, same_content

SPELLINGS = [
    "江苏双良新能源装备股份有限公司",
    "江苏双良新能源装备有限公司",
    " 江苏双良新能源装备 ",
    "江苏双良新能源装备（集团）有限公司",
    "江苏双良新能源装备(集团)股份有限公司",
    "江苏双良新能源装备股份有限公司　",
    "江苏双良新能源装备集团有限责任公司",
    "江苏双良新能源装备【集团】",
]
"""One firm as the ledgers write it (`domain.md`, section 5): widths, brackets, forms, trailing blanks."""

CODE = "91150200114392559Q"


@pytest.mark.parametrize("one", SPELLINGS)
@pytest.mark.parametrize("other", SPELLINGS)
def test_one_firm_is_one_under_any_of_its_spellings(one: str, other: str) -> None:
    assert likeness(Firm.named(one), Firm.named(other)) is Likeness.NAME


@pytest.mark.parametrize(
    ("asked", "other", "why"),
    [
        ("双良", "江苏双良新能源装备股份有限公司", Likeness.CONTAINED),
        ("江苏双良新能源装备股份有限公司", "双良集团", Likeness.CONTAINED),
        ("上海双良", "江苏双良", Likeness.CONTAINED),
        ("宁波韵升股份有限公司", "韵升（包头）磁材有限公司", Likeness.CONTAINED),
        ("天合光能股份有限公司", "天合光能", Likeness.NAME),
        ("宁德时代新能源科技股份有限公司", "宁德时代新能源科技服份有限公司", Likeness.CONTAINED),
        ("弘元绿色能源新材料科技", "弘元绿色能源材料科技", Likeness.SIMILAR),
        ("天宇新能源", "天和新能源", None),
        ("新能源科技有限公司", "双良新能源科技有限公司", None),
        ("双良", "双星", None),
        (
            "包钢",
            "北方包钢",
            None,
        ),  # two characters tell a firm only where its name begins with them
    ],
)
def test_names_are_alike_or_not(asked: str, other: str, why: Likeness | None) -> None:
    assert likeness(Firm.named(asked), Firm.named(other)) is why
    assert likeness(Firm.named(other), Firm.named(asked)) is why


def test_a_code_counts_for_more_than_any_name() -> None:
    assert likeness(Firm.named("甲", CODE), Firm.named("乙", f" {CODE.lower()} ")) is Likeness.CODE
    assert likeness(Firm.named("甲", CODE), Firm.named("乙", "")) is None


def test_members_of_a_group_and_its_own_firm_belong_together() -> None:
    member = Firm.named("恒润光能科技", group="双良集团")
    assert likeness(member, Firm.named("江阴新材", group="双良")) is Likeness.GROUP
    assert likeness(member, Firm.named("双良集团有限公司")) is Likeness.GROUP
    assert likeness(Firm.named("江阴新材"), Firm.named("恒润光能")) is None


@given(st.text(max_size=30), st.text(max_size=30))
def test_likeness_is_mutual(one: str, other: str) -> None:
    mine, theirs = Firm.named(one), Firm.named(other)
    assert likeness(mine, theirs) is likeness(theirs, mine)


@given(st.text(max_size=30))
def test_nothing_is_like_a_firm_without_a_name(name: str) -> None:
    assert likeness(Firm.named(""), Firm.named(name)) is None


def test_plans_are_the_same_by_nearly_all_their_words() -> None:
    plan = content_key("年产 5 万吨高性能钕铁硼磁材项目，一期 2 万吨")
    assert same_content(plan, content_key("年产5万吨高性能钕铁硼磁材项目(一期2万吨)"))
    assert not same_content(plan, content_key("年产5万吨电解铝项目"))
    assert not same_content("新建厂房", "新建厂房")  # too short to say anything


def test_what_was_seen_is_marked_by_the_firm_alone() -> None:
    firm = Firm.named("双良")
    assert Asked(firm).mark == Asked(firm, content="磁材", chain_id=3, but_lead=7).mark
    assert Asked(firm).mark != Asked(Firm.named("双星")).mark
    assert Asked(Firm.named("")).mark == ""
