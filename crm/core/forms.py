"""The form every form is: CSRF, a one-time key, the version it was opened on, and fields that say why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, IntegerField, SelectField, SelectMultipleField, StringField
from wtforms.fields import DateField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, TextArea, TextInput

from crm.core.errors import Change, Refused
from crm.core.labels import Words
from crm.core.once import new_key
from crm.values.money import Amount, AmountError, AmountFault, Unit, input_text, parse_amount
from crm.values.text import tidy

UNDECIDED = ""
"""The value of 待定 in a choice: None once read."""

MAX_ID = 2**63 - 1


def row_number(text: str) -> int | None:
    """The id that a text names; None where it is no number that the database could hold."""
    plain = text.isascii() and text.isdecimal() and len(text) < 20
    return int(text) if plain and int(text) <= MAX_ID else None


Option = tuple[str, Any] | tuple[str, Any, dict[str, Any]]


class Form(FlaskForm):
    """What every form carries, and how a refusal finds its field."""

    form_key = HiddenField()
    version = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stale: list[Change] = []
        self.refusals: list[Any] = []
        if not self.is_submitted() or not _is_key(self.form_key.data):
            self.form_key.data = new_key()

    @property
    def key(self) -> str:
        """The one-time key, 32 hex digits."""
        return str(self.form_key.data)

    @property
    def version_number(self) -> int | None:
        """The row's version when the form was opened; None on a form for a new row."""
        text = str(self.version.data or "")
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None

    def catch_up(self) -> None:
        """After the person was told what changed: the next save starts from the row as it is now."""
        if self.version.object_data is not None:
            self.version.data = self.version.object_data

    def refuse(self, refusal: Refused) -> None:
        """Put a rule's no (or several) beside its field, or above the form."""
        for one in refusal.each:
            field = self.field_of(one)
            if field is None:
                self.refusals.append(one.message)
            else:
                field.errors = [*field.errors, one.message]

    def field_of(self, refusal: Refused) -> Field | None:
        """The field that a rule's no belongs beside; forms with lines look in the line."""
        return self._fields.get(refusal.field) if refusal.field else None

    def all_errors(self) -> list[Any]:
        """Every message, for a page that has no place beside the fields."""
        return [*self.refusals, *(message for field in self for message in field.errors)]


def _is_key(text: Any) -> bool:
    return isinstance(text, str) and len(text) == 32 and text.isalnum() and text.isascii()


def as_choices(options: Iterable[Option]) -> list[SelectChoice]:
    """Options in the shape that WTForms takes."""
    return [SelectChoice(*option) for option in options]


def choices(kind: type[StrEnum], words: Words, undecided: bool = False) -> list[Option]:
    """The options of an enum in its own order, with 待定 first where that is an answer."""
    options: list[Option] = [(member.value, words[kind][member]) for member in kind]
    return [(UNDECIDED, _l("Undecided")), *options] if undecided else options


class TidyField(StringField):
    """One line of text: ends trimmed, control characters dropped, everything else kept as typed."""

    data: str  # never None, as the library's own may be

    def __init__(self, *args: Any, longest: int = 200, **kwargs: Any) -> None:
        self.longest = longest
        kwargs.setdefault("render_kw", {}).setdefault("maxlength", longest)
        super().__init__(*args, **kwargs)

    def process_data(self, value: Any) -> None:
        """What the row says; nothing is "" here too."""
        self.data = value or ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = self.shape(tidy(str(valuelist[0]))) if valuelist else ""

    def shape(self, text: str) -> str:
        """One line: inner breaks become spaces."""
        return " ".join(text.splitlines()) if "\n" in text or "\r" in text else text

    def pre_validate(self, form: Any) -> None:
        if self.data and len(self.data) > self.longest:
            raise ValidationError(_("At most %(n)d characters, please.", n=self.longest))


class NoteField(TidyField):
    """Text of several lines."""

    widget = TextArea()

    def __init__(self, *args: Any, longest: int = 4000, **kwargs: Any) -> None:
        super().__init__(*args, longest=longest, **kwargs)

    def shape(self, text: str) -> str:
        return text.replace("\r\n", "\n")


