"""Districts and parks."""

from __future__ import annotations

from flask import Blueprint, Response, url_for
from sqlalchemy.orm import Session

import crm.accounts.queries as accounts
from crm.accounts.rules import Permission
from crm.catalog import queries
from crm.catalog.forms import DistrictForm
from crm.catalog.operations import keeping as operations
from crm.core.forms import options
from crm.core.gate import allow
from crm.core.request import here, page, write

bp = Blueprint("places", __name__)

READERS = (Permission.COMPANY_READ, Permission.CATALOG_EDIT, Permission.AUDIT_READ)
"""The catalog is read by everybody who is signed in."""


@bp.get("/places")
@allow(*READERS)
def index() -> Response:
    """The nine districts and the zone, and the parks."""
    units = {unit.id: unit.name for unit in accounts.units(here.session)}
    return page(
        "catalog/places.html",
        districts=queries.districts(here.session),
        parks=queries.parks(here.session, inactive=True),
        units=units,
        may_edit=here.actor.may(Permission.CATALOG_EDIT),
    )


@bp.route("/places/<id:district_id>/unit", methods=["GET", "POST"])
@allow(Permission.CATALOG_EDIT)
def unit(district_id: int) -> Response:
    """Say which unit reviews what lands in a district."""
    district = queries.district(here.session, district_id)
    form = DistrictForm(obj=district)
    units = [(row.id, row.name) for row in accounts.units(here.session) if row.active]
    form.unit_id.offer(options(units))
    if form.validate_on_submit():

        def effect(session: Session) -> str:
            operations.assign_district_unit(
                session,
                here.actor,
                district_id,
                form.unit_id.data,
                here.now,
                version=form.version_number,
            )
            return url_for("places.index")

        if answer := write(form, effect, row=("district", district_id)):
            return answer
    return page("catalog/district_unit.html", form=form, district=district)
