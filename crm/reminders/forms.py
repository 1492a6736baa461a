"""How a person wants his letters; what the house sets; why a letter goes again."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField
from wtforms.validators import InputRequired, NumberRange, Optional

from crm.core.forms import DayField, Form, TidyField, WholeField, as_choices
from crm.reminders.labels import WEEKDAYS
from crm.reminders.rules.schedule import Policy, Wishes


def _hour(text: str) -> int | None:
    return int(text) if text else None


class WishesForm(Form):
    """One's own letters."""

    weekday = SelectField(
        _l("Day of the weekly letter"),
        choices=as_choices(
            [("", _l("First working day")), *((str(n), day) for n, day in enumerate(WEEKDAYS, 1))]
        ),
    )
    hour = SelectField(
        _l("Hour"),
        choices=as_choices(
            [("", _l("As the house has it")), *((str(n), f"{n:02}:00") for n in range(24))]
        ),
    )
    paused_until = DayField(_l("No letters before"), validators=[Optional()])
    when_empty = BooleanField(_l("Send the weekly letter also when there is nothing to say"))
    friday = BooleanField(_l("Notice on the last working day: what will be red on Monday"))
    daily = BooleanField(_l("Daily brief: what is late and what is planned for today"))

    def wishes(self) -> Wishes:
        """As the rules read them."""
        return Wishes(
            _hour(self.weekday.data or ""),
            _hour(self.hour.data or ""),
            self.paused_until.data,
            bool(self.when_empty.data),
            bool(self.friday.data),
            bool(self.daily.data),
        )


class PolicyForm(Form):
    """What holds for all letters."""

    on = BooleanField(_l("Letters are written"))
    hour = WholeField(
        _l("Hour of weekly letters and briefs"),
        largest=23,
        validators=[InputRequired(), NumberRange(min=0, max=23)],
    )
    friday = BooleanField(_l("Notice on the last working day"))
    friday_hour = WholeField(
        _l("Hour of that notice"),
        largest=23,
        validators=[InputRequired(), NumberRange(min=0, max=23)],
    )
    domains = TidyField(_l("Mail domains of the house"), longest=300)

    def policy(self) -> Policy:
        """As the rules read it."""
        words = (self.domains.data or "").replace("，", ",").replace(" ", ",").split(",")
        return Policy(
            bool(self.on.data),
            self.hour.data or 0,
            bool(self.friday.data),
            self.friday_hour.data or 0,
            tuple(word.strip().casefold() for word in words if word.strip()),
        )


class DecideForm(Form):
    """What became of a letter nobody knows the end of."""

    arrived = RadioField(
        _l("What became of it"),
        choices=as_choices([("yes", _l("It was sent")), ("no", _l("Send it again"))]),
        validators=[InputRequired(_l("Choose one of the list."))],
    )
    reason = TidyField(_l("Why"), longest=300, validators=[InputRequired(_l("Say why."))])


class AgainForm(Form):
    """A letter that goes once more."""

    reason = TidyField(_l("Why"), longest=300, validators=[InputRequired(_l("Say why."))])
