"""
A real browser for tests, which stays on this machine, and the accessibility check of its pages.
"""

import os
import re
import shutil
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from tests.closed_network import on_this_machine

# Each new window would load these pages for an address bar that nobody types in: two thirds of
# the time of a test. The last switch of this name is the only one that counts, so that what the
# driver switches off, and would matter here, is named again.
_SWITCHED_OFF = (
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxFullPopup",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "MediaRouter",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "OptimizationHints",
    "NetworkTimeServiceQuerying",
    "AimEnabled",
    "PreconnectToSearch",
)
_CHROMIUM_ARGUMENTS = [
    f"--disable-features={','.join(_SWITCHED_OFF)}",
    "--no-sandbox",  # continuous integration runs as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]


_VIOLATIONS = "axe.run({resultTypes: ['violations']}).then(found => found.violations)"


def _chromium_path() -> str:
    named = os.environ.get("CHROMIUM")
    found = named or next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    if not found:
        pytest.fail("No Chromium on this machine: `make test` installs it, or set CHROMIUM.")
    return found


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium, which resolves no name but localhost."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=_chromium_path(), args=_CHROMIUM_ARGUMENTS
        )
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """
    Open pages of new browsers: `open_page(width=360, locale="en-GB", java_script_enabled=False)`.

    Whatever the pages did, no request may have left this machine and no policy been violated.
    """
    opened, faults = [], []

    def watch(page: Page) -> None:
        page.on("console", lambda said: faults.append(said.text) if _refused(said.text) else None)
        page.on(
            "requestfailed", lambda call: faults.append(call.url) if _abroad(call.url) else None
        )

    def open_one(width: int = 1280, height: int = 800, **options: object) -> Page:
        settings = {"locale": "fr-FR", **options}
        context = chromium.new_context(viewport={"width": width, "height": height}, **settings)
        context.set_default_timeout(10_000)
        context.on("page", watch)
        opened.append(context)
        return context.new_page()

    yield open_one
    for context in opened:
        context.close()
    assert faults == []


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    """One page of a new French browser, 1280 pixels wide."""
    return open_page()


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], None]:
    """Check a page with axe-core: `axe(page)` fails on any violation, which it describes."""
    script = Axe().axe_script

    def check(page: Page) -> None:
        if not page.evaluate("'axe' in window"):
            page.evaluate(script)
        # Only what is wrong crosses over: all that is right takes longer to tell than to find.
        results = AxeResults({"violations": page.evaluate(_VIOLATIONS)})
        assert results.violations_count == 0, f"{page.url}\n{results.generate_snapshot()}"

    return check


def _refused(message: str) -> bool:
    return "Content Security Policy" in message or "Content-Security-Policy" in message


def _abroad(url: str) -> bool:
    host = re.match(r"\w+://([^/:]+)", url)
    return bool(host) and not on_this_machine(host[1])
