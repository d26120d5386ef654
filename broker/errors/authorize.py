"""
Refusals of an authorization request (RFC 6749 §4.1.2.1, OpenID Connect Core 1.0 §3.1.2.6).

What fails before the client and its redirect URI are proven is shown; everything after goes
back to the service. FranceConnect shows a bad parameter instead (its Y030007).
"""

from broker.errors.record import Fate, PasserelleError


class _UnprovenError(PasserelleError):
    fate = Fate.SHOWN
    title_fr = "Nous ne pouvons pas vous connecter"
    title_en = "We cannot log you in"
    next_fr = (
        "Fermez cette page et retournez sur le site que vous vouliez utiliser.",
        "Si l'erreur revient, donnez le numéro ci-dessous à ce site.",
    )
    next_en = (
        "Close this page and go back to the website you wanted to use.",
        "If this happens again, give that website the number below.",
    )


class UnknownClientError(_UnprovenError):
    """`client_id` is missing or names no registered service."""

    number, alias, status, oauth = "B0101", "Y04EA6EF", 400, "invalid_client"
    public_fr = "Le site d'où vous venez n'est pas connu de notre service."
    public_en = "The website you came from is not known to our service."
    operator = "The service is not registered here, or sends another environment's client_id."


class DisabledClientError(_UnprovenError):
    """The service exists and was disabled."""

    number, status, oauth = "B0102", 403, "unauthorized_client"
    public_fr = "Le site d'où vous venez ne propose plus de se connecter avec notre service."
    public_en = "The website you came from no longer offers to log in with our service."
    operator = "The client is disabled; `passerelle client show` tells since when."


class RedirectUriError(_UnprovenError):
    """`redirect_uri` is missing or equals no registered one (RFC 9700 §4.1.3, exact match)."""

    number, alias, status, oauth = "B0103", "Y04C013C", 400, "invalid_request"
    public_fr = (
        "L'adresse de retour demandée n'est pas enregistrée : "
        "pour vous protéger, nous ne l'ouvrons pas."
    )
    public_en = "The return address is not registered: to protect you, we do not open it."
    operator = "Compare the redirect_uri sent with the registered ones, character by character."


class _RefusedRequestError(PasserelleError):
    fate = Fate.REDIRECTED
    refused_on_page = True
    oauth = "invalid_request"
    title_fr = "La demande de connexion est incorrecte"
    title_en = "The login request is incorrect"
    next_fr = (
        "Retournez sur le site que vous vouliez utiliser et recommencez.",
        "Si l'erreur revient, donnez le numéro ci-dessous à ce site.",
    )
    next_en = (
        "Go back to the website you wanted to use and start again.",
        "If this happens again, give that website the number below.",
    )


class InvalidParameterError(_RefusedRequestError):
    """A parameter has a value that its rule refuses."""

    number, alias = "B0110", "Y030007"
    public_fr = "Le site a envoyé une information que nous ne pouvons pas accepter."
    public_en = "The website sent a piece of information that we cannot accept."
    operator = "The detail names the parameter and the rule; the service must correct its request."


class MissingParameterError(_RefusedRequestError):
    """A required parameter is absent or empty."""

    number, alias = "B0111", "Y030007"
    public_fr = "Il manque une information dans la demande envoyée par le site."
    public_en = "A piece of information is missing from the request the website sent."
    operator = "The detail names the parameter; in the franceconnect profile more are required."


class RepeatedParameterError(_RefusedRequestError):
    """A parameter comes twice (RFC 6749 §3.1)."""

    number, alias = "B0112", "Y030007"
    public_fr = "Le site a envoyé deux fois la même information."
    public_en = "The website sent the same piece of information twice."
    operator = "Often a parameter added by a proxy, or present both in the URL and in the form."


class OverlongParameterError(_RefusedRequestError):
    """A parameter is longer than its documented limit."""

    number, alias = "B0113", "Y030007"
    public_fr = "Le site a envoyé une information trop longue."
    public_en = "The website sent a piece of information that is too long."
    operator = "The limits stand in docs/integrating-a-service.md; a long state is the usual cause."


class UnknownParameterError(_RefusedRequestError):
    """The franceconnect profile refuses every parameter it does not list."""

    number, alias = "B0114", "Y030007"
    public_fr = "Le site a envoyé une information que nous n'attendions pas."
    public_en = "The website sent a piece of information that we did not expect."
    operator = "The client is in the franceconnect profile; PKCE and max_age are refused there."


