"""
Remakes the pictures of docs/images from the running demonstration: `make screenshots`.

Starts the demonstration on ports of its own, walks one login as a person would, and takes the
pages that the papers show. Pictures differ from run to run only where the pages do.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

IMAGES = Path(__file__).parent / "images"
PORT_BASE = 18_000
PORTAL = f"http://localhost:{PORT_BASE + 80}"
BROKER = f"http://localhost:{PORT_BASE}"
READY_SECONDS = 60
WIDTH, HEIGHT = 760, 900


def main() -> None:
    """Walk the login and keep the pictures."""
    with demonstration(), sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM") or chromium(),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        page = browser.new_context(
            viewport={"width": WIDTH, "height": HEIGHT}, locale="fr-FR", color_scheme="light"
        ).new_page()
        walk(page)
        browser.close()


def walk(page: Page) -> None:
    """From the portal to the dashboard, as Claire; then a refusal, as somebody unknown."""
    page.goto(PORTAL)
    press(page, "mon-compte", "identify")
    keep(page, "providers")
    press(page, "provider-tax", "persona-claire")
    keep(page, "consent")
    press(page, "consent-continue")
    keep(page, "account")
    press(page, "account-continue")
    keep(page, "portal")


def press(page: Page, *controls: str) -> None:
    """Press each control in turn, by its `data-testid`."""
    for control in controls:
        page.get_by_test_id(control).click()


def keep(page: Page, name: str) -> None:
    """The whole page as a picture."""
    page.screenshot(path=IMAGES / f"{name}.png", full_page=True)
    print(f"docs/images/{name}.png: {page.title()}")


@contextmanager
def demonstration() -> Iterator[None]:
    """The demonstration, fresh, on ports and in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="passerelle-pictures-") as folder:
        process = subprocess.Popen(
            [Path(sys.executable).parent / "passerelle", "demo", "--fresh"],
            env=os.environ | {"PORT_BASE": str(PORT_BASE)},
            cwd=folder,
            stdout=subprocess.DEVNULL,
        )
        try:
            wait_for(f"{BROKER}/healthz", process)
            wait_for(f"{PORTAL}/healthz", process)
            yield
        finally:
            process.terminate()
            process.wait(20)


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    """Return as soon as that address answers."""
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until and process.poll() is None:
        with suppress(OSError), urllib.request.urlopen(url, timeout=2):  # noqa: S310 - an address made above
            return
        time.sleep(0.1)
    raise SystemExit(f"The demonstration did not answer at {url}.")


def chromium() -> str:
    """The system's browser."""
    names = ("chromium", "chromium-headless-shell", "chromium-browser", "google-chrome")
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        raise SystemExit("No Chromium on this machine; `make screenshots` installs it on Debian.")
    return found


if __name__ == "__main__":
    main()
