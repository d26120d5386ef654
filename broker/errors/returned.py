"""
Outcomes that a service must handle: the person gave up, or had to be asked and could not be.

Sent to the service as they are; a page appears only where there is no way back to it.
"""

from broker.errors.record import Fate, PasserelleError


class _ReturnedError(PasserelleError):
    fate = Fate.REDIRECTED
    title_fr = "La connexion n'est pas terminée"
    title_en = "The login is not finished"
    next_fr = (
        "Retournez sur le site que vous vouliez utiliser.",
        "Vous pouvez recommencer quand vous voulez.",
    )
    next_en = (
        "Go back to the website you wanted to use.",
        "You can start again whenever you like.",
    )


class LoginRequiredError(_ReturnedError):
    """`prompt=none`, and nobody is signed in at the level asked for."""

    number, oauth = "B0130", "login_required"
    public_fr = "Vous n'êtes pas encore connecté."
    public_en = "You are not logged in yet."
    operator = "Normal answer to prompt=none; the service must start an ordinary login."


class ConsentRequiredError(_ReturnedError):
    """`prompt=none`, and the person has not been told what would be sent."""

    number, oauth = "B0131", "consent_required"
    public_fr = "Vous n'avez pas encore dit si vos informations peuvent être envoyées."
    public_en = "You have not said yet whether your information may be sent."
    operator = "Normal answer to prompt=none; the same predicate decides the consent page."


class InteractionRequiredError(_ReturnedError):
    """`prompt=none`, and another page must be shown first (an account to create, for instance)."""

    number, oauth = "B0132", "interaction_required"
    public_fr = "Une étape reste à faire avec vous avant la connexion."
    public_en = "One step still needs you before the login."
    operator = "Normal answer to prompt=none."


class ConsentRefusedError(_ReturnedError):
    """The person read what would be sent and declined."""

    number, alias, status, oauth = "B0140", "Y030030", 403, "access_denied"
    public_fr = "Vous avez choisi de ne pas envoyer vos informations."
    public_en = "You chose not to send your information."
    operator = "The journal holds the answer; the service receives nothing about the person."


class AbandonedError(_ReturnedError):
    """The person left by the link that stands on every page."""

    number, alias, status, oauth = "B0141", "Y030030", 403, "access_denied"
    public_fr = "Vous avez choisi de ne pas vous connecter."
    public_en = "You chose not to log in."
    operator = "Frequent right after the page of providers: the person had none of the accounts."


class LevelNotReachedError(_ReturnedError):
    """An essential level was asked for and the person's accounts cannot give it."""

    number, status, oauth = "B0142", 403, "unmet_authentication_requirements"
    public_fr = (
        "Aucun de vos comptes n'a vérifié votre identité d'aussi près que le site le demande."
    )
    public_en = "None of your accounts checked your identity as closely as the website asks."
    operator = "Essential acr in the claims parameter, no provider left that gives it."
