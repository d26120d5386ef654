"""Refusals of what a provider says in its tokens and its user information."""

from providers.faults import ProviderFault, UpstreamFault

# --- the envelope ---------------------------------------------------------------------------------


class IdTokenMalformed(UpstreamFault, number="P301"):
    """The ID token is no compact serialisation of a JSON object within bounds."""


class AlgRefused(UpstreamFault, number="P302"):
    """The signature algorithm is not the one agreed with this provider (RFC 8725 §3.1)."""


class UnknownKey(UpstreamFault, number="P303"):
    """No published key has this key id and suits the algorithm, even after a refresh."""


class BadSignature(UpstreamFault, number="P304"):
    """The signature does not verify with the provider's key."""


class UnknownCrit(UpstreamFault, number="P305"):
    """The header makes an extension critical; none is understood here (RFC 7515 §4.1.11)."""


class HeaderKeyRefused(UpstreamFault, number="P306"):
    """The header brings its own key or the address of one (RFC 8725 §3.10)."""


class TypRefused(UpstreamFault, number="P307"):
    """The header's `typ` is that of another kind of token (RFC 8725 §3.11)."""


class JweMissing(UpstreamFault, number="P311"):
    """Encryption is promised and this token is not encrypted."""


class JweUnexpected(UpstreamFault, number="P312"):
    """The token is encrypted and no key was agreed for it."""


class JweRefused(UpstreamFault, number="P313"):
    """The encryption is compressed, or not one of the agreed algorithms (RFC 8725 §3.6)."""


class JweUndecryptable(UpstreamFault, number="P314"):
    """The token was encrypted for another key, or altered."""


# --- the claims of the ID token -------------------------------------------------------------------


class ClaimMalformed(UpstreamFault, number="P401"):
    """A claim the protocol needs is absent or of another type; `claim` names it."""


class WrongIssuer(UpstreamFault, number="P402"):
    """`iss` is not the provider's issuer."""


class WrongAudience(UpstreamFault, number="P403"):
    """`aud` does not name this client: the token was made for another one."""


class WrongAzp(UpstreamFault, number="P404", check="azp"):
    """`azp` is missing beside several audiences, or names another client."""


class Expired(UpstreamFault, number="P405"):
    """`exp` has passed."""


class NotYetValid(UpstreamFault, number="P406"):
    """`nbf` has not come."""


class IssuedInFuture(UpstreamFault, number="P407"):
    """`iat` has not come."""


class MissingNonce(UpstreamFault, number="P408"):
    """The token has no nonce."""


class WrongNonce(ProviderFault, number="P409"):
    """The nonce is that of another trip: a code carried over from elsewhere."""


class SubjectInvalid(UpstreamFault, number="P410"):
    """`sub` is absent, no text, empty, a word for nothing, too long or unprintable."""


class WrongAtHash(UpstreamFault, number="P411", check="at_hash"):
    """`at_hash` is not the hash of the access token received with it."""


class LevelMissing(UpstreamFault, number="P412"):
    """The token has no `acr`."""


class LevelTooLow(ProviderFault, number="P413"):
    """The level reached is weaker than the one asked for."""


class LevelNotAllowed(ProviderFault, number="P414"):
    """The level is unknown, or this provider may not vouch for it."""


class AuthTimeMissing(UpstreamFault, number="P415"):
    """A greatest age was asked for and `auth_time` is missing (OpenID Connect Core §3.1.2.1)."""


class AuthTimeTooOld(ProviderFault, number="P416"):
    """The person signed in longer ago than was asked for."""


class AuthTimeInFuture(UpstreamFault, number="P417"):
    """`auth_time` has not come."""


# --- the user information and the identity --------------------------------------------------------


class SubjectMismatch(UpstreamFault, number="P501"):
    """The user information is about another subject, or about none (Core §5.3.2)."""


class UserinfoIssuer(UpstreamFault, number="P502"):
    """The signed user information names another issuer."""


class UserinfoAudience(UpstreamFault, number="P503"):
    """The signed user information is meant for another client."""


class AccountMissing(ProviderFault, number="P504"):
    """A provider that keeps accounts did not say which one vouched for the person."""


class TraitInvalid(ProviderFault, number="P505"):
    """A trait of the pivot identity is missing or malformed; `trait` names it, `rule` says why."""

    def __init__(self, trait: str, rule: str) -> None:
        self.trait, self.rule = trait, rule
        super().__init__(trait=trait)
        self.private = {"trait": trait, "rule": rule}
