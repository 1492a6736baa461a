"""The application: one function that puts the house together, in the order of its rungs."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, g, redirect, render_template, request
from flask_wtf.csrf import CSRFError, CSRFProtect
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

import crm.accounts.labels
import crm.activities.labels
import crm.agenda.labels
import crm.catalog.labels
import crm.claims.labels
import crm.companies.labels
import crm.counting.labels
import crm.files.labels
import crm.funnel.labels
import crm.goals.labels
import crm.leads.labels
import crm.ledger.labels
import crm.lists.labels
import crm.meeting.labels
import crm.notices.labels
import crm.projects.labels
import crm.reminders.labels
from config import HOUSE, Config
from crm.accounts import login
from crm.accounts.rules import Permission
from crm.accounts.views import account as account_views
from crm.accounts.views import people as people_views
from crm.accounts.views import runs as run_views
from crm.accounts.views import trail as trail_views
from crm.accounts.views import units as units_views
from crm.activities.views import follow_ups as activity_views
from crm.activities.views import problems as problem_views
from crm.audit.labels.telling import changes_in_words
from crm.audit.operations import seal
from crm.audit.queries import changes_since, names_of_changes
from crm.catalog.views import days as day_views
from crm.catalog.views import dictionaries as dictionary_views
from crm.catalog.views import places as place_views
from crm.catalog.views import settings as setting_views
from crm.companies.views import chains as chain_views
from crm.companies.views import firms as firm_views
from crm.companies.views import head_firms as head_firm_views
from crm.core import languages, once, screen
from crm.core.converters import IdConverter
from crm.core.database import Database
from crm.core.errors import Change, Forbidden, Missing, Refused
from crm.core.labels import Labels
from crm.core.request import HouseRequest, close_request, here, open_request
from crm.files.rules import MOST_AT_ONCE
from crm.funnel.views import pages as funnel_views
from crm.goals.views import pages as goal_views
from crm.goals.views import rule_sets as rule_set_views
from crm.goals.views import shares as share_views
from crm.goals.views import target_pages as target_views
from crm.home.views import pages as home_views
from crm.home.views import steps as step_views
from crm.leads.views import pages as lead_views
from crm.leads.views import rulings as ruling_views
from crm.leads.views import scenarios as scenario_views
from crm.ledger.views import pages as ledger_views
from crm.lists import views as list_views
from crm.meeting.views import pages as meeting_views
from crm.navigation import links, navigation
from crm.projects.views import firms as firm_edit_views
from crm.projects.views import pages as project_views
from crm.projects.views import promises as promise_views
from crm.reminders.views import pages as letter_views
from crm.search import views as search_views

WORDS = Labels(
    crm.accounts.labels.WORDS,
    crm.activities.labels.WORDS,
    crm.agenda.labels.WORDS,
    crm.catalog.labels.WORDS,
    crm.claims.labels.WORDS,
    crm.companies.labels.WORDS,
    crm.counting.labels.WORDS,
    crm.files.labels.WORDS,
    crm.funnel.labels.WORDS,
    crm.goals.labels.WORDS,
    crm.leads.labels.WORDS,
    crm.ledger.labels.WORDS,
    crm.lists.labels.WORDS,
    crm.meeting.labels.WORDS,
    crm.notices.labels.WORDS,
    crm.projects.labels.WORDS,
    crm.reminders.labels.WORDS,
)

BLUEPRINTS = (
    home_views.bp,
    step_views.bp,
    letter_views.bp,
    activity_views.bp,
    problem_views.bp,
    search_views.bp,
    rule_set_views.bp,
    target_views.bp,
    share_views.bp,
    account_views.bp,
    people_views.bp,
    units_views.bp,
    run_views.bp,
    trail_views.bp,
    place_views.bp,
    dictionary_views.bp,
    setting_views.bp,
    day_views.bp,
    firm_views.bp,
    firm_edit_views.bp,
    chain_views.bp,
    head_firm_views.bp,
    lead_views.bp,
    ruling_views.bp,
    scenario_views.bp,
    list_views.bp,
    *ledger_views.BLUEPRINTS,
    project_views.bp,
    promise_views.bp,
    funnel_views.bp,
    meeting_views.bp,
    goal_views.bp,
)

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; manifest-src 'self'"
)

HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


def create_app(config: Config, database: Database | None = None) -> Flask:
    """The web application on a database that is already migrated.

    Args:
        database: the one to use; by default the configuration's.
    """
    app = Flask(
        "crm",
        root_path=str(HOUSE / "crm"),
        template_folder=str(HOUSE / "templates"),
        static_folder=str(HOUSE / "static"),
    )
    app.request_class = HouseRequest
    app.config.update(_flask_config(config))
    app.extensions["database"] = database or Database(config.database_url, seal)
    app.extensions["config"] = config
    app.url_map.converters["id"] = IdConverter
    if config.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=config.proxies, x_proto=config.proxies)  # type: ignore[method-assign]
    app.before_request(lambda: _open(app))
    CSRFProtect(app)
    languages.install(app)
    login.install(app)
    screen.install(app, WORDS)
    app.context_processor(lambda: _page_context(config))
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.teardown_request(close_request)
    app.after_request(_headers)
    _errors(app)
    return app


def _flask_config(config: Config) -> dict[str, Any]:
    return {
        "SECRET_KEY": config.secret_key,
        "SESSION_COOKIE_NAME": "crm_session",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": config.secure_cookies,
        "SESSION_HOURS": config.session_hours,
        "MAX_CONTENT_LENGTH": MOST_AT_ONCE * config.upload_bytes + 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 1024 * 1024,
        "MAX_FORM_PARTS": 2000,
        "WTF_CSRF_TIME_LIMIT": None,  # a form may stay open for days; the token ends with the session
        "FILES_DIR": config.files_dir,
        "PICTURES_DIR": config.pictures_dir,
        "UPLOAD_BYTES": config.upload_bytes,
        "SEND_FILE_MAX_AGE_DEFAULT": 3600,
    }


def _open(app: Flask) -> None:
    open_request(app)
    here.changes = _changes_in_words


def _changes_in_words(session: Session, table: str, row_id: int, version: int) -> list[Change]:
    """What others did to a row, for the second of two editors, in his language."""
    found = changes_since(session, table, row_id, version)
    return changes_in_words(found, table, names_of_changes(session, table, found), WORDS)


def _page_context(config: Config) -> dict[str, Any]:
    return {
        "here": here,
        "person": g.get("person"),
        "permission": Permission,
        "navigation": navigation(here.signed_in) if "here" in g else [],
        "links": links(here.signed_in) if "here" in g else {},
        "demo": config.demo,
        "languages": languages.LANGUAGES,
        "language": languages.chosen(),
    }


def _headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def _errors(app: Flask) -> None:
    """What a query or an operation may raise, and every HTTP error, in the house's own dress."""

    @app.errorhandler(Missing)
    def missing(_: Missing) -> tuple[str, int]:
        return _error_page(404)

    @app.errorhandler(Forbidden)
    def forbidden(_: Forbidden) -> tuple[str, int]:
        return _error_page(403)

    @app.errorhandler(Refused)
    def refused(error: Refused) -> tuple[str, int]:
        return _error_page(422, error.message)

    @app.errorhandler(once.Repeated)
    def repeated(error: once.Repeated) -> Any:
        return redirect(error.location, 303)

    @app.errorhandler(CSRFError)
    def csrf(_: CSRFError) -> tuple[str, int]:
        return _error_page(400)

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Any:
        if error.response is not None or (error.code or 500) < 400:
            return error
        answer = app.make_response(_error_page(error.code or 500))
        for name, value in error.get_headers():
            if name.lower() not in {"content-type", "content-length"}:
                answer.headers[name] = value
        return answer

    @app.errorhandler(OperationalError)
    def busy(error: OperationalError) -> Any:
        app.logger.error("the database did not answer: %s", error.orig)
        answer = app.make_response(_error_page(503))
        answer.headers["Retry-After"] = "10"
        return answer

    @app.errorhandler(Exception)
    def broken(error: Exception) -> tuple[str, int]:
        if app.testing:
            raise error
        app.logger.exception("unhandled error on %s %s", request.method, request.path)
        return _error_page(500)


def _error_page(status: int, message: Any = None) -> tuple[str, int]:
    return render_template("errors/error.html", status=status, message=message), status
