"""Answers of a provider that were refused because something in them is not as it must be."""

from broker.errors.upstream import UpstreamError


class UnsafeAnswerError(UpstreamError):
    """The ID token is malformed, or a claim of it is missing (OpenID Connect Core §3.1.3.7)."""

    number, alias, oauth = "B0330", "Y020030", "server_error"
    public_fr = "La réponse de ce compte n'est pas sûre : nous ne l'avons pas utilisée."
    public_en = "The answer from this account is not safe: we did not use it."
    operator = "ID token unreadable, not a JWS, or without a mandatory claim."


class MixUpError(UnsafeAnswerError):
    """`iss` in the answer is another issuer (RFC 9207): a mix-up attack or a wrong setting."""

    number = "B0331"
    operator = "If it is not the settings, someone is substituting one provider for another."


class UpstreamIssuerError(UnsafeAnswerError):
    """`iss` of the ID token is not the provider's issuer."""

    number = "B0332"
    operator = "Compare with issuer in the settings, character by character."


class UpstreamAudienceError(UnsafeAnswerError):
    """`aud` does not hold our client_id, or `azp` is another client."""

    number = "B0333"
    operator = "An ID token meant for another client of the same provider."


class UpstreamSignatureError(UnsafeAnswerError):
    """The signature does not verify."""

    number = "B0334"
    operator = "Wrong key at the provider, or a forged token."


class UpstreamAlgorithmError(UnsafeAnswerError):
    """The algorithm or a header is not the one agreed (`none`, HS256, `jwk`, `crit`...)."""

    number = "B0335"
    operator = "Only id_token_alg of the settings is accepted; embedded keys never are."


class UpstreamNonceError(UnsafeAnswerError):
    """The nonce is missing or is not the one of this trip."""

    number = "B0336"
    operator = "A token of another login: replay or substitution."


class UpstreamExpiredError(UnsafeAnswerError):
    """The ID token has expired."""

    number = "B0337"
    operator = "More than 60 s of skew: check the clocks."


class UpstreamNotYetValidError(UnsafeAnswerError):
    """The ID token was issued in the future."""

    number = "B0338"
    operator = "More than 60 s of skew: check the clocks."


class UpstreamHashError(UnsafeAnswerError):
    """`at_hash` is not the hash of the access token, or cannot be computed."""

    number = "B0339"
    operator = "The access token is not the one the ID token was issued with."


class UpstreamSubjectError(UnsafeAnswerError):
    """`sub` is missing, empty, not a text, or longer than 255 characters."""

    number, alias = "B0340", "Y020029"
    operator = "Never coerced: such a subject could merge several people."


class UserinfoSubjectError(UnsafeAnswerError):
    """`sub` of userinfo is not the one of the ID token (OpenID Connect Core §5.3.2)."""

    number, alias = "B0341", "Y020029"
    operator = "Two persons mixed by the provider, or a substituted access token."


class UserinfoContentError(UnsafeAnswerError):
    """Userinfo is not of the agreed form: unreadable, unsigned, of another issuer or audience."""

    number, alias = "B0342", "Y020029"
    operator = "The settings say whether the provider promises a signed userinfo."


class DecryptionError(UnsafeAnswerError):
    """A token could not be decrypted, or came unencrypted where encryption is agreed."""

    number = "B0343"
    operator = "Encrypted for another key; look at key rotation on both sides."


class UpstreamAuthTimeError(UnsafeAnswerError):
    """`auth_time` is missing or older than the service accepts."""

    number = "B0344"
    public_fr = "Le site demande que vous veniez de vous identifier, et ce compte ne l'a pas fait."
    public_en = "The website asks for a fresh login, and this account did not give one."
    operator = "max_age or prompt=login was ignored by the provider."


class LevelTooLowError(UpstreamError):
    """The provider gave a level below the one requested."""

    number, alias, status, oauth = "B0350", "Y100001", 403, "access_denied"
    public_fr = "Ce compte n'a pas vérifié votre identité d'aussi près que le site le demande."
    public_en = "This account did not check your identity as closely as the website asks."
    next_fr = ("Choisissez un autre compte.",)
    next_en = ("Choose another account.",)
    operator = "acr below the request; the person is shown stronger providers."


class LevelNotAllowedError(LevelTooLowError):
    """`acr` is missing, unknown, or not among those allowed to this provider."""

    number, alias = "B0351", "Y020018"
    operator = "Compare with levels in the settings of the provider."


class UpstreamIdentityError(UpstreamError):
    """The identity lacks a mandatory trait or holds a malformed one (D0)."""

    number, alias, oauth = "B0352", "Y600006", "access_denied"
    public_fr = "Il manque dans ce compte une information dont nous avons besoin."
    public_en = "This account lacks a piece of information that we need."
    next_fr = (
        "Choisissez un autre compte.",
        "Ou complétez vos informations dans celui-ci (nom, prénoms, date et lieu de naissance).",
    )
    next_en = (
        "Choose another account.",
        "Or complete your details in this one (names, date and place of birth).",
    )
    operator = "The log names the trait and the rule, for the provider's operator."
