"""
Independent clients each complete a whole login, from the examples of the page on integrating.

    make interop

The demonstration runs on ports of its own with a state of its own. For each client: the service
is registered by the command line while the broker runs, started from the code of the page, visited
by a person who signs in as Claire, and its claims are compared with hers. Then the same person
declines, and the service must hear of it. A line for each client; status 1 when one failed.
"""

import json
import os
import shutil
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import click

from tests.interop import services
from tests.interop.page import examples, registration
from tests.interop.relay import visitor
from tests.interop.running import BIN, NotReadyError, done, running

ROOT = Path(__file__).parent.parent.parent
BASE = int(os.environ.get("PORT_BASE", "15000"))
_PROVIDER, _SERVICE = 1, 90
_CLIENTS = {
    "Authlib (Flask)": (services.flask, "/callback"),
    "mozilla-django-oidc (Django)": (services.django, "/oidc/callback/"),
    "openid-client (Node)": (services.node, "/callback"),
    "mod_auth_openidc (Apache)": (services.apache, "/callback"),
}


def main(wanted):
    """Try every client, or those whose name holds one of the words given."""
    chosen = {n: c for n, c in _CLIENTS.items() if not wanted or any(w in n for w in wanted)}
    failed = 0
    with ExitStack() as stack:
        name = stack.enter_context(tempfile.TemporaryDirectory(prefix="passerelle-interop-"))
        folder = Path(name).resolve()
        # Apache gives up its rights, and still has to reach its folder.
        folder.chmod(0o711)
        shutil.copy(ROOT / "config.toml", folder)
        words = (BIN / "passerelle", "demo", "--port-base", BASE)
        stack.enter_context(running(folder, BASE, *words, PASSERELLE_CONFIG="config.toml"))
        for number, (client, (build, callback)) in enumerate(chosen.items()):
            own = folder / f"service{number}"
            own.mkdir()
            try:
                told = _tried(own, build, callback, BASE + _SERVICE + number)
            except (AssertionError, NotReadyError, OSError, ValueError) as fault:
                failed += 1
                told = f"FAILED: {type(fault).__name__}: {fault}"
            click.echo(f"{client}: {told}")
    return int(failed > 0)


def _tried(folder, build, callback, port):
    """One client from registration to refusal; a sentence about what was seen."""
    place = f"localhost:{port}"
    words = [word.replace("/callback", callback) for word in registration(place)]
    words[words.index("my-service")] = f"service-{port}"
    broker_folder = folder.parent
    told = done(broker_folder, BIN / "passerelle", *words, PASSERELLE_CONFIG="config.toml")
    client = json.loads(told)
    knows = {
        "ISSUER": f"http://localhost:{BASE}/api/v2",
        "CLIENT_ID": client["client_id"],
        "CLIENT_SECRET": client["client_secret"],
        "SESSION_SECRET": "a-secret-of-the-interoperability-run",
    }
    with build(folder, examples(place), port, knows) as version:
        person, refusal = _signed_in(place), _declined(place)
    return (
        f"{version.strip()} signed {person['family_name']} in as {person['sub'][:12]}…; {refusal}"
    )


def _signed_in(place):
    browser = _browser(place)
    browser.open(f"http://{place}/")
    page = browser.sign_in("claire", "tax").accept()
    assert page.status == 200, f"{page.url} answered {page.status}: {page.text[:300]}"
    person = json.loads(page.text)
    assert person["family_name"] == "DURAND", person
    assert len(person["sub"]) > 20, person
    return person


def _declined(place):
    browser = _browser(place)
    browser.open(f"http://{place}/")
    page = browser.sign_in("marc", "tax").decline()
    assert browser.sent_back()["error"] == "access_denied", browser.sent_back()
    assert page.url.startswith(f"http://{place}"), f"the person was sent to {page.url}"
    assert "family_name" not in page.text, page.text
    return f"declined, it answered {page.status}"


def _browser(place):
    origins = [
        f"http://localhost:{BASE}",
        f"http://localhost:{BASE + _PROVIDER}",
        f"http://{place}",
    ]
    browser = visitor(origins, time.time)
    browser.redirect_uris = frozenset(
        f"http://{place}{callback}" for _, callback in _CLIENTS.values()
    )
    return browser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
