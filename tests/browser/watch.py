"""A page that complains: about its policy, its console, its resources, other hosts, its accessibility."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response

AXE = (Path(__file__).parent / "axe.min.js").read_text(encoding="utf-8")

TELL = """
document.addEventListener("securitypolicyviolation", (event) => {
  console.error(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`);
});
"""

WIDTHS = {1440: 900, 390: 844}
"""The two windows every page is looked at in: width → height."""

CUT_OFF = ("htmx:afterRequest", "htmx:sendError", "htmx:sendAbort")
"""What htmx says of a request whose page has gone."""


@dataclass
class Watch:
    """Collects what a browser has to complain about; a test ends with `complaints` empty.

    Attributes:
        expected: what a test makes the server answer to a part of a page, such as 401.
    """

    host: str
    complaints: list[str] = field(default_factory=list)
    expected: set[int] = field(default_factory=set)

    def over(self, context: BrowserContext) -> None:
        """Watch every page of a context."""
        context.add_init_script(TELL)
        context.on("page", self._page)
        context.on("request", self._request)
        context.on("response", self._response)

    def _page(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))

    def _console(self, message: ConsoleMessage) -> None:
        # A status of 400 and above is logged too; `_response` judges those.
        address = message.page.url if message.page else ""
        if message.type != "error" or message.text.startswith("Failed to load resource"):
            return
        # A draft was being saved while the form itself was sent: the page went away, nothing is lost.
        if "/leads/" in address and message.text.startswith(CUT_OFF):
            return
        self.complaints.append(f"{address}: {message.text}")

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.netloc != self.host:
            self.complaints.append(f"a request to another host: {request.url}")

    def _response(self, response: Response) -> None:
        """A page may say no; a style, a script or a part of a page may not be missing."""
        if response.status in self.expected:
            return
        if response.status >= 500 or (
            response.status >= 400 and response.request.resource_type != "document"
        ):
            self.complaints.append(f"{response.status} for {response.url}")


def settle(page: Page) -> None:
    """Wait until htmx has brought the parts of a page, and nothing moves."""
    page.wait_for_load_state("load")
    page.wait_for_function("() => !document.querySelector('.htmx-request')")


def axe(page: Page) -> list[str]:
    """What axe-core finds wrong on a page, a line each."""
    page.evaluate(AXE)
    found: dict[str, Any] = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{one['id']} ({one['impact']}): {node['target']} {' '.join(node['html'].split())[:160]}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


def sideways(page: Page) -> int:
    """How many pixels a page is wider than its window; 0 is as it should be."""
    return int(
        page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    )
