"""Refusals of a logout request (OpenID Connect RP-Initiated Logout 1.0 §2): shown, never sent."""

from broker.errors.record import Fate, PasserelleError


class _LogoutRefusedError(PasserelleError):
    fate = Fate.SHOWN
    status, oauth = 400, "invalid_request"
    title_fr = "La déconnexion n'a pas pu se faire"
    title_en = "You could not be logged out"
    next_fr = (
        "Pour tout fermer, quittez votre navigateur.",
        "Si l'erreur revient, donnez le numéro ci-dessous au site d'où vous venez.",
    )
    next_en = (
        "To close everything, quit your browser.",
        "If this happens again, give the number below to the website you came from.",
    )


class LogoutRedirectUriError(_LogoutRefusedError):
    """`post_logout_redirect_uri` equals no registered one."""

    number = "B0260"
    public_fr = (
        "L'adresse de retour demandée n'est pas enregistrée : "
        "pour vous protéger, nous ne l'ouvrons pas."
    )
    public_en = "The return address is not registered: to protect you, we do not open it."
    operator = "Compare with post_logout_redirect_uris of the client, character by character."


class LogoutHintError(_LogoutRefusedError):
    """`id_token_hint` was not issued by us, or not to this client."""

    number = "B0261"
    public_fr = "Le site se réfère à une connexion que nous ne reconnaissons pas."
    public_en = "The website refers to a login that we do not recognise."
    operator = "Signature and audience are checked; an expired hint is accepted."


class LogoutClientError(_LogoutRefusedError):
    """`client_id` is unknown, or not the audience of the hint."""

    number = "B0262"
    public_fr = "Le site qui demande la déconnexion n'est pas reconnu."
    public_en = "The website that asks for the logout is not recognised."
    operator = "client_id and the aud of id_token_hint must name the same client."


class LogoutParameterError(_LogoutRefusedError):
    """A parameter is repeated, too long, or needs another one that is missing."""

    number = "B0263"
    public_fr = "La demande de déconnexion est incomplète ou mal formée."
    public_en = "The logout request is incomplete or malformed."
    operator = "post_logout_redirect_uri needs id_token_hint or client_id."
