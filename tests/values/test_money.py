from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.values.money import (
    LARGEST_FEN,
    Amount,
    AmountError,
    AmountFault,
    Money,
    MoneyError,
    Unit,
    convert,
    decimal_text,
    exact_yuan,
    input_text,
    parse_amount,
    parse_money,
    show,
)

YUAN, WAN, YI = Unit.YUAN, Unit.WAN, Unit.YI
monies = st.integers(-(10**15), 10**15).map(Money)
positive = st.integers(0, LARGEST_FEN).map(Money)
units = st.sampled_from(Unit)

# Arithmetic


@given(st.lists(monies, max_size=6), st.lists(monies, max_size=6))
def test_a_sum_is_the_same_however_it_is_grouped(some: list[Money], others: list[Money]) -> None:
    whole = sum(some + others, Money.zero())
    assert whole == sum(some, Money.zero()) + sum(others, Money.zero())
    assert whole == sum(reversed(some + others), Money.zero())


@given(monies, monies)
def test_taking_away_undoes_adding_and_a_reversal_makes_nothing(a: Money, b: Money) -> None:
    assert a + b - b == a
    assert not a + -a


def test_a_plain_sum_of_money_is_money() -> None:
    assert sum([Money(1), Money(2)]) == Money(3)


@given(monies, st.integers(-100, 100))
def test_times_is_repeated_addition(money: Money, times: int) -> None:
    assert money * times == times * money == Money(money.fen * times)


@pytest.mark.parametrize("other", [1, 1.5, Decimal(1), True, "1"])
def test_money_is_neither_added_to_nor_taken_from_anything_else(other: Any) -> None:
    acts: list[Callable[[], object]] = [
        lambda: Money(1) + other,
        lambda: other + Money(1),
        lambda: Money(1) - other,
        lambda: Money(1) < other,
    ]
    for act in acts:
        with pytest.raises(TypeError):
            act()


@pytest.mark.parametrize("times", [1.5, Decimal(2), True, Money(2)])
def test_money_is_multiplied_by_whole_numbers_only(times: Any) -> None:
    with pytest.raises(TypeError):
        Money(1) * times


@pytest.mark.parametrize("fen", [1.0, Decimal(1), True, "1", None])
def test_fen_are_an_int_and_nothing_like_it(fen: Any) -> None:
    with pytest.raises(TypeError):
        Money(fen)


def test_money_fills_a_bigint_and_no_more() -> None:
    assert -Money(LARGEST_FEN) < Money.zero() < Money(LARGEST_FEN)
    for fen in (LARGEST_FEN + 1, -LARGEST_FEN - 1):
        with pytest.raises(MoneyError, match="out of range"):
            Money(fen)
    with pytest.raises(MoneyError, match="out of range"):
        Money(LARGEST_FEN) + Money(1)


def test_units_are_exact() -> None:
    assert Money.yi(1200) == Money.wan(12_000_000) == Money.yuan(120_000_000_000)
    assert Money.yuan(Decimal("0.01")) == Money(1)
    assert Money.yi(Decimal("0.0000000001")) == Money(1)
    assert Money.wan(Decimal("-1200.5")) == Money(-1_200_500_000)


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("0.001", "finer than a fen"),
        ("1e-999999999", "finer than a fen"),
        ("1e30", "out of range"),
        ("1e999999999", "out of range"),
        ("NaN", "not a number"),
        ("sNaN", "not a number"),
        ("-Infinity", "not a number"),
    ],
)
def test_what_is_no_amount_in_yuan_is_refused_at_once(amount: str, said: str) -> None:
    with pytest.raises(MoneyError, match=said):
        Money.yuan(Decimal(amount))


def test_a_float_makes_no_money() -> None:
    inexact: Any = 0.1
    with pytest.raises(TypeError):
        Money.yuan(inexact)
    with pytest.raises(TypeError):
        convert(inexact, Decimal(1))


@pytest.mark.parametrize(
    ("amount", "rate", "fen"),
    [
        ("1000000", "7.1234", 712_340_000),
        ("1", "0.005", 1),
        ("1", "0.00499999999999999999999999", 0),
        ("-1", "0.005", -1),
        ("0.01", "7.1884", 7),
        ("0", "7.1884", 0),
    ],
)
def test_foreign_money_is_converted_half_up_to_the_fen(amount: str, rate: str, fen: int) -> None:
    assert convert(Decimal(amount), Decimal(rate)) == Money(fen)


@pytest.mark.parametrize(
    ("amount", "rate"),
    [("1", "0"), ("1", "-7"), ("NaN", "7"), ("1", "Infinity"), ("1e20", "7"), ("1e99999", "7")],
)
def test_a_conversion_that_makes_no_sense_is_refused(amount: str, rate: str) -> None:
    with pytest.raises(MoneyError):
        convert(Decimal(amount), Decimal(rate))


