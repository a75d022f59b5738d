"""The system's Chromium, driven by Playwright, and what a page says and asks for while it is open."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from playwright.sync_api import sync_playwright
from programs import missing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

NAMES = ("chromium", "chromium-browser", "google-chrome")
DESKTOP, PHONE, SMALLEST = (1280, 900), (390, 844), (320, 640)


@dataclass
class Visit:
    """An open page, the addresses that it asked for, and all that went wrong or was said on the console."""

    page: Page
    requests: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)


@contextmanager
def started() -> Iterator[Browser]:
    """Skips where there is no browser; with CI=true that is a failure."""
    path = next(filter(None, map(shutil.which, NAMES)), None) or missing(f"there is none of {', '.join(NAMES)}")
    # Chromium's sandbox does not work for root, who runs the tests in containers.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def visit(browser: Browser, file: Path, size: tuple[int, int] = DESKTOP, **context: Any) -> Iterator[Visit]:
    """The page in a fresh profile; ``size`` is the window's, in pixels."""
    opened = browser.new_context(viewport={"width": size[0], "height": size[1]}, **context)
    try:
        made = Visit(opened.new_page())
        made.page.on("request", lambda request: made.requests.append(request.url))
        made.page.on("console", lambda message: made.troubles.append(message.text))
        made.page.on("pageerror", lambda error: made.troubles.append(str(error)))
        made.page.on("dialog", lambda dialog: made.troubles.append(dialog.message))
        made.page.goto(file.resolve().as_uri())
        yield made
    finally:
        opened.close()