class ResponseTypeError(_RefusedRequestError):
    """`response_type` is not `code`."""

    number, alias, oauth = "B0115", "Y030007", "unsupported_response_type"
    public_fr = "Le site demande une manière de se connecter que nous ne proposons pas."
    public_en = "The website asks for a way of logging in that we do not offer."
    operator = "Only the authorization code flow exists here."


class ResponseModeError(_RefusedRequestError):
    """`response_mode` is neither `query` nor `form_post`."""

    number, alias = "B0116", "Y030007"
    public_fr = "Le site demande une manière de revenir chez lui que nous ne proposons pas."
    public_en = "The website asks for a way of sending you back that we do not offer."
    operator = "fragment and jwt response modes do not exist here."


class InvalidScopeError(_RefusedRequestError):
    """`scope` lacks `openid`, or holds one this service was not granted."""

    number, alias, oauth = "B0117", "Y030007", "invalid_scope"
    public_fr = "Le site demande des informations sur vous auxquelles il n'a pas droit."
    public_en = "The website asks for information about you that it may not have."
    operator = "Grant the scope with `passerelle client edit`, or remove it from the request."


class PkceError(_RefusedRequestError):
    """The S256 challenge is missing, malformed, or of another method (RFC 7636 §4.3)."""

    number, oauth = "B0118", "invalid_request"
    public_fr = "La demande envoyée par le site n'est pas assez protégée."
    public_en = "The request sent by the website is not protected well enough."
    operator = "The client must send code_challenge with code_challenge_method=S256."


class InvalidAcrError(_RefusedRequestError):
    """`acr_values` holds no level the platform offers."""

    number, alias, oauth = "B0119", "Y030007", "invalid_acr"
    public_fr = "Le site demande une façon de vérifier votre identité que nous ne proposons pas."
    public_en = "The website asks for a way of checking your identity that we do not offer."
    operator = (
        "Known levels are eidas1, eidas2 and eidas3; the settings say which are offered. "
        "Other values are refused in the franceconnect profile only, and ignored elsewhere."
    )


class InvalidIdpHintError(_RefusedRequestError):
    """`idp_hint` names a provider that is unknown or not allowed to this service."""

    number, alias, oauth = "B0120", "Y030032", "invalid_idp_hint"
    refused_on_page = False
    public_fr = "Le site demande un compte que vous ne pouvez pas utiliser chez lui."
    public_en = "The website asks for an account that you cannot use there."
    operator = "The list of allowed hints is in the settings, globally or for the client."


class RequestObjectError(_RefusedRequestError):
    """The `request` object is unsigned, badly signed, or holds refused values (RFC 9101)."""

    number, alias, oauth = "B0121", "Y030007", "invalid_request_object"
    public_fr = "La demande signée par le site n'a pas pu être vérifiée."
    public_en = "The request signed by the website could not be verified."
    operator = "Check the key registered for the client, the algorithm, aud and exp."


class RequestUriError(_RefusedRequestError):
    """`request_uri` is not one of ours, was used, has expired, or is another client's."""

    number, alias, oauth = "B0122", "Y030007", "invalid_request_uri"
    public_fr = "La demande préparée par le site n'existe plus."
    public_en = "The request prepared by the website no longer exists."
    operator = "A request_uri comes from our own PAR endpoint, lives 60 s and serves once."


class ClientNotAllowedError(_RefusedRequestError):
    """The service may not use this endpoint or this way of logging in."""

    number, oauth = "B0123", "unauthorized_client"
    public_fr = "Le site n'est pas autorisé à faire cette demande."
    public_en = "The website is not allowed to make this request."
    operator = "For instance a client kept for client_credentials, or one that must use PAR."


class AmrNotGrantedError(_RefusedRequestError):
    """The scope or claim `amr` was asked for without having been granted."""

    number, alias, oauth = "B0124", "Y100009", "invalid_scope"
    public_fr = "Le site demande comment vous vous êtes connecté sans y avoir droit."
    public_en = "The website asks how you logged in, which it may not know."
    operator = "amr must also be granted to the client."


class IdTokenHintError(_RefusedRequestError):
    """`id_token_hint` was not issued by us to this service."""

    number, alias = "B0125", "Y030007"
    public_fr = "Le site se réfère à une connexion que nous ne reconnaissons pas."
    public_en = "The website refers to a login that we do not recognise."
    operator = "Signature and audience are checked; an expired hint is accepted."
