"""Refusals about the browser, its session and the step it is at."""

from typing import ClassVar

from broker.errors.record import Fate, Lines, PasserelleError

_START_AGAIN_FR = (
    "Retournez sur le site que vous vouliez utiliser et recommencez.",
    "Gardez une seule page de connexion ouverte.",
)
_START_AGAIN_EN = (
    "Go back to the website you wanted to use and start again.",
    "Keep only one login page open.",
)


class _LostError(PasserelleError):
    fate = Fate.SHOWN
    oauth = "access_denied"
    title_fr = "Nous avons perdu le fil de votre connexion"
    title_en = "We have lost track of your login"
    next_fr: ClassVar[Lines] = _START_AGAIN_FR
    next_en: ClassVar[Lines] = _START_AGAIN_EN


class AttemptUnknownError(_LostError):
    """No login in progress has this identifier."""

    number, alias, status = "B0502", "Y190001", 404
    public_fr = "Cette connexion n'existe pas ou n'existe plus."
    public_en = "This login does not exist, or no longer does."
    operator = "An old bookmark, or a login that was purged."


class LoginExpiredError(_LostError):
    """The login stayed unfinished too long."""

    number, alias, status = "B0503", "Y190001", 403
    title_fr = "Votre connexion a expiré"
    title_en = "Your login has expired"
    public_fr = "Pour votre sécurité, une connexion commencée doit être terminée en 30 minutes."
    public_en = "For your safety, a login must be finished within 30 minutes."
    operator = "attempt_seconds in the settings."


class StepProofError(_LostError):
    """The proof in the address is missing, altered, or made for another step."""

    number, alias, status = "B0506", "Y420001", 403
    public_fr = "L'adresse de cette page a été modifiée ou coupée."
    public_en = "The address of this page was changed or cut short."
    operator = "An address copied in part, or tampered with."


class _FormLostError(_LostError):
    status = 400
    title_fr = "Votre réponse n'a pas été prise en compte"
    title_en = "Your answer was not taken into account"
    next_fr = (
        "Revenez à la page précédente, rechargez-la et répondez de nouveau.",
        "Sinon, retournez sur le site que vous vouliez utiliser et recommencez.",
    )
    next_en = (
        "Go back to the previous page, reload it and answer again.",
        "Otherwise go back to the website you wanted to use and start again.",
    )


class FormTokenError(_FormLostError):
    """The token of the form is not the one of this browser."""

    number, alias = "B0510", "Y470001"
    public_fr = "La page que vous avez envoyée ne vient pas de votre connexion en cours."
    public_en = "The page you sent does not come from your login in progress."
    operator = "Another browser or session, or a forged form."


class FormTokenMissingError(_FormLostError):
    """The form came without its token."""

    number, alias = "B0511", "Y470002"
    public_fr = "La page que vous avez envoyée est incomplète."
    public_en = "The page you sent is incomplete."
    operator = "A forged form, or an extension of the browser that alters pages."


class FormSessionMissingError(_FormLostError):
    """The form came from a browser that holds no session to compare its token with."""

    number, alias = "B0512", "Y470003"
    public_fr = "Votre navigateur n'a pas gardé la connexion en cours."
    public_en = "Your browser did not keep the login in progress."
    operator = "Cookies refused or cleared between the page and the answer."


class FormExpiredError(_FormLostError):
    """The page stayed open longer than its token lives."""

    number, alias = "B0513", "Y470004"
    public_fr = "La page est restée ouverte trop longtemps."
    public_en = "The page stayed open for too long."
    operator = "WTF_CSRF_TIME_LIMIT."


class AccountDeactivatedError(PasserelleError):
    """The account was deactivated; checked at every step and at every token."""

    number, alias, status, oauth = "B0520", "Y180001", 403, "access_denied"
    fate = Fate.REDIRECTED
    title_fr = "Votre compte a été désactivé"
    title_en = "Your account has been deactivated"
    public_fr = "Ce compte ne permet plus de se connecter."
    public_en = "This account can no longer be used to log in."
    next_fr = (
        "Si vous n'avez pas demandé sa fermeture, appelez le service que vous vouliez utiliser.",
    )
    next_en = ("If you did not ask for it to be closed, call the service you wanted to use.",)
    operator = "The journal says who deactivated it, and when."
