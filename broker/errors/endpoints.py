"""
Refusals of the endpoints that services call themselves: JSON, never a page.

Token, introspection, revocation, pushed requests, userinfo, `checktoken`, and the back channel of
the insured (RFC 6749 §5.2, RFC 6750 §3, RFC 7009, RFC 7662, RFC 9126). The public sentence is
still written for a person: a browser opened on such an address by mistake shows it.
"""

from broker.errors.record import Fate, PasserelleError


class _ApiError(PasserelleError):
    fate = Fate.JSON
    title_fr = "Cette adresse est réservée aux services"
    title_en = "This address is for services only"
    next_fr = ("Retournez sur le site que vous vouliez utiliser.",)
    next_en = ("Go back to the website you wanted to use.",)


class ApiRequestError(_ApiError):
    """A parameter of the call is missing, repeated or malformed."""

    number, alias, status, oauth = "B0201", "Y000013", 400, "invalid_request"
    public_fr = "L'appel du service est incomplet ou mal formé."
    public_en = "The call of the service is incomplete or malformed."
    operator = "The detail names the parameter and the rule."


class _ClientRefusedError(_ApiError):
    status, oauth, challenge = 401, "invalid_client", "Basic"


class InvalidClientError(_ClientRefusedError):
    """The client is unknown or its secret is wrong; the answer does not tell which."""

    number, alias = "B0202", "Y0434A7B"
    public_fr = "Le service n'a pas pu prouver qui il est."
    public_en = "The service could not prove who it is."
    operator = "Wrong client_id or client_secret, or a secret that was rotated."


class ClientAuthenticationMissingError(_ClientRefusedError):
    """No client authentication at all, or two at once (RFC 6749 §2.3)."""

    number = "B0203"
    public_fr = "Le service n'a pas dit qui il est, ou l'a dit de deux manières."
    public_en = "The service did not say who it is, or said it in two ways."
    operator = "One method per call; public clients send client_id and a code_verifier."


class ClientMethodError(_ClientRefusedError):
    """The client used another authentication method than the one registered."""

    number = "B0204"
    public_fr = "Le service s'est présenté d'une autre manière que prévu."
    public_en = "The service introduced itself in another way than agreed."
    operator = "Compare client_auth in the settings with what the library of the service sends."


class ClientAssertionError(_ClientRefusedError):
    """The client assertion is malformed, badly signed, expired or meant for another audience."""

    number = "B0205"
    public_fr = "La preuve signée du service n'a pas pu être vérifiée."
    public_en = "The signed proof of the service could not be verified."
    operator = "RFC 7523: aud is the issuer alone, typ client-authentication+jwt, exp to come."


class ClientAssertionReplayedError(_ClientRefusedError):
    """The `jti` of the client assertion was seen before, on any node."""

    number = "B0206"
    public_fr = "La preuve signée du service a déjà servi."
    public_en = "The signed proof of the service was already used."
    operator = "The service must sign a new assertion, with a new jti, for each call."


class UnsupportedGrantTypeError(_ApiError):
    """`grant_type` is neither authorization_code nor client_credentials."""

    number, oauth = "B0207", "unsupported_grant_type"
    public_fr = "Le service demande un accès que nous ne proposons pas."
    public_en = "The service asks for a kind of access that we do not offer."
    operator = "No refresh, password or implicit grant exists here."


class GrantNotAllowedError(_ApiError):
    """The client may not use this grant or this endpoint."""

    number, oauth = "B0208", "unauthorized_client"
    public_fr = "Le service n'est pas autorisé à faire cet appel."
    public_en = "The service is not allowed to make this call."
    operator = "client_credentials needs back_channel = true for the client."


class _InvalidGrantError(_ApiError):
    oauth = "invalid_grant"


class CodeNotFoundError(_InvalidGrantError):
    """No such code, or it has expired (RFC 6749 §4.1.2)."""

    number, alias = "B0209", "Y049E20B"
    public_fr = "Le code de connexion n'existe pas ou n'est plus valable."
    public_en = "The login code does not exist or is no longer valid."
    operator = "Codes live 60 s (30 s in the franceconnect profile); look for a slow service."


class CodeReusedError(_InvalidGrantError):
    """The code was redeemed before; what it issued has just been revoked (RFC 9700 §4.10)."""

    number, alias = "B0210", "Y0416228"
    public_fr = "Le code de connexion a déjà servi : la connexion a été annulée."
    public_en = "The login code was already used: the login has been cancelled."
    operator = "A retry or a double submit in the service, or a stolen code: compare addresses."