class EnumField(SelectField):
    """One member of an enum, or None for 待定 / not said."""

    def __init__(
        self, label: Any, kind: type[StrEnum], words: Words, undecided: bool = False, **kwargs: Any
    ) -> None:
        self.kind = kind

        def coerce(value: Any) -> StrEnum | None:
            return kind(value) if value else None

        options = as_choices(choices(kind, words, undecided))
        super().__init__(label, coerce=coerce, choices=options, **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            self.data = None
            raise ValueError(_("Choose one of the list.")) from None


class IdField(SelectField):
    """The number of a row chosen from a list that the view hands in (`offer`); None: not chosen."""

    def __init__(self, label: Any = None, empty: Any = None, **kwargs: Any) -> None:
        self.empty = _l("Undecided") if empty is None else empty
        super().__init__(label, coerce=_row_id, choices=kwargs.pop("choices", []), **kwargs)

    def offer(self, options: Iterable[Option]) -> None:
        """Set the rows to choose from, with the empty answer first."""
        self.choices = as_choices([(UNDECIDED, self.empty), *options])

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            self.data = None
            raise ValueError(_("Choose one of the list.")) from None


class IdsField(SelectMultipleField):
    """The numbers of several rows chosen from a list."""

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        kwargs.setdefault("option_widget", CheckboxInput())  # where a page shows them as boxes
        super().__init__(label, coerce=_row_id, choices=kwargs.pop("choices", []), **kwargs)

    def offer(self, options: Iterable[Option]) -> None:
        """Set the rows to choose from."""
        self.choices = as_choices(options)


def _row_id(value: Any) -> int | None:
    if value in (None, "", "None"):
        return None
    text = str(value)
    if (number := row_number(text)) is None:
        raise ValueError(text)
    return number


class AmountField(Field):
    """An amount of money as people write it ("3.5亿", "35,000万元", "约2亿", "2-3亿"); `data` is an `Amount`.

    Args:
        unit: what a bare number means.
        exact: refuse ranges and estimates.
    """

    widget = TextInput()

    def __init__(
        self,
        label: Any = None,
        *args: Any,
        unit: Unit = Unit.WAN,
        exact: bool = False,
        **kwargs: Any,
    ) -> None:
        self.unit = unit
        self.exact = exact
        self.typed: str | None = None
        kwargs.setdefault("render_kw", {}).setdefault("inputmode", "text")
        super().__init__(label, *args, **kwargs)

    def _value(self) -> str:
        if self.typed is not None:
            return self.typed
        data: Amount | None = self.data
        return "" if data is None else input_text(data.low, data.high, data.estimate, self.unit)

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.typed = str(valuelist[0]) if valuelist else ""
        self.data = None
        if not self.typed.strip():
            return
        try:
            amount = parse_amount(self.typed, self.unit)
        except AmountError as error:
            raise ValueError(AMOUNT_FAULTS[error.fault]) from None
        if self.exact and (amount.estimate or amount.low != amount.high):
            raise ValueError(AMOUNT_FAULTS[AmountFault.NOT_EXACT])
        self.data = amount


AMOUNT_FAULTS: dict[AmountFault, Any] = {
    AmountFault.EMPTY: _l("Enter an amount."),
    AmountFault.NEGATIVE: _l("An amount cannot be negative."),
    AmountFault.NOT_A_NUMBER: _l("This is not an amount. Write it like 3500, 3.5亿 or 35000万元."),
    AmountFault.SEPARATORS: _l(
        "The thousands separators are in the wrong place. Write 1,234.56 or 1234.56."
    ),
    AmountFault.FINER_THAN_FEN: _l("Amounts go down to 0.01 yuan, not finer."),
    AmountFault.TOO_LARGE: _l("This amount is too large to be stored. Check the unit."),
    AmountFault.RANGE_REVERSED: _l(
        "The range starts above its end. Write the smaller amount first."
    ),
    AmountFault.UNKNOWN_UNIT: _l("Unknown unit. Use 元, 万元 or 亿元."),
    AmountFault.NOT_EXACT: _l("Give one exact amount here, no range and no estimate."),
}


class DayField(DateField):
    """A day; years that nobody can mean are refused."""

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        super().__init__(label, format=["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日"], **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = str(valuelist[0]).strip() if valuelist else ""
        if not text:
            self.data = None
            return
        try:
            super().process_formdata([text])
        except ValueError:
            raise ValueError(_("This is not a day. Write it like 2025-06-30.")) from None
        if not date(1949, 1, 1) <= (self.data or date.min) <= date(2100, 12, 31):
            self.data = None
            raise ValueError(_("Check the year."))


class WholeField(IntegerField):
    """A whole number from 0 up, bounded; empty is None."""

    def __init__(self, label: Any = None, largest: int = 10**9, **kwargs: Any) -> None:
        self.largest = largest
        kwargs.setdefault("render_kw", {}).setdefault("inputmode", "numeric")
        super().__init__(label, **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = str(valuelist[0]).strip().replace(",", "") if valuelist else ""
        self.data = None
        if not text:
            return
        if len(text) > 20 or not text.isdecimal() or int(text) > self.largest:
            raise ValueError(_("A whole number from 0 to %(n)s, please.", n=f"{self.largest:,}"))
        self.data = int(text)


def options(rows: Sequence[tuple[int, Any]]) -> list[Option]:
    """(id, name) rows as options."""
    return [(str(number), name) for number, name in rows]
