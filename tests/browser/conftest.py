"""A real server on a fresh database, and a Chromium that looks at it."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from config import Config
from crm.app import create_app
from crm.core.database import Database
from tests.browser.watch import WIDTHS, Watch
from tests.factories.city import City

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NONE = (
    "NO CHROMIUM: THE BROWSER TESTS DID NOT RUN. Install Debian's chromium, or say where one is "
    "with CHROMIUM=/path."
)
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is a browser test."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where the browser is; without one the test is skipped loudly, or fails if it is required."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if found:
        return found
    if os.environ.get("CRM_REQUIRE_BROWSER") == "1":
        pytest.fail(NONE)
    pytest.skip(NONE)


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """One browser for a worker's tests."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def app(config: Config, database: Database) -> Flask:
    """The application as it is in production, CSRF included."""
    return create_app(config, database)


@pytest.fixture
def server(app: Flask) -> Iterator[str]:
    """The application behind a port of this machine; its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@dataclass
class Windows:
    """Opens windows at the server, as somebody or as a stranger."""

    browser: Browser
    app: Flask
    server: str
    city: City
    watch: Watch

    def open(self, username: str = "", width: int = 1440, language: str = "zh_CN") -> Page:
        """A window of its own with a signed-in person in it; nobody is signed in with ""."""
        context = self.browser.new_context(
            viewport={"width": width, "height": WIDTHS[width]},
            base_url=self.server,
            locale=language.replace("_", "-"),
            is_mobile=width < 700,
            has_touch=width < 700,
            reduced_motion="reduce",
        )
        context.set_default_timeout(10_000)
        self.watch.over(context)
        if username:
            client = self.app.test_client()
            self.city.sign_in(client, username, language)
            cookie = client.get_cookie("crm_session")
            assert cookie is not None
            value = {"name": "crm_session", "value": cookie.value, "url": self.server}
            context.add_cookies([value])  # type: ignore[list-item]
        else:
            value = {"name": "language", "value": language, "url": self.server}
            context.add_cookies([value])  # type: ignore[list-item]
        return context.new_page()


@pytest.fixture
def windows(browser: Browser, app: Flask, server: str, city: City) -> Iterator[Windows]:
    """Windows at a fresh server; whatever they complain about fails the test at its end."""
    watch = Watch(server.removeprefix("http://"))
    yield Windows(browser, app, server, city, watch)
    for context in browser.contexts:
        context.close()
    assert watch.complaints == []


Shoot = Callable[[Page, str], None]


@pytest.fixture(scope="session")
def shoot() -> Shoot:
    """Keeps a picture of a page in the folder named by CRM_SHOTS; does nothing without it."""
    folder = os.environ.get("CRM_SHOTS", "")

    def keep(page: Page, name: str) -> None:
        if folder:
            page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)

    return keep
