"""Choosing an account to log in with, and leaving for its website."""

import zlib
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from broker.errors import Language, PasserelleError, ProviderCancelledError
from broker.screens.screen import Screen

_TINTS = 6


class TileState(StrEnum):
    """
    Whether an account can be chosen now.

    OPEN and TROUBLED can; TOO_WEAK gives less assurance than the service asks for; DISABLED was
    closed by us; UNAVAILABLE does not answer.
    """

    OPEN = "open"
    TROUBLED = "troubled"
    TOO_WEAK = "too_weak"
    DISABLED = "disabled"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """
    One account on the page of providers.

    `id` is the provider's; `need` what the person will need there, in their language; `reason`
    replaces the usual sentence of `state` (for instance "Indisponible, retour prévu à 15:00").
    """

    id: str
    label: str
    need: str = ""
    state: TileState = TileState.OPEN
    reason: str | None = None
    beta: bool = False
    last_used: bool = False

    @property
    def initial(self) -> str:
        """The letter in the disc."""
        return self.label.strip()[:1].upper() or "?"

    @property
    def tint(self) -> int:
        """The colour of the disc, the same every time."""
        return zlib.crc32(self.id.encode()) % _TINTS

    @property
    def can_be_chosen(self) -> bool:
        """Whether the tile is a button."""
        return self.state in {TileState.OPEN, TileState.TROUBLED}


@dataclass(frozen=True, slots=True)
class Banner:
    """
    What went wrong with an account just before, in one sentence, and what to do.

    Without `number` it is what the person decided there: told, but not as an error.
    """

    provider: str
    sentence: str
    following: tuple[str, ...] = ()
    number: str = ""

    @classmethod
    def about(
        cls, error: PasserelleError | type[PasserelleError], provider: str, language: Language
    ) -> "Banner":
        """The banner for an error of the catalogue, about the provider of this label."""
        number = "" if error.number == ProviderCancelledError.number else error.number
        return cls(provider, error.public(language), error.following(language), number)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvidersScreen(Screen):
    """
    The page of providers.

    `choose_url` receives the form: field `provider` holds the id of the chosen tile. A tile that
    was used last time in this browser is shown first. `no_account_url` is the service's own way
    for people who have none of these accounts.
    """

    template: ClassVar[str] = "providers.html"

    choose_url: str
    tiles: tuple[Tile, ...]
    banner: Banner | None = None
    no_account_url: str | None = None

    @property
    def groups(self) -> tuple[tuple[Tile, ...], ...]:
        """The tiles as shown: the one used last by itself, then the others as given."""
        used = tuple(tile for tile in self.tiles if tile.last_used)
        others = tuple(tile for tile in self.tiles if not tile.last_used)
        return tuple(group for group in (used, others) if group)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmLeaveScreen(Screen):
    """
    A stop before the provider's website, with a notice when there is one.

    `confirm_url` receives a form with `provider` and `confirmed=yes`; `back_url` is the page of
    providers.
    """

    template: ClassVar[str] = "leave.html"

    provider: str
    provider_id: str
    confirm_url: str
    back_url: str
    notice: str | None = None

    @property
    def place(self) -> str | None:
        """The page of providers: this one comes from a form, which no link can send again."""
        return self.back_url


@dataclass(frozen=True, slots=True, kw_only=True)
class GoneOnScreen(Screen):
    """
    Back or another tab led to a step this login has left.

    `continue_url` is where the login stands now; None when it is finished: then `abandon_url` is
    the service's own page.
    """

    template: ClassVar[str] = "gone_on.html"

    continue_url: str | None = None
