"""
What the insured domain writes to people, in French.

No letter asks for bank data, carries a link or names the person: it may reach somebody else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter by its name in LETTERS, with the values of its blanks."""

    name: str
    values: Mapping[str, str] = field(default_factory=dict)


_HELP = (
    "Si c'était vous, vous n'avez rien à faire.\n\n"
    "Si ce n'était pas vous, appelez-nous au 36 46 (du lundi au vendredi, de 8 h 30 à 17 h 30, "
    "service gratuit + prix d'un appel). Nous ne vous demanderons jamais votre mot de passe ni vos "
    "coordonnées bancaires.\n\n"
    "Démonstration : service fictif."
)

LETTERS: dict[str, tuple[str, str]] = {
    "account_created": (
        "Votre compte Ameli est ouvert",
        "Bonjour,\n\nLe {date}, un compte Ameli a été ouvert pour vous en vous identifiant avec "
        "{provider}.\n\n" + _HELP,
    ),
    "account_linked": (
        "Une nouvelle façon de vous connecter à votre compte Ameli",
        "Bonjour,\n\nLe {date}, votre compte Ameli a été relié à {provider}. Vous pouvez "
        "maintenant vous connecter des deux façons.\n\n" + _HELP,
    ),
    "account_replaced": (
        "Votre demande de compte Ameli a été annulée",
        "Bonjour,\n\nLe {date}, une demande de compte Ameli faite avec cette adresse a été annulée "
        "parce qu'un compte a été ouvert en s'identifiant avec {provider}.\n\n" + _HELP,
    ),
}
"""Name -> (subject, body). A text message carries both in one."""

SHORT: dict[str, str] = {
    "account_created": (
        "Ameli : un compte a été ouvert pour vous le {date} avec {provider}. Ce n'était pas vous ? "
        "Appelez le 36 46."
    ),
    "account_linked": (
        "Ameli : votre compte a été relié à {provider} le {date}. Ce n'était pas vous ? "
        "Appelez le 36 46."
    ),
    "account_replaced": (
        "Ameli : une demande de compte a été annulée le {date}. Ce n'était pas vous ? "
        "Appelez le 36 46."
    ),
}
"""Name -> the text message."""


def written(letter: Letter) -> tuple[str, str]:
    """(subject, body) of a mail."""
    subject, body = LETTERS[letter.name]
    return subject, body.format(**letter.values)


def shortened(letter: Letter) -> str:
    """The text message."""
    return SHORT[letter.name].format(**letter.values)
