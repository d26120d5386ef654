"""A provider on stage: adapter and upstream facing each other, with a clock to move."""

import itertools
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from providers.build import build
from providers.identity import Gender, PartialDate, PivotIdentity
from providers.oidc import OidcProvider
from providers.protocol import Arrival, Trip
from providers.settings import ProviderSettings
from tests.providers.lies import lies_of
from tests.providers.upstream import CALLBACK, ISSUER, Upstream, client_keys

NOON = 1_780_000_000.0
SECRET = "a secret of thirty-two characters, at least"
EXPECTED = PivotIdentity(
    family_name="DURAND",
    given_names=("Claire", "Anne"),
    birthdate=PartialDate(1985, 3, 27),
    gender=Gender.FEMALE,
    birthplace="69383",
    birthcountry="99100",
    usage_name="MARTIN",
    email="claire@exemple.fr",
    tokens_given=True,
)
MSA_ENDPOINTS = {
    "authorization_endpoint": f"{ISSUER}/authorize",
    "token_endpoint": f"{ISSUER}/token",
    "userinfo_endpoint": f"{ISSUER}/userinfo",
    "jwks_uri": f"{ISSUER}/jwks",
}


def table(kind: str = "oidc", **changes: Any) -> dict[str, Any]:
    """A complete settings table of that kind."""
    whole: dict[str, Any] = {
        "id": "here",
        "kind": kind,
        "issuer": ISSUER,
        "client_id": "broker",
        "client_secret": SECRET,
    }
    if kind == "oidc":
        whole |= {"label": "Here", "levels": ["eidas1", "eidas2"]}
    if kind == "msa":
        whole |= MSA_ENDPOINTS
    if kind == "mobile":
        whole["client_key"], whole["decryption_key"] = client_keys()
    return {**whole, **changes}


def settings(kind: str = "oidc", **changes: Any) -> ProviderSettings:
    """The settings of such a table."""
    return ProviderSettings.model_validate(table(kind, **changes))


@dataclass
class Stage:
    """An adapter in front of the upstream of our own tests."""

    upstream: Upstream
    provider: OidcProvider
    clock: list[float] = field(default_factory=lambda: [NOON])
    numbers: Any = field(default_factory=itertools.count)
    expected: PivotIdentity = EXPECTED

    @property
    def issuer(self) -> str:
        """The issuer of the upstream."""
        return self.provider.settings.issuer

    @contextmanager
    def lying(self, lie: str) -> Iterator[None]:
        """Meanwhile, the upstream tells that lie of `lies.py`."""
        self.upstream.lie(*lies_of(self.upstream)[lie])
        yield
        self.upstream.lies.clear()

    def rotate_keys(self) -> None:
        """The upstream signs with a key it publishes now."""
        self.upstream.kid = {"k1": "k2", "k2": "k3"}[self.upstream.kid]

    def trip(self, **changes: Any) -> Trip:
        """A new trip, starting now; `changes` replace fields of it."""
        n = next(self.numbers)
        honest = Trip(
            state=f"state-{n}",
            nonce=f"nonce-{n}",
            verifier=f"verifier-{n:043d}",
            callback=CALLBACK,
            level=min(self.provider.levels, key=lambda level: level.rank),
            now=self.clock[0],
        )
        return replace(honest, **changes)

    def sign_in(self, trip: Trip) -> Mapping[str, str]:
        """Depart, sign in as Claire; what comes back to the callback."""
        return self.upstream.sign_in(self.provider.depart(trip).url)

    def refuse(self, trip: Trip) -> Mapping[str, str]:
        """Depart, refuse to sign in; what comes back to the callback."""
        asked = self.upstream.asked(self.provider.depart(trip).url)
        issuer = self.upstream.settings.issuer
        return {"error": "access_denied", "state": asked["state"], "iss": issuer}

    def login(self, **changes: Any) -> Arrival:
        """A whole trip, as Claire."""
        trip = self.trip(**changes)
        return self.provider.arrive(self.sign_in(trip), trip)


def on_stage(kind: str = "oidc", **changes: Any) -> Stage:
    """A stage for a provider of that kind; `changes` go to its settings."""
    clock = [NOON]
    declared = settings(kind, **changes)
    upstream = Upstream(declared, now=lambda: clock[0])
    drawn = itertools.count(1)
    provider = build(declared, upstream, lambda size: next(drawn).to_bytes(size, "big"))
    told = replace(EXPECTED, tokens_given=kind != "msa")
    return Stage(upstream, provider, clock, expected=told)