# Reading


@pytest.mark.parametrize(
    ("text", "unit", "yuan"),
    [
        ("0", WAN, "0"),
        ("007", WAN, "70000"),
        ("１２３", WAN, "1230000"),
        ("1,234.56", WAN, "12345600"),
        ("１，２３４．５６", YUAN, "1234.56"),
        ("3.5亿", WAN, "350000000"),
        ("35000万元", YI, "350000000"),
        ("35,000 万元", YUAN, "350000000"),
        ("0.001", WAN, "10"),
        ("0.01", YUAN, "0.01"),
        ("0.0100000", YUAN, "0.01"),
        ("1.50元", WAN, "1.5"),
        ("2个亿", WAN, "200000000"),
        ("3.5（亿元）", WAN, "350000000"),
        ("　1200\u00a0亿元 ", WAN, "120000000000"),
        ("92233720368547758.07元", WAN, "92233720368547758.07"),
    ],
)
def test_an_exact_amount_is_read_to_the_fen(text: str, unit: Unit, yuan: str) -> None:
    assert parse_money(text, unit) == Money.yuan(Decimal(yuan))


@pytest.mark.parametrize(
    "text",
    [
        *("约2亿", "大约2亿", "近2亿", "逾2亿", "超2亿", "约２亿元", "约2亿左右"),
        *("2亿左右", "2亿上下", "2亿余", "2亿余元", "2余亿元", "2多亿", "2亿多元"),
    ],
)
def test_an_estimate_is_marked_as_one(text: str) -> None:
    assert parse_amount(text) == Amount(Money.yi(2), Money.yi(2), estimate=True)


@pytest.mark.parametrize(
    ("text", "low", "high", "estimate"),
    [
        ("2-3亿", 20_000, 30_000, False),
        ("2亿~3亿", 20_000, 30_000, False),
        ("2亿～3亿", 20_000, 30_000, False),
        ("2亿至3亿", 20_000, 30_000, False),
        ("2 到 3 亿元", 20_000, 30_000, False),
        ("2—3亿元", 20_000, 30_000, False),
        ("2——3亿元", 20_000, 30_000, False),
        ("5000万-1亿", 5_000, 10_000, False),
        ("2亿-3", 20_000, 30_000, False),
        ("1,000-2,000", 1_000, 2_000, False),
        ("约2-3亿", 20_000, 30_000, True),
        ("2-3亿左右", 20_000, 30_000, True),
        ("3-3", 3, 3, False),
    ],
)
def test_a_range_is_read_with_both_ends(text: str, low: int, high: int, estimate: bool) -> None:
    assert parse_amount(text) == Amount(Money.wan(low), Money.wan(high), estimate)


@pytest.mark.parametrize(
    ("text", "unit", "fault"),
    [
        *((text, WAN, AmountFault.EMPTY) for text in ("", "  ", "\n\t", "\u3000", "-", "—", "——")),
        *(
            (text, WAN, AmountFault.NEGATIVE)
            for text in ("-5", "－5", "−5", "负5万", "- 5", "约-5", "2--3亿")
        ),
        *(
            (text, WAN, AmountFault.NOT_A_NUMBER)
            for text in (
                *(
                    "1e309",
                    "1E5",
                    "1e-5",
                    "1 e 5",
                    "NaN",
                    "inf",
                    "Infinity",
                    "abc",
                    "1.2.3",
                    "1..2",
                ),
                *(
                    "0x10",
                    "5.",
                    ".5",
                    "+5",
                    "1 234",
                    "3 5亿",
                    "1亿2000万",
                    "2-3-4",
                    "2-",
                    "亿",
                    "约",
                    "三亿",
                ),
                *(
                    "10⁸",
                    "1½",
                    "①",
                    "٣",
                    "1,2.3.4",
                    "=1+1",
                    "a" * 65,
                    "9" * 60 + " 元元元元元",
                    "\x00",
                ),
            )
        ),
        *(
            (text, WAN, AmountFault.SEPARATORS)
            for text in (
                "12,34",
                "1,2345",
                "1,",
                "1,,234",
                "0,123",
                "1234,567",
                "1.5,000",
            )
        ),
        ("0.001", YUAN, AmountFault.FINER_THAN_FEN),
        ("0.0000001", WAN, AmountFault.FINER_THAN_FEN),
        ("92233720368547758.08", YUAN, AmountFault.TOO_LARGE),
        ("9999999999999亿", WAN, AmountFault.TOO_LARGE),
        ("9" * 64, WAN, AmountFault.TOO_LARGE),
        ("9" * 10_000, WAN, AmountFault.TOO_LARGE),
        ("3-2亿", WAN, AmountFault.RANGE_REVERSED),
        ("2亿-3万", WAN, AmountFault.RANGE_REVERSED),
        *(
            (text, WAN, AmountFault.UNKNOWN_UNIT)
            for text in ("5美元", "100万美元", "5 USD", "3吨", "2亿元整", "1.2万亿", "3千万")
        ),
    ],
)
def test_each_amount_refused_has_its_own_reason(text: str, unit: Unit, fault: AmountFault) -> None:
    with pytest.raises(AmountError) as refused:
        parse_amount(text, unit)
    assert refused.value.fault is fault


