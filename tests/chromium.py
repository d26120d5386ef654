"""
A real browser for tests, which stays on this machine, and the accessibility check of its pages.
"""

import json
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


# Handed to each page as a text that is read when it is asked for: to send it costs more than that.
_AXE = f"window.readAxe = () => window.axe || (0, eval)({json.dumps(Axe().axe_script)})"
_VIOLATIONS = "axe.run({resultTypes: ['violations']}).then(found => found.violations)"


# The first one is the same browser without the windows, bars and pages that nobody would see: a
# new page costs it less than half.
_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


def _chromium_path() -> str:
    named = os.environ.get("CHROMIUM")
    found = named or next(filter(None, map(shutil.which, _NAMES)), None)
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
def open_page(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[..., Page]]:
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
        if "axe" in request.fixturenames:
            context.add_init_script(_AXE)
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

    def check(page: Page) -> None:
        # A page that was asked for by a click may have come without its style yet.
        page.wait_for_load_state()
        page.evaluate("readAxe() && null")
        # Only what is wrong crosses over: all that is right takes longer to tell than to find.
        results = AxeResults({"violations": page.evaluate(_VIOLATIONS)})
        assert results.violations_count == 0, f"{page.url}\n{results.generate_snapshot()}"

    return check


def _refused(message: str) -> bool:
    return "Content Security Policy" in message or "Content-Security-Policy" in message


def _abroad(url: str) -> bool:
    host = re.match(r"\w+://([^/:]+)", url)
    return bool(host) and not on_this_machine(host[1])
