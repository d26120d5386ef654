"""
The one judge of what a service registers, whether a file, a command or the service itself says so.

Each problem is a sentence that begins with `at` and the name of the field.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from broker.settings.clients import ClientSettings, DataProviderSettings
from broker.settings.scopes import CLAIMS, SCOPES

_SECTOR = re.compile(r"[!-~]{1,255}")
_UNREADABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Known:
    """What a service may name: the providers, and whether there is an insured domain."""

    production: bool
    insured: bool
    providers: Collection[str]


def client_problems(client: ClientSettings, at: str, known: Known) -> Iterator[str]:
    """Every reason to refuse this service."""
    for name in ("name", "purpose_fr", "purpose_en", "client_secret"):
        if _UNREADABLE.search(getattr(client, name) or ""):
            yield f"{at}{name}: must stand on one line, without control characters"
    yield from _addresses(client, at, production=known.production)
    yield from _strangers(f"{at}scopes", client.scopes, SCOPES)
    yield from _strangers(f"{at}optional_claims", client.optional_claims, sorted(CLAIMS))
    yield from _strangers(f"{at}providers_allowed", client.providers_allowed or (), known.providers)
    yield from _strangers(f"{at}providers_denied", client.providers_denied, known.providers)
    sector = client.sector_identifier
    if sector is not None and not _SECTOR.fullmatch(sector):
        yield f"{at}sector_identifier: {sector}: must be the name of a host, or an address"
    if client.account == "insured" and not known.insured:
        yield f"{at}account: 'insured' needs the [insured] table of the settings"


def _addresses(client: ClientSettings, at: str, *, production: bool) -> Iterator[str]:
    compared = {
        "redirect_uris": client.redirect_uris,
        "post_logout_redirect_uris": client.post_logout_redirect_uris,
        "backchannel_logout_uri": (client.backchannel_logout_uri,),
        "jwks_uri": (client.jwks_uri,),
        "cors_origins": client.cors_origins,
    }
    for name, uris in compared.items():
        for uri in uris:
            if uri is not None:
                problems = redirect_uri_problems(uri, production=production)
                yield from (f"{at}{name}: {uri}: {problem}" for problem in problems)
    for origin in client.cors_origins:
        if urlsplit(origin).path or urlsplit(origin).query:
            yield f"{at}cors_origins: {origin}: must be scheme, host and port, and nothing more"
    for name in ("home_url", "no_account_url"):
        page = getattr(client, name)
        if page is not None:
            problems = address_problems(page, production=production)
            yield from (f"{at}{name}: {page}: {problem}" for problem in problems)


def _strangers(at: str, named: Collection[str], known: Collection[str]) -> Iterator[str]:
    for one in named:
        if one not in known:
            yield f"{at}: {one!r} is none of {', '.join(known)}"


def data_provider_problems(
    declared: Mapping[str, DataProviderSettings],
    clients: Mapping[str, ClientSettings],
    *,
    production: bool,
) -> Iterator[str]:
    """Why these providers of data may not be declared together, and beside these services."""
    seen = {client.client_id: f"clients.{key}" for key, client in clients.items()}
    for key, provider in declared.items():
        at = f"data_providers.{key}"
        if provider.client_id in seen:
            yield f"{at}.client_id: is already that of {seen[provider.client_id]}"
        seen[provider.client_id] = at
        uri = provider.jwks_uri
        if uri is not None:
            problems = redirect_uri_problems(uri, production=production)
            yield from (f"{at}.jwks_uri: {uri}: {problem}" for problem in problems)


def redirect_uri_problems(uri: str, *, production: bool) -> Iterator[str]:
    """Why `uri` may not be registered (RFC 9700 §2.1, RFC 8252 §7.3)."""
    if "*" in uri:
        yield "wildcards are not allowed, addresses are compared exactly"
    if "#" in uri:
        yield "must not hold a fragment"
    yield from address_problems(uri, production=production)


def address_problems(uri: str, *, production: bool) -> Iterator[str]:
    """Why nobody may be sent to `uri`."""
    try:
        parts = urlsplit(uri)
        hostname, user = parts.hostname, parts.username
    except ValueError:
        yield "is not a URI"
        return
    yield from scheme_problems(uri, production=production)
    if not hostname or user is not None or not uri.isascii() or not uri.isprintable():
        yield "must be an absolute address without a user name, in ASCII"
    elif " " in uri or "\\" in uri:
        yield "must hold neither blanks nor backslashes"


def scheme_problems(uri: str, *, production: bool) -> Iterator[str]:
    """Why this is not where something of ours, or of a service, may live."""
    parts = urlsplit(uri)
    if parts.scheme == "https" and parts.hostname:
        return
    if production:
        yield "must start with https:// in production"
    elif parts.scheme != "http" or parts.hostname not in LOOPBACK:
        yield "must start with https:// (http is for this machine, in demonstration only)"
