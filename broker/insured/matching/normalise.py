"""
The two forms in which names are compared.

`k0` folds case, accents, ligatures and separators; equal `k0` is equality. `k1` also forgets the
separators and writes ST, STE in full; equal `k1` under another `k0` is an equivalence.
"""

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

from providers.identity import is_foreign

_OUTSIDE = re.compile(r"[^A-Z0-9]+")
_INVISIBLE = "Cf"
_MALFORMED = "\0"
_SAINTS = {"ST": "SAINT", "STE": "SAINTE"}
# Of names without separators: NOM INCONNU, INCONNU INCONNU, SANS PRENOM, S.N.P., NON CONNU, XX...
_UNKNOWN = re.compile(
    r"(?:(?:NOM|PRENOMS?)?INCONNUE?S?)+"
    r"|(?:SANS(?:NOM|PRENOMS?))+"
    r"|(?:NOM|PRENOMS?)?NON(?:CONNUE?S?|RENSEIGNEE?S?|DECLAREE?S?|COMMUNIQUEE?S?)"
    r"|SN|SP|SNP|X+"
)
_CACHED_NAMES = 1 << 15


@lru_cache(maxsize=_CACHED_NAMES)
def k0(text: str) -> str:
    """
    Upper-case ASCII, every run outside A-Z0-9 one space, trimmed: the form in which names are E.

    A name holding a letter of another script than Latin or a control character is malformed: it
    becomes empty, and an empty name equals nothing.
    """
    if text.isascii():
        folded = text.upper()
        if folded.isalpha():
            return folded
        if not folded.isprintable():
            return ""
    else:
        folded = _folded(text)
    return _OUTSIDE.sub(" ", folded).strip()


def _folded(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).translate(_FOLDING)
    return "" if _MALFORMED in folded else folded.upper()


class _Folding(dict[int, str]):
    """What each character becomes, worked out when it is first met."""

    def __missing__(self, codepoint: int) -> str:
        folded = self[codepoint] = _folded_character(chr(codepoint))
        return folded


_FOLDING = _Folding()


def _folded_character(character: str) -> str:
    category = unicodedata.category(character)
    if category == _INVISIBLE:
        return ""
    if category[0] == "C" or (not character.isascii() and is_foreign(character)):
        return _MALFORMED
    return anyascii(character)


@lru_cache(maxsize=_CACHED_NAMES)
def k1(text: str) -> str:
    """`k0` without spaces, ST and STE written SAINT and SAINTE: the form in which names are Q."""
    folded = k0(text)
    if " " in folded:
        folded = "".join([_SAINTS.get(token, token) for token in folded.split(" ")])
    return _SAINTS.get(folded, folded)


@lru_cache(maxsize=_CACHED_NAMES)
def is_unknown_marker(text: str) -> bool:
    """Whether the text stands for a name nobody knows: INCONNU, SANS PRENOM, SP, SN, X, XX..."""
    return _UNKNOWN.fullmatch(k1(text)) is not None


@lru_cache(maxsize=_CACHED_NAMES)
def is_missing(text: str) -> bool:
    """Whether the text names nobody: empty once folded, or an unknown marker."""
    return not k0(text) or is_unknown_marker(text)
