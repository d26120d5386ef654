"""What may be said of a service on the command line; each option is a key of `[clients.<id>]`."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any, get_args

import click

from broker.settings.clients import AuthMethod, EncryptionAlg, SigningAlg

Command = Callable[..., None]


class Keys(click.File):
    """A file that holds a JWK set."""

    name = "file"

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        """The document in the file, or a usage error."""
        try:
            with super().convert(value, param, ctx) as file:
                return json.load(file)
        except ValueError:
            self.fail(f"{value} holds no JSON.", param, ctx)


def _listed(name: str, key: str, said: str) -> Callable[[Command], Command]:
    return click.option(name, key, multiple=True, help=f"{said} May be given several times.")


def _chosen(name: str, key: str, kind: Any, said: str) -> Callable[[Command], Command]:
    return click.option(name, key, type=click.Choice(get_args(kind)), help=said)


_OPTIONS = (
    _listed("--redirect-uri", "redirect_uris", "Where codes are sent; compared exactly."),
    _listed("--post-logout-redirect-uri", "post_logout_redirect_uris", "Where a logout ends."),
    click.option("--backchannel-logout-uri", help="Who is told that a session ended."),
    _chosen("--auth-method", "client_auth", AuthMethod, "How the service proves who it is."),
    click.option(
        "--profile",
        type=click.Choice(["openid", "franceconnect"]),
        help="franceconnect holds it to what FranceConnect accepts.",
    ),
    _listed("--scope", "scopes", "What it may ask for; openid is always among them."),
    click.option(
        "--consent",
        type=click.Choice(["information", "explicit"]),
        help="Tell people what is sent, or make them tick a box.",
    ),
    _listed("--optional-claim", "optional_claims", "A claim that people may untick."),
    click.option("--purpose-fr", help="What the data is for, in French, after a verb."),
    click.option("--purpose-en", help="The same in English."),
    click.option("--home-url", help="Its own page, shown where a login goes wrong."),
    click.option("--jwks", type=Keys(), help="A file with its public keys."),
    click.option("--jwks-uri", help="Where it publishes them."),
    _chosen("--id-token-alg", "id_token_signed_alg", SigningAlg, "How its ID tokens are signed."),
    _chosen(
        "--id-token-encryption", "id_token_encrypted_alg", EncryptionAlg, "Encrypts its ID tokens."
    ),
    _chosen("--userinfo-alg", "userinfo_signed_alg", SigningAlg, "Signs its user information."),
    _chosen(
        "--userinfo-encryption",
        "userinfo_encrypted_alg",
        EncryptionAlg,
        "Encrypts its user information.",
    ),
    click.option("--require-pkce/--no-require-pkce", default=None, help="Refuse it without PKCE."),
    click.option("--require-par/--no-require-par", default=None, help="Only pushed requests."),
    _listed("--allow-provider", "providers_allowed", "Only these providers."),
    _listed("--deny-provider", "providers_denied", "Never this provider."),
    click.option("--sector-identifier", help="Services of one sector know people by one name."),
    _listed("--cors-origin", "cors_origins", "A site whose scripts may call token and userinfo."),
)


def service_options(command: Command) -> Command:
    """Add them all; the command receives only those that were given."""

    @wraps(command)
    def with_given(**options: Any) -> None:
        command(**{name: value for name, value in options.items() if value not in (None, ())})

    adorned: Command = with_given
    for option in reversed(_OPTIONS):
        adorned = option(adorned)
    return adorned
