"""The facts of one insured person that matching compares, as the registry keeps them."""

from typing import NamedTuple

from providers.identity import Gender, PartialDate

GENERAL_SCHEME = "general"
"""The only scheme whose insured persons may open an account here."""


class RegistryRecord(NamedTuple):
    """
    One row of the registry, as given by the insurer (not normalised).

    `person_id` is the registry's own key; `given_names` the civil-status tokens in order;
    `birthplace` the five-character COG code, None for a birth abroad; `presumed` tells that the
    date was presumed by a court or an administration and is kept incomplete; `rights_open` False
    when rights are closed or the scheme is another.
    `former_names` are earlier birth names: the desk may load them, a login never needs them.
    """

    person_id: int
    family_name: str
    given_names: tuple[str, ...]
    birthdate: PartialDate
    gender: Gender
    birthplace: str | None
    birthcountry: str
    usage_name: str | None = None
    presumed: bool = False
    nir: str = ""
    deceased: bool = False
    rights_open: bool = True
    scheme: str = "general"
    former_names: tuple[str, ...] = ()
