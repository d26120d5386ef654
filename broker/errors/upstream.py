"""
What can go wrong with a provider: one class per check of the adapter.

The person needs five sentences (it was cancelled, it does not answer, its answer is not safe, it
gives too little assurance, it lacks a detail); the operator needs to know which check failed.
All of them bring the person back to the page of providers.
"""

from typing import ClassVar

from broker.errors.record import Fate, Lines, PasserelleError


class UpstreamError(PasserelleError):
    """Any fault of a provider; raised itself for a check that has no class of its own."""

    number, status, oauth = "B0310", 502, "temporarily_unavailable"
    fate = Fate.BANNER
    title_fr = "Ce compte n'a pas pu vous connecter"
    title_en = "This account could not log you in"
    public_fr = "La connexion avec ce compte n'a pas abouti."
    public_en = "Logging in with this account did not work."
    next_fr: ClassVar[Lines] = (
        "Choisissez un autre compte.",
        "Ou réessayez avec celui-ci dans quelques minutes.",
    )
    next_en: ClassVar[Lines] = (
        "Choose another account.",
        "Or try this one again in a few minutes.",
    )
    operator = "The log names the check that failed."


class ProviderCancelledError(UpstreamError):
    """The provider answered `access_denied`: the person cancelled or was refused there."""

    number, status, oauth = "B0311", 403, "access_denied"
    public_fr = "Vous n'avez pas terminé la connexion avec ce compte."
    public_en = "You did not finish logging in with this account."
    next_fr = ("Choisissez un autre compte.", "Ou recommencez avec celui-ci, tout de suite.")
    next_en = ("Choose another account.", "Or start again with this one, straight away.")
    operator = "Normal when people change their mind; many in a row point at the provider."


class ProviderRefusedError(UpstreamError):
    """The provider answered another error: `login_required`, `invalid_request`..."""

    number, alias = "B0312", "Y020025"
    public_fr = "Ce compte a refusé notre demande de connexion."
    public_en = "This account refused our login request."
    operator = "The log holds the error code of the provider; check our registration there."


class ProviderBusyError(UpstreamError):
    """The provider answered `temporarily_unavailable` or `server_error`."""

    number, status = "B0313", 503
    public_fr = "Ce compte rencontre un problème en ce moment."
    public_en = "This account is having a problem at the moment."
    operator = "The provider says so itself; counts as a failure for the circuit breaker."


class AnswerWithoutCodeError(UpstreamError):
    """The answer carries neither code nor error."""

    number, alias = "B0314", "Y020025"
    public_fr = "La réponse de ce compte est incomplète."
    public_en = "The answer from this account is incomplete."
    operator = "No code in the callback: look at the provider's release notes."


class _SilentError(UpstreamError):
    public_fr = "Ce compte ne répond pas en ce moment."
    public_en = "This account is not answering at the moment."


class ProviderUnreachableError(_SilentError):
    """No connection to the provider."""

    number, status = "B0315", 503
    operator = "Name resolution, TLS or connection failed, or the circuit breaker is open."


class ProviderSlowError(_SilentError):
    """The provider did not answer within the limits."""

    number, status = "B0316", 504
    operator = "Connect 2 s, read 6 s, whole trip 10 s."


class AnswerTooLargeError(_SilentError):
    """An answer of the provider passes 64 kB."""

    number = "B0317"
    operator = "An error page instead of JSON, or an attack; the body was not read further."


class UpstreamRedirectError(_SilentError):
    """The token, userinfo or key endpoint answered with a redirect, which is never followed."""

    number = "B0318"
    operator = "An endpoint moved: correct the settings; following it could leak a secret."


class DiscoveryError(_SilentError):
    """The discovery document is unreachable, malformed, or of another issuer."""

    number = "B0319"
    operator = "OpenID Connect Discovery 1.0 §4.3: issuer must be the one of the settings."


class ProviderKeysError(_SilentError):
    """The provider's keys cannot be read, or hold none that fits."""

    number = "B0320"
    operator = "The JWKS was fetched again once (rate-limited) and the kid is still absent."


class PushedRequestError(_SilentError):
    """The provider refused our pushed authorization request (RFC 9126)."""

    number = "B0321"
    operator = "Check our credentials and redirect URI at the provider."


class TokenCallError(_SilentError):
    """The token endpoint of the provider refused the code, or answered no token."""

    number, alias = "B0322", "Y020026"
    operator = "The log holds the status; 401 points at our secret, 400 at a code used twice."


class UserinfoCallError(_SilentError):
    """The userinfo endpoint of the provider failed."""

    number, alias = "B0323", "Y020027"
    operator = "The log holds the status."