@pytest.mark.parametrize("text", ["约2亿", "2-3亿", "2亿余"])
def test_where_one_exact_amount_is_asked_a_range_or_an_estimate_is_refused(text: str) -> None:
    with pytest.raises(AmountError) as refused:
        parse_money(text)
    assert refused.value.fault is AmountFault.NOT_EXACT


@given(st.text(alphabet="0123456789,.-~至约近亿万元余多左右个()（） eE１，\n") | st.text())
def test_any_text_is_read_or_refused_with_a_reason(text: str) -> None:
    with suppress(AmountError):
        amount = parse_amount(text)
        assert Money.zero() <= amount.low <= amount.high


@given(positive, positive, st.booleans(), units)
def test_what_a_field_shows_again_is_read_as_the_same_amount(
    a: Money, b: Money, estimate: bool, unit: Unit
) -> None:
    amount = Amount(min(a, b), max(a, b), estimate)
    typed = input_text(amount.low, amount.high, amount.estimate, unit)
    assert parse_amount(typed, unit) == amount


# Showing


@pytest.mark.parametrize(
    ("yuan", "shown"),
    [
        ("0", "0万元"),
        ("12000000", "1,200万元"),
        ("12005000", "1,200.5万元"),
        ("12005049.99", "1,200.5万元"),
        ("12005050", "1,200.51万元"),
        ("-12005050", "-1,200.51万元"),
        ("99999999.99", "9,999.999999万元"),
        ("99999999.9", "9,999.99999万元"),
        ("-99999999.99", "-9,999.999999万元"),
        ("100000000", "1.00亿元"),
        ("100499999.99", "1.00亿元"),
        ("100500000", "1.01亿元"),
        ("-119999900000", "-1,200.00亿元"),
        ("120000000000", "1,200.00亿元"),
        ("12.34", "0.001万元"),
        ("-0.01", "-0.000001万元"),
    ],
)
def test_an_amount_is_shown_by_its_magnitude(yuan: str, shown: str) -> None:
    assert str(show(Money.yuan(Decimal(yuan)))) == shown


@pytest.mark.parametrize(
    ("yuan", "shown"),
    [
        ("119999900000", "1,199.999亿元"),
        ("119999999999.99", "1,199.9999999999亿元"),
        ("119900000000", "1,199.00亿元"),
        ("120000000000", "1,200.00亿元"),
        ("120000000000.01", "1,200.00亿元"),
    ],
)
def test_an_amount_short_of_a_target_never_reads_as_having_reached_it(
    yuan: str, shown: str
) -> None:
    assert str(show(Money.yuan(Decimal(yuan)), lines=[Money.yi(1200)])) == shown


def test_a_column_keeps_one_unit() -> None:
    assert decimal_text(Money.wan(5), YI) == "0.00"
    assert decimal_text(Money.yi(Decimal("1199.999")), YI) == "1,200.00"
    assert decimal_text(Money.yi(Decimal("1199.999")), YI, [Money.yi(1200)]) == "1,199.999"
    assert decimal_text(Money.yi(Decimal("1199.6")), YI, places=0) == "1,200"


@given(positive, st.integers(1, 10**6).map(Money))
def test_below_any_line_reads_as_below_it(money: Money, gap: Money) -> None:
    if money.fen <= LARGEST_FEN - gap.fen:
        for unit in Unit:
            text = decimal_text(money, unit, [money + gap])
            shown = Decimal(text.replace(",", "")) * unit.fen
            assert shown < (money + gap).fen


@given(st.integers(0, LARGEST_FEN - Unit.YI.fen).map(Money))
def test_what_is_shown_is_read_as_the_same_amount_but_for_rounding(money: Money) -> None:
    shown = show(money)
    read = parse_money(str(shown))
    assert abs(read.fen - money.fen) <= shown.unit.fen // 200
    assert (read >= Money.yi(1)) == (money >= Money.yi(1))


@given(positive)
def test_the_exact_text_is_exact(money: Money) -> None:
    assert parse_money(exact_yuan(money), YUAN) == money


def test_the_exact_text_has_separators_and_two_decimals() -> None:
    assert exact_yuan(Money(123_456_789)) == "1,234,567.89"
    assert exact_yuan(Money(-5)) == "-0.05"
