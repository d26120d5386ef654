"""
Refusals on the way to a provider and back that are about this browser and this login.

Shown, because the answer may not belong to the person in front of us; or a banner where the
login is intact and another choice is enough.
"""

from broker.errors.record import Fate, PasserelleError


class _BackHereError(PasserelleError):
    fate = Fate.SHOWN
    oauth = "access_denied"
    title_fr = "Cette page ne correspond pas à votre connexion"
    title_en = "This page does not match your login"
    next_fr = (
        "Si une autre page de connexion est ouverte, continuez dans celle-là.",
        "Sinon, retournez sur le site que vous vouliez utiliser et recommencez.",
        "Si vous avez ouvert un lien reçu par message, fermez cette page.",
    )
    next_en = (
        "If another login page is open, carry on in that one.",
        "Otherwise go back to the website you wanted to use and start again.",
        "If you opened a link you received in a message, close this page.",
    )


class CallbackStateMissingError(_BackHereError):
    """The answer of the provider carries no `state`."""

    number, alias = "B0305", "Y020021"
    public_fr = "La réponse reçue n'indique pas à quelle connexion elle appartient."
    public_en = "The answer we received does not say which login it belongs to."
    operator = "The provider forgot the state, or the address was opened by hand."


class CallbackStateError(_BackHereError):
    """The answer carries a `state` that is none of ours."""

    number, alias, status = "B0306", "Y020022", 403
    public_fr = "La réponse reçue n'appartient à aucune connexion en cours."
    public_en = "The answer we received belongs to no login in progress."
    operator = "Altered, forged, or of a login that was purged."


class AnotherBrowserError(_BackHereError):
    """The login was started by another browser (login CSRF, RFC 9700 §4.7)."""

    number, alias, status = "B0307", "Y020022", 403
    public_fr = "Cette connexion a été commencée dans un autre navigateur."
    public_en = "This login was started in another browser."
    operator = "Cookies cleared in mid-login, a change of browser, or a link sent by an attacker."


class CallbackReplayedError(_BackHereError):
    """The same answer came twice."""

    number, alias = "B0308", "Y020022"
    public_fr = "Cette réponse a déjà été utilisée."
    public_en = "This answer has already been used."
    operator = "Refresh or Back on the callback, or a replayed response."


class _ChooseAgainError(PasserelleError):
    fate = Fate.BANNER
    oauth = "access_denied"
    title_fr = "Ce compte ne peut pas être utilisé ici"
    title_en = "This account cannot be used here"
    next_fr = ("Choisissez un autre compte.",)
    next_en = ("Choose another account.",)


class ProviderUnknownError(_ChooseAgainError):
    """No provider has this id."""

    number, alias, status = "B0301", "Y020019", 400
    public_fr = "Ce compte n'existe pas dans notre liste."
    public_en = "This account is not in our list."
    operator = "A form that was altered, or a provider removed from the settings."


class ProviderDisabledError(_ChooseAgainError):
    """The provider was disabled, perhaps while the person was there."""

    number, alias, status = "B0302", "Y020017", 403
    public_fr = "Ce compte n'est pas disponible en ce moment."
    public_en = "This account is not available at the moment."
    operator = "enabled = false in the settings of the provider."


class ProviderNotAllowedError(_ChooseAgainError):
    """The service does not accept this provider."""

    number, alias, status = "B0303", "Y020023", 403
    public_fr = "Le site n'accepte pas ce compte."
    public_en = "The website does not accept this account."
    operator = "Allow or deny list of the client."


class ProviderTooWeakError(_ChooseAgainError):
    """The provider never gives the level this login needs."""

    number, status = "B0304", 403
    public_fr = "Le site demande un compte dont l'identité a été mieux vérifiée."
    public_en = "The website asks for an account whose identity was checked more closely."
    operator = "The strongest of the provider's levels is below the one requested."
