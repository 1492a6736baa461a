"""The pages of scenarios."""

from __future__ import annotations

from flask import Blueprint, Response, request, url_for
from sqlalchemy.orm import Session

from crm.accounts.models import Person
from crm.accounts.queries import colleagues
from crm.accounts.rules import Permission
from crm.audit.queries import timeline
from crm.catalog.queries import cluster_options, district_options
from crm.companies.queries import company_options
from crm.core.errors import Forbidden
from crm.core.forms import options
from crm.core.gate import allow
from crm.core.languages import chosen
from crm.core.request import act, here, page, write
from crm.leads.forms.scenarios import MatchForm, ScenarioForm
from crm.leads.operations import scenarios as operations
from crm.leads.queries import scenarios as queries
from crm.leads.rules.kinds import ScenarioState

bp = Blueprint("scenarios", __name__, url_prefix="/scenarios")


@bp.get("")
@allow(Permission.LEAD_READ)
def index() -> Response:
    """The scenarios."""
    wanted = _wanted()
    found = queries.scenarios(
        here.session, wanted, after=request.args.get("after"), before=request.args.get("before")
    )
    return page(
        "leads/scenarios/list.html",
        found=found,
        wanted=wanted,
        states=queries.scenario_states(here.session, wanted),
        matched=queries.match_counts(here.session, here.actor, [row.id for row in found.rows]),
        kinds=list(ScenarioState),
        clusters=cluster_options(here.session, chosen()),
    )


@bp.get("/<id:scenario_id>")
@allow(Permission.LEAD_READ)
def scenario(scenario_id: int) -> Response:
    """One scenario: what is asked, the firms matched, the leads that came of it."""
    row = queries.scenario(here.session, scenario_id)
    matched = queries.matches(here.session, here.actor, scenario_id)
    seen = {match.id for match in matched}
    return page(
        "leads/scenarios/scenario.html",
        scenario=row,
        matches=matched,
        writable=_writable(scenario_id),
        kinds=list(ScenarioState),
        entries=[  # a match with a firm that the reader may not know is not told either
            entry
            for entry in timeline(here.session, "scenario", scenario_id)
            if entry.row_kind != "scenario_match" or entry.row_id in seen
        ],
    )


@bp.route("/new", methods=["GET", "POST"])
@allow(Permission.ANCHOR_WRITE)
def new() -> Response:
    """Enter a scenario."""
    form = _form(ScenarioForm(owner_id=here.actor.id))

    def effect(session: Session) -> str:
        row = operations.open_scenario(session, here.actor, form.draft(), now=here.now)
        return url_for(".scenario", scenario_id=row.id)

    if form.validate_on_submit() and (answer := write(form, effect)):
        return answer
    return page("leads/scenarios/edit.html", form=form, scenario=None)


@bp.route("/<id:scenario_id>/edit", methods=["GET", "POST"])
@allow(Permission.ANCHOR_WRITE)
def edit(scenario_id: int) -> Response:
    """Change a scenario."""
    row = queries.scenario(here.session, scenario_id)
    if not _writable(scenario_id):
        raise Forbidden
    form = _form(ScenarioForm(obj=row), owner=row.owner)

    def effect(session: Session) -> str:
        operations.edit_scenario(
            session,
            here.actor,
            scenario_id,
            form.draft(),
            version=form.version_number,
            now=here.now,
        )
        return url_for(".scenario", scenario_id=scenario_id)

    if form.validate_on_submit() and (answer := write(form, effect, row=("scenario", scenario_id))):
        return answer
    return page("leads/scenarios/edit.html", form=form, scenario=row)


@bp.post("/<id:scenario_id>/state")
@allow(Permission.ANCHOR_WRITE)
def set_state(scenario_id: int) -> Response:
    """Say how far it is; the button's value is the state."""
    value = request.form.get("state", "")
    state = ScenarioState(value) if value in list(ScenarioState) else None

    def effect(session: Session) -> str:
        if state is not None:
            operations.set_scenario_state(session, here.actor, scenario_id, state, now=here.now)
        return url_for(".scenario", scenario_id=scenario_id)

    return act(effect)


@bp.route("/<id:scenario_id>/match", methods=["GET", "POST"])
@allow(Permission.ANCHOR_WRITE)
def match(scenario_id: int) -> Response:
    """Note that a firm was brought together with it."""
    row = queries.scenario(here.session, scenario_id)
    if not _writable(scenario_id):
        raise Forbidden
    form = MatchForm(matched_on=here.today)
    form.company_id.offer(company_options(here.session, here.actor, ids=[form.company_id.data]))

    def effect(session: Session) -> str:
        operations.match_firm(
            session,
            here.actor,
            scenario_id,
            form.company_id.data,
            day=form.matched_on.data or here.today,
            note=form.note.data,
            now=here.now,
        )
        return url_for(".scenario", scenario_id=scenario_id)

    if form.validate_on_submit() and (answer := write(form, effect)):
        return answer
    return page("leads/scenarios/match.html", form=form, scenario=row)


def _wanted() -> queries.ScenarioFilter:
    """The filter in the address; what cannot be read is no filter."""
    cluster, state = request.args.get("cluster", ""), request.args.get("state", "")
    known = cluster.isascii() and cluster.isdecimal() and len(cluster) < 19
    return queries.ScenarioFilter(
        text=request.args.get("q", "").strip()[:100],
        cluster_id=int(cluster) if known else None,
        state=ScenarioState(state) if state in list(ScenarioState) else None,
    )


def _writable(scenario_id: int) -> bool:
    return here.actor.may(Permission.ANCHOR_WRITE) and queries.may_write_scenario(
        here.session, here.actor, scenario_id
    )


def _form(form: ScenarioForm, owner: Person | None = None) -> ScenarioForm:
    """With its choices; an owner from elsewhere stays choosable."""
    people = colleagues(here.session, here.actor)
    if owner is not None and owner.id not in dict(people):
        people.append((owner.id, owner.name))
    form.owner_id.offer(options(people))
    form.cluster_id.offer(cluster_options(here.session, chosen()))
    form.district_id.offer(district_options(here.session, chosen()))
    return form
