"""A project's shares between districts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from crm.core.forms import Form, IdField, Option
from crm.goals.forms.targets import FigureField, figure_of
from crm.goals.labels import WORDS
from crm.goals.rules.shares import MOST, percent
from crm.goals.rules.units import ValueFault

FINEST = 100
"""A hundredth of a per cent, in the smallest part that the unit % has."""


class SharesForm(Form):
    """Up to four districts, each with its per cent; its rows are made below the class."""

    def offer(self, districts: Iterable[Option]) -> None:
        """The districts to choose from."""
        rows = list(districts)
        for number in range(1, MOST + 1):
            self._fields[f"district_{number}"].offer(rows)

    def shares(self) -> dict[int, int] | None:
        """District → share as typed; None, and a field says why, where it is none. Empty rows are none."""
        found: dict[int, int] = {}
        for number in range(1, MOST + 1):
            district, share = self[f"district_{number}"], self[f"share_{number}"]
            typed = bool(str(share.data or "").strip())
            if district.data is None and not typed:
                continue
            if district.data is None:
                district.errors = [*district.errors, _("Choose the district.")]
            elif district.data in found:
                district.errors = [*district.errors, _("Each district once.")]
            elif (value := figure_of(share, "%")) is not None:
                if value % FINEST:
                    share.errors = [*share.errors, WORDS[ValueFault][ValueFault.TOO_FINE]]
                found[district.data] = value // FINEST
        return None if self.errors else found


for _number in range(1, MOST + 1):
    setattr(SharesForm, f"district_{_number}", IdField(_l("District"), empty=_l("none")))
    setattr(SharesForm, f"share_{_number}", FigureField(_l("Share")))


def shares_shown(shares: Mapping[int, int]) -> dict[str, Any]:
    """Shares as the form shows them."""
    told: dict[str, Any] = {}
    for number, (district, share) in enumerate(shares.items(), start=1):
        told |= {f"district_{number}": district, f"share_{number}": percent(share)}
    return told
