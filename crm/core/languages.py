"""Chinese first, English second: which one a request speaks."""

from __future__ import annotations

from babel import Locale
from flask import Flask, g, request
from flask_babel import Babel

LANGUAGES = {"zh_CN": "中文", "en": "English"}
DEFAULT = "zh_CN"


def install(app: Flask) -> None:
    """Set up Flask-Babel; without it WTForms speaks English to everybody."""
    app.config.setdefault("BABEL_DEFAULT_LOCALE", DEFAULT)
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", "translations")
    locales = {name: _locale(name) for name in LANGUAGES}
    Babel(
        app,
        locale_selector=lambda: locales[chosen()],
        timezone_selector=lambda: "Asia/Shanghai",
    )


def chosen() -> str:
    """The signed-in person's language; before sign-in the cookie's, else Chinese."""
    language = g.get("language") or request.cookies.get("language")
    return language if language in LANGUAGES else DEFAULT


def column(language: str | None = None) -> str:
    """Which name column of the catalog to show: "name" or "name_en"."""
    return "name_en" if (language or chosen()) == "en" else "name"


def _locale(name: str) -> Locale:
    """The locale under the name of our catalogue: Babel's own for zh_CN is zh_Hans_CN."""
    locale = Locale.parse(name)
    locale.script = None
    return locale
