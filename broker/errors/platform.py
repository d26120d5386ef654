"""Refusals that any address of the broker may answer: HTTP itself, load, and our own faults."""

from typing import ClassVar

from broker.errors.record import Fate, Lines, PasserelleError

_RETURN_FR = "Retournez sur le site que vous vouliez utiliser et recommencez."
_RETURN_EN = "Go back to the website you wanted to use and start again."


class PlatformError(PasserelleError):
    """A request that HTTP itself refuses and that has no class of its own."""

    number, status, oauth = "B0600", 400, "invalid_request"
    fate = Fate.SHOWN
    title_fr = "Cette page ne peut pas s'afficher"
    title_en = "This page cannot be shown"
    public_fr = "La demande de votre navigateur est mal formée."
    public_en = "The request of your browser is malformed."
    next_fr: ClassVar[Lines] = (_RETURN_FR,)
    next_en: ClassVar[Lines] = (_RETURN_EN,)
    operator = "The log holds the HTTP status."


class PageNotFoundError(PlatformError):
    """No such address."""

    number, status, oauth = "B0604", 404, "not_found"
    title_fr = "Page introuvable"
    title_en = "Page not found"
    public_fr = "Cette adresse ne mène nulle part."
    public_en = "This address leads nowhere."
    next_fr = ("Vérifiez l'adresse si vous l'avez tapée.", _RETURN_FR)
    next_en = ("Check the address if you typed it.", _RETURN_EN)
    operator = "An old link, or a scanner."


class MethodNotAllowedError(PlatformError):
    """The address exists and does not answer this HTTP method."""

    number, status = "B0605", 405
    public_fr = "Cette adresse ne s'ouvre pas de cette façon."
    public_en = "This address does not open that way."
    operator = "The Allow header lists the methods."


class TooLargeError(PlatformError):
    """The request is larger than anything the broker reads."""

    number, status = "B0613", 413
    public_fr = "La demande de votre navigateur est trop grande."
    public_en = "The request of your browser is too large."
    operator = "MAX_CONTENT_LENGTH and the form limits."


class MediaTypeError(PlatformError):
    """The body is of another type than the endpoint reads."""

    number, status = "B0615", 415
    public_fr = "La demande est dans un format que nous ne lisons pas."
    public_en = "The request is in a format that we do not read."
    operator = "Endpoints read application/x-www-form-urlencoded."


class TooManyRequestsError(PlatformError):
    """A limit of the database was reached; `retry_after` is sent as a header."""

    number, status, oauth = "B0629", 429, "temporarily_unavailable"
    title_fr = "Trop de tentatives"
    title_en = "Too many attempts"
    public_fr = "Vous avez fait beaucoup d'essais en peu de temps."
    public_en = "You made many attempts in a short time."
    next_fr = ("Attendez quelques minutes, puis recommencez.",)
    next_en = ("Wait a few minutes, then start again.",)
    operator = "The log names the limit, never the person."


class InternalError(PlatformError):
    """A fault of ours; the correlation id leads to the stack trace in the log."""

    number, alias, status, oauth = "B0650", "Y000001", 500, "server_error"
    title_fr = "Un problème technique de notre côté"
    title_en = "A technical problem on our side"
    public_fr = "Quelque chose n'a pas fonctionné chez nous. Vous n'y êtes pour rien."
    public_en = "Something did not work on our side. It is not your fault."
    next_fr = (
        "Attendez une minute, puis rechargez la page.",
        _RETURN_FR,
        "Si l'erreur revient, donnez-nous la référence ci-dessous.",
    )
    next_en = (
        "Wait a minute, then reload the page.",
        _RETURN_EN,
        "If this happens again, give us the reference below.",
    )
    operator = "Look for the correlation id; every such line is a defect to correct."


class UnavailableError(PlatformError):
    """A store the broker needs is away; nothing was half written."""

    number, status, oauth = "B0653", 503, "temporarily_unavailable"
    title_fr = "Le service est momentanément indisponible"
    title_en = "The service is unavailable for a moment"
    public_fr = "Nous ne pouvons pas vous connecter en ce moment. Rien n'a été enregistré à moitié."
    public_en = "We cannot log you in at the moment. Nothing was left half done."
    next_fr = ("Attendez quelques minutes, puis rechargez la page.", _RETURN_FR)
    next_en = ("Wait a few minutes, then reload the page.", _RETURN_EN)
    operator = "Database unreachable, out of connections, or full."
