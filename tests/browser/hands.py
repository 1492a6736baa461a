"""What a person does with a page: choosing, typing, sending, going on."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.browser.watch import settle


def field(page: Page, name: str) -> Locator:
    """The place of a form's field, with its label and error."""
    return page.locator(f"main [data-field='{name}']")


def choose(page: Page, name: str, value: str) -> None:
    """Choose an option by its value, in whatever dress the choice comes."""
    place = field(page, name)
    place.scroll_into_view_if_needed()
    if place.locator(".ts-wrapper").count():
        place.locator(".ts-control").click()
        page.locator(f".ts-dropdown:visible [data-value='{value}']").first.click()
    elif place.locator("select").count():
        place.locator("select").select_option(value)
    else:
        place.locator(f"input[value='{value}']").check(force=True)


def fill(page: Page, **texts: str) -> None:
    """Type into fields by their names."""
    for name, text in texts.items():
        field(page, name).locator("input:not([type=hidden]), textarea").first.fill(text)


def send(page: Page) -> None:
    """Press the form's one primary button and wait for the page behind it."""
    page.locator("main .form-end .btn-primary").click()
    settle(page)
    expect(page.locator("main .notice-bad")).to_have_count(0)


def go(page: Page, address: str) -> None:
    """Follow the first visible link with this ending of its address, opening menus on the way."""
    link = page.locator(f"a[href$='{address}'], a[href*='{address}?']")
    if not link.filter(visible=True).count():
        for menu in page.locator("main [data-bs-toggle=dropdown]").filter(visible=True).all():
            menu.click()
            if link.filter(visible=True).count():
                break
    link.filter(visible=True).first.click()
    settle(page)
