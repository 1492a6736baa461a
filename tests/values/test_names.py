import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.values.names import core_key, distinctive, grams

names = st.text(
    alphabet="江苏省上海市内蒙古包头双良韵升新能源科技材料有限责任公司股份集团分()（）ABab１2 　",
    max_size=24,
)


@pytest.mark.parametrize(
    "name",
    [
        "双良",
        "江苏双良有限公司",
        "双良（上海）有限公司",
        "江苏省无锡市双良股份有限公司",
        "内蒙古包头市稀土高新区双良集团",
        "江苏双良(无锡)有限公司包头分公司",
        " 双 良 ",
        "双良集团",
    ],
)
def test_a_firm_is_told_by_what_is_left_without_place_and_form(name: str) -> None:
    assert core_key(name) == "双良"


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("上海", "上海"),
        ("广州有限公司", "广州"),
        ("大同煤矿集团", "大同煤矿"),  # what is left would tell no firm
        ("鄂尔多斯资源股份有限公司", "鄂尔多斯资源"),
        ("阿里云计算有限公司", "阿里云计算"),
        ("东方希望集团", "东方希望"),
        ("双良（二期）", "双良(二期)"),
        ("ＡＢＢ（中国）有限公司", "abb(中国)"),
    ],
)
def test_a_cut_that_would_leave_nothing_to_tell_a_firm_by_is_not_made(name: str, core: str) -> None:
    assert core_key(name) == core


@given(names)
def test_cutting_a_core_again_changes_nothing(name: str) -> None:
    core = core_key(name)
    assert core_key(core) == core
    assert bool(core) == bool(name)


@given(names)
def test_the_bigrams_of_a_part_are_among_those_of_the_whole(name: str) -> None:
    inner = "".join(char for char in name if "一" <= char <= "鿿")
    assert set(grams(inner)) <= set(grams("双良" + inner)) or len(inner) == 1


def test_words_of_letters_stay_whole_and_signs_fall_out() -> None:
    assert grams("abb中国(10gw)") == ["abb", "中国", "10gw"]
    assert grams("云") == ["云"]
    assert grams("") == []
    assert len(grams("".join(chr(0x4E00 + n) for n in range(300)))) == 40


def test_words_that_all_firms_share_tell_none() -> None:
    assert distinctive("新能源科技") == ""
    assert distinctive("双良新能源(科技)") == "双良"
