"""The applications of a world, each at its address: the one place that builds the other rooms."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from flask import Flask

import broker.app
import mock_idps.app
import relying_party_demo.portal.app
import relying_party_demo.sample.app
from broker.outside import Outside as BrokerOutside
from mock_idps.accounts import AccountsElsewhere
from mock_idps.outside import Outside as MockOutside
from mock_idps.settings import MockSettings
from providers.http import CallFailedError
from relying_party_demo.outside import Outside as ServiceOutside
from relying_party_demo.settings import ServiceTable
from sandbox.compiled import COMPILED
from sandbox.configuration import Configuration
from sandbox.signing_keys import keys_of
from sandbox.surroundings import Surroundings

BROKER, PORTAL, SAMPLE = "broker", "portal", "sample"


@dataclass(eq=False, slots=True)
class Site:
    """
    One application: its name, what people call it, its origin, where it listens.

    The application is made when it is first needed: a test that visits one provider of five waits
    for one. The site itself can be called as a WSGI application.
    """

    name: str
    title: str
    url: str
    listen: str
    make: Callable[[], Flask] = field(repr=False)
    _made: Flask | None = field(default=None, init=False, repr=False)
    _lock: Any = field(default_factory=Lock, init=False, repr=False)

    @property
    def app(self) -> Flask:
        """The application."""
        with self._lock:
            if self._made is None:
                self._made = self.make()
                self._made.jinja_env.bytecode_cache = COMPILED
            return self._made

    def restart(self) -> None:
        """Forget the application: the next call makes it anew on the same databases."""
        with self._lock:
            self._made = None

    @property
    def made(self) -> bool:
        """Whether the application was needed so far."""
        return self._made is not None

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer as the application does."""
        return self.app(environ, start_response)


def sites(configuration: Configuration, around: Surroundings) -> Iterator[Site]:
    """Every application that the configuration asks for."""
    own = configuration.broker.broker
    title = configuration.broker.brand.name
    yield Site(BROKER, title, own.public_url, own.listen, lambda: _broker(configuration, around))
    for mock in configuration.mocks:
        yield _mock(mock, around)
    services = configuration.services
    if services.portal:
        yield _service(PORTAL, services.portal, lambda: _portal(configuration, around))
    if services.sample_service:
        yield _service(SAMPLE, services.sample_service, lambda: _sample(configuration, around))


def _service(name: str, table: ServiceTable, make: Callable[[], Flask]) -> Site:
    return Site(name, table.name, table.public_url, table.listen, make)


def _mock(settings: MockSettings, around: Surroundings) -> Site:
    port = urlsplit(settings.issuer).port or 80
    outside = _around_mock(settings, around)
    return Site(
        settings.id,
        settings.title,
        settings.issuer,
        f"127.0.0.1:{port}",
        lambda: mock_idps.app.create_app(settings, outside),
    )


def _around_mock(settings: MockSettings, around: Surroundings) -> MockOutside:
    plain = MockOutside(
        clock=around.clock,
        random=around.random,
        sleep=around.sleep,
        visit=lambda url: _visit(around, url),
        make_key=keys_of(settings.issuer),
    )
    if settings.accounts is None:
        return plain
    accounts = AccountsElsewhere(settings.accounts, around.session(), around.clock, around.random)
    return replace(plain, check_account=accounts)


def _broker(configuration: Configuration, around: Surroundings) -> Flask:
    outside = BrokerOutside(
        around.http, around.clock, around.random, around.observe, around.mailbox
    )
    return broker.app.create_app(configuration.broker, outside)


def _portal(configuration: Configuration, around: Surroundings) -> Flask:
    outside = ServiceOutside(around.session(), around.clock, around.random)
    return relying_party_demo.portal.app.create_app(configuration.services, outside)


def _sample(configuration: Configuration, around: Surroundings) -> Flask:
    outside = ServiceOutside(around.session(), around.clock, around.random)
    return relying_party_demo.sample.app.create_app(configuration.services, outside)


def _visit(around: Surroundings, url: str) -> str | None:
    try:
        return around.http.send("GET", url).headers.get("location")
    except CallFailedError:
        return None
