"""What a place of birth is called on a page."""

from broker.cog.countries import COUNTRIES
from broker.cog.departments import department_name
from broker.cog.places import country_before_independence
from broker.cog.table import name_of

_LANGUAGES = ("fr", "en")


def commune_name(code: str) -> str | None:
    """
    The name of a commune code, present or former; None when no commune of France has this code.

    A former code without a name of its own takes that of the commune it now belongs to.
    """
    return name_of(code)


def country_name(code: str, lang: str = "fr") -> str | None:
    """The name of a country code 99xxx in `fr` or `en` (any other language: French), else None."""
    found = COUNTRIES.get(code)
    return found and found[_LANGUAGES.index(lang) if lang in _LANGUAGES else 0]


def place_name(birthplace: str | None, birthcountry: str, lang: str = "fr") -> str | None:
    """The commune for a birth in France, else the country; also for a code before independence."""
    if birthplace is None:
        return country_name(birthcountry, lang)
    country = country_before_independence(birthplace)
    return country_name(country, lang) if country else commune_name(birthplace)


def place_label(birthplace: str | None, birthcountry: str, lang: str = "fr") -> str | None:
    """As `place_name`, a commune with its department: `Saint-Denis (La Réunion)`."""
    name = place_name(birthplace, birthcountry, lang)
    if birthplace is None or not name or country_before_independence(birthplace):
        return name
    department = department_name(birthplace)
    # `Paris 12e Arrondissement` says it already.
    return f"{name} ({department})" if department not in (None, name.split(" ")[0]) else name
