"""
Refusals of the personal space.

Read by the portal, which has words of its own for each `error`.
"""

from typing import ClassVar

from broker.errors.record import Fate, Lines, PasserelleError


class _SpaceRefusalError(PasserelleError):
    """The root of the refusals of the personal space; only its subclasses are raised."""

    fate = Fate.JSON
    title_fr = "Cette demande ne peut pas être faite"
    title_en = "This request cannot be made"
    next_fr: ClassVar[Lines] = ("Retournez sur la page de votre compte.",)
    next_en: ClassVar[Lines] = ("Go back to the page of your account.",)


class OrderOpenError(_SpaceRefusalError):
    """A card is on order already for this person."""

    number, status, oauth = "B0285", 409, "order_open"
    public_fr = "Une carte est déjà commandée."
    public_en = "A card is already on order."
    operator = "The index space_card_order_one_open allows one; it closes when the card is there."


class OrderTooFarError(_SpaceRefusalError):
    """The order cannot be cancelled or closed at the stage it has reached."""

    number, status, oauth = "B0286", 409, "order_too_far"
    public_fr = "La commande de la carte n'en est pas à ce stade."
    public_en = "The order of the card has not reached that stage."
    operator = "Stages are counted in working days from the order."


class MessageNotFoundError(_SpaceRefusalError):
    """The account wrote no message of that number."""

    number, status, oauth = "B0287", 404, "message_unknown"
    public_fr = "Ce message n'existe pas dans ce compte."
    public_en = "This message does not exist in this account."
    operator = "Numbers of another account read the same as numbers that never were."


class LinkNotFoundError(_SpaceRefusalError):
    """The account has no link of that number."""

    number, status, oauth = "B0288", 404, "link_unknown"
    public_fr = "Cette façon de vous connecter n'existe pas, ou plus."
    public_en = "This way of signing in does not exist, or not any more."
    operator = "It may have been removed in another tab."


class LastWayInError(_SpaceRefusalError):
    """The only link of an account without a password."""

    number, status, oauth = "B0289", 409, "last_way_in"
    public_fr = "C'est la seule façon d'entrer dans votre compte."
    public_en = "It is the only way into your account."
    next_fr = ("Choisissez d'abord un mot de passe.",)
    next_en = ("Choose a password first.",)
    operator = "Removing it would lock the person out."


class AddressTakenError(_SpaceRefusalError):
    """Another account has this e-mail address; said after the code proved the mailbox."""

    number, status, oauth = "B0290", 409, "email_taken"
    title_fr = "Adresse e-mail déjà utilisée"
    title_en = "E-mail address already used"
    public_fr = "Un autre compte utilise déjà cette adresse e-mail."
    public_en = "Another account already uses this e-mail address."
    next_fr = ("Choisissez une autre adresse.",)
    next_en = ("Choose another address.",)
    operator = "One address for one standing account (account_one_per_email)."


class RightsClosedError(_SpaceRefusalError):
    """Nothing can be certified: the rights are closed or the record is gone."""

    number, status, oauth = "B0291", 409, "rights_closed"
    public_fr = "Vos droits sont fermés : il n'y a rien à attester."
    public_en = "Your rights are closed: there is nothing to certify."
    operator = "The registry says so; an advisor can look at the file."


class CertificateUnknownError(_SpaceRefusalError):
    """No certificate bears this code."""

    number, status, oauth = "B0292", 404, "certificate_unknown"
    public_fr = "Aucune attestation ne porte ce code."
    public_en = "No certificate bears this code."
    operator = "A typing error, or a forged paper."


class StatementNotFoundError(_SpaceRefusalError):
    """No statement is kept for this month."""

    number, status, oauth = "B0293", 404, "statement_unknown"
    public_fr = "Il n'y a pas de relevé pour ce mois."
    public_en = "There is no statement for that month."
    operator = "Statements go back twelve months."
