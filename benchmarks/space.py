"""
CPU of the personal space: the dashboard with a year of data, in the portal and in the broker, and
the certificate of rights.

Both applications run in this process, without sockets; what the portal spends while it waits for
the broker is the broker's, measured around its WSGI application. Times are CPU of this process.

    python benchmarks/space.py [--views 200] [--documents 50]
"""

import argparse
import contextlib
import io
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from relying_party_demo.space.account_answers import Certificate
from relying_party_demo.space.certificate import Site, printed
from sandbox.journeys import Visitor
from sandbox.world import World

WARM_UP = 20
CERTIFICATE = {
    "code": "7K4M-2QXP-9HTR",
    "issued_on": "2026-11-24",
    "valid_until": "2027-11-24",
    "holder": {
        "family_name": "DURAND",
        "usage_name": None,
        "given_names": ["Claire", "Anne"],
        "birthdate": "1985-03-27",
    },
    "nir": "285036938300142",
    "scheme": "general",
    "fund": "CPAM du Rhône",
    "children": [{"name": "Léo DURAND", "birthdate": "2016-01-05"}],
}
PAGES = {
    "dashboard": "/mon-compte",
    "reimbursements": "/mon-compte/remboursements",
    "rights": "/mon-compte/droits",
    "leaves": "/mon-compte/arrets",
}


@dataclass
class Meter:
    """Counts the CPU that calls of one application took, and how many there were."""

    seconds: float = 0.0
    calls: int = 0

    def around(self, application: Callable[..., Any]) -> Callable[..., Any]:
        """The same application, counted."""

        def counted(environ: dict[str, Any], start_response: Any) -> Any:
            began = time.process_time()
            try:
                return application(environ, start_response)
            finally:
                self.seconds += time.process_time() - began
                self.calls += 1

        return counted


def main() -> None:
    """Print what each page and the certificate cost; the last line is for programs."""
    arguments = _arguments()
    with World.build() as world, contextlib.redirect_stderr(io.StringIO()):
        browser = signed_in(world)
        rows = {name: viewed(world, browser, path, arguments.views) for name, path in PAGES.items()}
        pdf = documents(world, arguments.documents)
    print(f"{'page':16}{'portal ms':>12}{'broker ms':>12}{'calls':>8}{'bytes':>9}")
    for name, (portal, broker, calls, size) in rows.items():
        print(f"{name:16}{portal:12.2f}{broker:12.2f}{calls:8}{size:9}")
    print(f"certificate     {pdf:12.2f}")
    portal, broker = rows["dashboard"][:2]
    print(f"portal_cpu_ms={portal:.2f} broker_cpu_ms={broker:.2f} pdf_cpu_ms={pdf:.2f}")


def signed_in(world: World) -> Visitor:
    """A browser whose person has a year of care, a leave, an order, a message and a change."""
    browser = world.browser()
    browser.login(world.portal, as_="claire").accept()
    browser.open(f"{world.portal.url}/mon-compte/carte")
    browser.click("reason-loss")
    browser.click("order-card")
    browser.open(f"{world.portal.url}/mon-compte/changements/rib")
    browser.fill("iban", "FR76 3000 6000 0112 3456 7890 189")
    browser.click("declare")
    return browser


def viewed(world: World, browser: Visitor, path: str, views: int) -> tuple[float, float, int, int]:
    """Milliseconds of portal and of broker for one view, calls to the broker, bytes of the page."""
    portal, broker = Meter(), Meter()
    figures: list[tuple[float, float]] = []
    with measured(world, portal, broker):
        for number in range(WARM_UP + views):
            before = (portal.seconds, broker.seconds, broker.calls)
            page = browser.open(world.portal.url + path)
            assert page.status == 200, page
            if number >= WARM_UP:
                spent = broker.seconds - before[1]
                figures.append((portal.seconds - before[0] - spent, spent))
        calls = broker.calls - before[2]
    return (
        statistics.median(own for own, _ in figures) * 1000,
        statistics.median(other for _, other in figures) * 1000,
        calls,
        len(page.response.body),
    )


@contextlib.contextmanager
def measured(world: World, portal: Meter, broker: Meter) -> Iterator[None]:
    """Count both applications while this lasts."""
    pairs = ((portal, world.portal.app), (broker, world.broker.app))
    kept = [app.wsgi_app for _, app in pairs]
    for meter, app in pairs:
        app.wsgi_app = meter.around(app.wsgi_app)
    yield
    for (_, app), own in zip(pairs, kept, strict=True):
        app.wsgi_app = own


def documents(world: World, count: int) -> float:
    """Milliseconds of CPU for one certificate, each with another code."""
    found = Certificate.model_validate(CERTIFICATE)
    site = Site("Ameli (démonstration)", f"{world.portal.url}/verifier")
    spent = []
    with world.portal.app.test_request_context("/?lang=fr"):
        for number in range(WARM_UP + count):
            one = found.model_copy(update={"code": f"AAAA-AAAA-{number:04d}"})
            began = time.process_time()
            printed(one, "fr", site)
            if number >= WARM_UP:
                spent.append(time.process_time() - began)
    return statistics.median(spent) * 1000


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("--views", type=int, default=200, help="views of each page")
    parser.add_argument("--documents", type=int, default=50, help="certificates")
    return parser.parse_args()


if __name__ == "__main__":
    main()
