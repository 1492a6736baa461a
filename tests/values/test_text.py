import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.values.text import like_pattern, name_key, nfkc, search_key, tidy

names = st.text(alphabet="内蒙古自治区包头市有限责任公司股份集团钢铁稀土()（）【】 ａAb　分\u200f")


def test_full_and_half_width_are_one() -> None:
    assert nfkc("ＡＢＣ（１２３），") == "ABC(123),"


@pytest.mark.parametrize(
    "text",
    [
        "𠮷野家",
        "稀土👨‍👩‍👧🇨🇳",
        "\u200fשלום\u200e",
        "两行\n文字",
        "（全角）１２３",
        "e\u0301",
        "中 间",
    ],
)
def test_what_a_person_means_survives(text: str) -> None:
    assert tidy(text) == text


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  包钢　\n", "包钢"),
        ("a\x00b\x07", "ab"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\tb", "a b"),
        ("a\ud800b", "ab"),
        ("\x1b[31m红", "[31m红"),
        ("\x00 ", ""),
    ],
)
def test_what_no_database_can_hold_is_dropped(typed: str, stored: str) -> None:
    assert tidy(typed) == stored


@given(st.text(alphabet=st.characters()))
def test_tidying_twice_changes_nothing_and_can_be_stored(text: str) -> None:
    once = tidy(text)
    assert tidy(once) == once
    assert "\x00" not in once
    once.encode()


def test_a_search_knows_no_case_width_blank_or_invisible_mark() -> None:
    assert search_key(" ＡＢc　Straße\u200f\n稀 土") == "abcstrasse稀土"


@pytest.mark.parametrize(
    "name",
    [
        "双良",
        "双良有限公司",
        "双良有限责任公司",
        "双良股份有限公司",
        "双良集团股份有限公司",
        "双良（集团）有限公司",
        "双良(集团)股份公司",
        "内蒙古双良有限公司",
        "包头市双良公司",
        "内蒙古自治区包头市双良",
        "双良（包头）有限公司",
        "双良【内蒙古】有限公司",
        " 双 良 有限公司 ",
    ],
)
def test_one_firm_under_several_spellings_has_one_key(name: str) -> None:
    assert name_key(name) == "双良"


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("双良（上海）有限公司", "双良(上海)"),
        ("双良（二期）", "双良(二期)"),
        ("上海双良有限公司", "上海双良"),
        ("双良集团新能源有限公司", "双良集团新能源"),
        ("双良有限公司包头分公司", "双良有限公司包头分公司"),
        ("ＡＢＢ（中国）有限公司", "abb(中国)"),
    ],
)
def test_another_firm_keeps_another_key(name: str, key: str) -> None:
    assert name_key(name) == key


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("包头", "包头"),
        ("包头市", "包头市"),
        ("有限公司", "有限公司"),
        ("（包头）", "(包头)"),
        ("包头集团有限公司", "包头"),
        ("\u200f", "\u200f"),
        ("", ""),
    ],
)
def test_a_name_of_nothing_but_what_is_dropped_keeps_something(name: str, key: str) -> None:
    assert name_key(name) == key


@given(names.filter(bool))
def test_no_name_is_left_without_a_key(name: str) -> None:
    assert name_key(name)


def test_the_regions_to_drop_can_be_given() -> None:
    assert name_key("江苏双良（江阴）有限公司", regions=("江苏", "江阴")) == "双良"


def test_what_is_searched_for_is_taken_literally() -> None:
    assert like_pattern(r"100%_\稀土") == r"100\%\_\\稀土"