class CodeBindingError(_InvalidGrantError):
    """The code was issued to another client."""

    number = "B0211"
    public_fr = "Le code de connexion appartient à un autre service."
    public_en = "The login code belongs to another service."
    operator = "Code injection or two environments mixed up."


class CodeRedirectUriError(_InvalidGrantError):
    """`redirect_uri` is not that of the request (RFC 6749 §4.1.3), or not registered any more."""

    number = "B0212"
    public_fr = "L'adresse de retour n'est pas celle de la demande."
    public_en = "The return address is not the one of the request."
    operator = (
        "The service must repeat the redirect_uri of its authorization request, and it must still "
        "be registered."
    )


class CodeVerifierError(_InvalidGrantError):
    """`code_verifier` is missing, wrong, or sent without a challenge (RFC 7636 §4.6)."""

    number = "B0213"
    public_fr = "Le service n'a pas prouvé que la demande venait de lui."
    public_en = "The service did not prove that the request came from it."
    operator = "PKCE: the verifier does not hash to the challenge, or one of the two is missing."


class SubjectInactiveError(_InvalidGrantError):
    """The account was deactivated, or its session ended, after the code was issued."""

    number, alias = "B0214", "Y180001"
    public_fr = "Le compte a été désactivé."
    public_en = "The account has been deactivated."
    operator = "Deactivated between the login and this call; the journal holds by whom."


class TokenScopeError(_ApiError):
    """The scope asked for was not granted to this client."""

    number, oauth = "B0215", "invalid_scope"
    public_fr = "Le service demande des informations auxquelles il n'a pas droit."
    public_en = "The service asks for information that it may not have."
    operator = "For client_credentials only the scope `insured` exists."


class TooManyFailuresError(_ApiError):
    """Too many wrong secrets or codes from one network address; `retry_after` says until when."""

    number, status, oauth = "B0216", 429, "temporarily_unavailable"
    public_fr = "Le service a fait trop d'essais sans succès en peu de temps."
    public_en = "The service made too many attempts without success in a short time."
    operator = "The log names the limit. A secret that was rotated, or somebody who guesses."


class _BearerError(_ApiError):
    challenge = "Bearer"


class TokenMissingError(_BearerError):
    """No access token was sent; the answer then carries no error code (RFC 6750 §3.1)."""

    number, status = "B0220", 401
    public_fr = "Il faut une autorisation pour lire cette adresse."
    public_en = "Reading this address needs an authorisation."
    operator = "The token goes in the Authorization header, or in the form of a POST."


class InvalidTokenError(_BearerError):
    """The access token is unknown, expired, revoked or of another kind."""

    number, status, oauth = "B0221", 401, "invalid_token"
    public_fr = "L'autorisation du service n'est pas ou n'est plus valable."
    public_en = "The authorisation of the service is not, or no longer, valid."
    operator = "Access tokens live 10 minutes (60 s in the franceconnect profile)."


class InsufficientScopeError(_BearerError):
    """The access token does not cover this call."""

    number, status, oauth = "B0222", 403, "insufficient_scope"
    public_fr = "L'autorisation du service ne couvre pas cet appel."
    public_en = "The authorisation of the service does not cover this call."
    operator = "userinfo needs openid; the back channel needs insured."


class TokenPlacementError(_BearerError):
    """The access token came in the query string, or in two places (RFC 6750 §2)."""

    number, status, oauth = "B0223", 400, "invalid_request"
    public_fr = "L'autorisation du service est arrivée au mauvais endroit."
    public_en = "The authorisation of the service came in the wrong place."
    operator = "A token in a URL ends in logs; the service must use the Authorization header."


class DataProviderUnknownError(_ClientRefusedError):
    """`checktoken` by an unknown data provider."""

    number, alias = "B0230", "Y330001"
    public_fr = "Le service qui donne accès aux données n'est pas connu."
    public_en = "The service that gives access to the data is not known."
    operator = "Declare the data provider, with its key, before it calls checktoken."


class DataProviderSecretError(_ClientRefusedError):
    """`checktoken` with a wrong secret."""

    number, alias = "B0231", "Y330002"
    public_fr = "Le service qui donne accès aux données n'a pas pu prouver qui il est."
    public_en = "The service that gives access to the data could not prove who it is."
    operator = "Wrong client_secret of a data provider."


class BackChannelForbiddenError(_BearerError):
    """The token is good and its client may not use the back channel of the insured."""

    number, status, oauth = "B0240", 403, "access_denied"
    public_fr = "Ce service n'a pas accès aux dossiers des assurés."
    public_en = "This service has no access to the files of insured persons."
    operator = "Only clients with back_channel = true and account = insured may call it."
