"""What people type: read exactly, or refused with the reason, and kept on the page."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from crm.core.forms import (
    AmountField,
    DayField,
    Form,
    IdField,
    IdsField,
    NoteField,
    TidyField,
    WholeField,
)
from crm.values.money import Money, Unit


class Everything(Form):
    """One field of each kind."""

    name = TidyField("name", longest=20)
    note = NoteField("note")
    amount = AmountField("amount")
    exact = AmountField("exact", unit=Unit.YUAN, exact=True)
    day = DayField("day")
    number = WholeField("number", largest=1000)
    row = IdField("row")


@pytest.fixture(scope="module")
def forms() -> Flask:
    """As much of an application as a form needs."""
    from crm.core import languages

    app = Flask("crm")
    app.config.update(SECRET_KEY="x", WTF_CSRF_ENABLED=False)
    languages.install(app)
    return app


def fill(app: Flask, **typed: Any) -> Everything:
    """The form as it comes back after a post."""
    with app.test_request_context("/", method="POST", data=typed):
        form = Everything()
        form.row.offer([("3", "three")])
        form.validate()
        _ = str(form.amount())  # what would be shown again
        return form


@pytest.mark.parametrize(
    ("typed", "low", "high", "estimate"),
    [
        ("123", Money.wan(123), Money.wan(123), False),
        ("１２３", Money.wan(123), Money.wan(123), False),
        ("1,234.56", Money.yuan(12_345_600), Money.yuan(12_345_600), False),
        ("3.5亿", Money.wan(35_000), Money.wan(35_000), False),
        ("35000万元", Money.wan(35_000), Money.wan(35_000), False),
        ("约2亿", Money.yi(2), Money.yi(2), True),
        ("2-3亿", Money.yi(2), Money.yi(3), False),
        ("0.001", Money.yuan(10), Money.yuan(10), False),
    ],
)
def test_an_amount_is_read_exactly(
    forms: Flask, typed: str, low: Money, high: Money, estimate: bool
) -> None:
    amount = fill(forms, amount=typed).amount
    assert not amount.errors
    assert (amount.data.low, amount.data.high, amount.data.estimate) == (low, high, estimate)


@pytest.mark.parametrize("typed", ["-5", "1e309", "NaN", "abc", "12,34", "9" * 40, "3-2亿", "5斤"])
def test_what_is_no_amount_is_refused_beside_the_field_and_kept(forms: Flask, typed: str) -> None:
    amount = fill(forms, amount=typed).amount
    assert amount.errors
    assert amount.data is None
    assert amount._value() == typed


@pytest.mark.parametrize("typed", ["0.001", "约2亿", "2-3亿"])
def test_where_one_exact_amount_is_asked_nothing_else_will_do(forms: Flask, typed: str) -> None:
    assert fill(forms, exact=typed).exact.errors


@pytest.mark.parametrize(
    ("typed", "good"),
    [
        ("2025-06-30", True),
        ("2025/6/30", True),
        ("2025年6月30日", True),
        ("2025-02-30", False),
        ("0025-01-01", False),
        ("9999-12-31", False),
        ("soon", False),
    ],
)
def test_a_day_is_a_day_of_this_time(forms: Flask, typed: str, good: bool) -> None:
    day = fill(forms, day=typed).day
    assert bool(day.errors) is not good
    assert (day.data is not None) is good


@pytest.mark.parametrize(("typed", "value"), [("", None), ("12", 12), ("1,000", 1000)])
def test_a_whole_number_is_read(forms: Flask, typed: str, value: int | None) -> None:
    assert fill(forms, number=typed).number.data == value


@pytest.mark.parametrize("typed", ["-1", "1.5", "1001", "²", "9" * 400])
def test_what_is_no_whole_number_in_bounds_is_refused(forms: Flask, typed: str) -> None:
    assert fill(forms, number=typed).number.errors


@pytest.mark.parametrize("typed", ["4", "x", "-1", "99999999999999999999999", "٣"])
def test_a_row_that_was_not_offered_cannot_be_chosen(forms: Flask, typed: str) -> None:
    row = fill(forms, row=typed).row
    assert row.errors
    assert fill(forms, row="3").row.data == 3
    assert fill(forms, row="").row.data is None


@pytest.mark.parametrize("text", ["𠮷野家", "🙂 ok", "‏مرحبا‏", "a < b & c"])
def test_letters_of_any_script_survive(forms: Flask, text: str) -> None:
    assert fill(forms, name=text).name.data == text


def test_text_is_trimmed_and_bounded(forms: Flask) -> None:
    assert fill(forms, name="  a  ").name.data == "a"
    assert fill(forms, name="x" * 21).name.errors
    assert fill(forms, note="one\r\ntwo").note.data == "one\ntwo"


def test_a_form_key_that_is_not_ours_is_replaced(forms: Flask) -> None:
    assert fill(forms, form_key="'; drop").key.isalnum()
    assert fill(forms, form_key="a" * 32).key == "a" * 32


@pytest.mark.parametrize("typed", ["0" * 20 + "9" * 30, "9" * 5000, str(2**63), "²", "-1", "\x003"])
def test_a_number_that_no_row_can_have_is_none_of_the_list(forms: Flask, typed: str) -> None:
    row = fill(forms, row=typed).row
    assert row.errors
    assert row.data is None


def test_rows_that_are_chosen_as_boxes_are_boxes_and_checked(forms: Flask) -> None:
    class Several(Form):
        """Some of a list."""

        rows = IdsField("rows")

    with forms.test_request_context("/"):
        form = Several(data={"rows": [2]})
        form.rows.offer([("1", "one"), ("2", "two")])
        one, two = (str(option()) for option in form.rows)
    assert 'type="checkbox"' in one
    assert ("checked" in one, "checked" in two) == (False, True)
