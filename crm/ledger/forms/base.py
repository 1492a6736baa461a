"""What is typed of last year's published figures: one figure, or the file that holds many."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import InputRequired

from crm.core.forms import AmountField, Form, IdField, TidyField, as_choices
from crm.core.sheets import ENDINGS
from crm.files.forms import UploadField
from crm.ledger.queries.published_checks import Told
from crm.values.money import Unit

SOURCE_LENGTH = 200

MONTHS = [
    ("1", _l("Month %(num)s", num=1)),
    *((str(month), _l("Months 1 to %(num)s", num=month)) for month in range(2, 13)),
]
"""Published figures are cumulative: "1—6月"."""


def _number(value: Any) -> int | None:
    text = str(value or "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else None


class BaseForm(Form):
    """One figure; a row of a workbook goes through it too."""

    year = SelectField(_l("Year"), coerce=_number, choices=[])
    month = SelectField(_l("Month"), coerce=_number, choices=as_choices(MONTHS))
    district_id = IdField(
        _l("District"),
        empty=_l("Choose"),
        validators=[InputRequired(_l("Choose a district, or the city."))],
    )
    cumulative = AmountField(
        _l("Cumulative funds"),
        unit=Unit.YI,
        exact=True,
        validators=[InputRequired(_l("Enter an amount."))],
    )
    source = TidyField(
        _l("Source"),
        longest=SOURCE_LENGTH,
        validators=[InputRequired(_l("Name the source: the bulletin, its number, its day."))],
    )

    def offer(self, years: list[int], districts: list[Any]) -> None:
        """The years and places to choose from."""
        self.year.choices = as_choices([(str(year), str(year)) for year in years])
        self.district_id.offer(districts)

    def told(self) -> Told:
        """The figure of a valid form."""
        return Told(
            self.year.data,
            self.month.data,
            self.district_id.data,
            self.cumulative.data.low,
            self.source.data,
            self.version_number,
        )


class ImportForm(Form):
    """The workbook, and what its rows leave unsaid."""

    file = UploadField(
        _l("Workbook or CSV"),
        multiple=False,
        needed=True,
        render_kw={"accept": ",".join(f".{one}" for one in ENDINGS)},
    )
    year = SelectField(_l("Year"), coerce=_number, choices=[])
    month = SelectField(
        _l("Month"),
        coerce=_number,
        choices=as_choices([("", _l("As the sheet says")), *MONTHS]),
    )
    unit = SelectField(
        _l("Unit where the sheet names none"),
        choices=as_choices(
            [
                (Unit.YI.name, _l("100m yuan")),
                (Unit.WAN.name, _l("10k yuan")),
                (Unit.YUAN.name, _l("yuan")),
            ]
        ),
    )
    source = TidyField(_l("Source where the rows name none"), longest=SOURCE_LENGTH)

    def offer(self, years: list[int]) -> None:
        """The years to choose from."""
        self.year.choices = as_choices([(str(year), str(year)) for year in years])


class RowsForm(Form):
    """The rows of a preview come beside it, as repeated fields; it carries the key alone."""
