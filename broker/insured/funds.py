"""What a health insurance fund is called: registries write some by the code of their department."""

import re

from anyascii import anyascii

from broker.cog.departments import department_name

_CODED = re.compile(r"(?P<kind>CPAM|CGSS|CSS|MSA) (?P<code>[0-9]{2,3}|2[AB])")
_CALLED = re.compile(r"(?:CPAM|CGSS|CSS|MSA) (?:de l'|de la |du |des |d'|de )?(?P<place>.+)")
_OVERSEAS = {"971": "CGSS", "972": "CGSS", "973": "CGSS", "974": "CGSS", "976": "CSS"}
"""What stands in place of a CPAM (article L752-1 of the code; Mayotte, order 96-1122)."""

_VOWELS = tuple("AÂEÉÈIÎOÔUY")
_PLURAL = ("Alpes-", "Bouches-", "Côtes-", "Deux-", "Hauts-", "Pyrénées-")
_PLURALS = frozenset(
    ("Ardennes", "Hautes-Alpes", "Hautes-Pyrénées", "Landes", "Terres", "Vosges", "Yvelines")
)
_BARE = frozenset(("Corse", "La Réunion", "Mayotte", "Paris", "Vaucluse"))
_FEMININE = frozenset(
    (
        *("Charente", "Charente-Maritime", "Corrèze", "Corse-du-Sud", "Côte-d'Or", "Creuse"),
        *("Dordogne", "Drôme", "Gironde", "Guadeloupe", "Guyane", "Loire", "Loire-Atlantique"),
        *("Lozère", "Manche", "Marne", "Martinique", "Mayenne", "Meuse", "Moselle", "Nièvre"),
        *("Nouvelle-Calédonie", "Polynésie", "Sarthe", "Savoie", "Seine-Maritime"),
        *("Seine-Saint-Denis", "Somme", "Vendée", "Vienne"),
    )
)


def fund_name(label: str) -> str:
    """
    `CPAM 01` -> `CPAM de l'Ain`, `CPAM 974` -> `CGSS de La Réunion`; a label that names no
    department stays as it is.
    """
    coded = _CODED.fullmatch(label)
    department = department_name(coded["code"]) if coded else None
    if coded is None or department is None:
        return label
    overseas = _OVERSEAS.get(coded["code"]) if coded["kind"] == "CPAM" else None
    return f"{overseas or coded['kind']} {of_department(department)}"


def fund_order(name: str) -> tuple[str, str]:
    """Where a fund stands in a list: by its department, Î with I, `de l'` left out."""
    called = _CALLED.fullmatch(name)
    return anyascii(called["place"] if called else name).casefold(), name


def of_department(name: str) -> str:
    """`Ain` -> `de l'Ain`, `Landes` -> `des Landes`, `Maine-et-Loire` -> `de Maine-et-Loire`."""
    vowel, first = name.startswith(_VOWELS), name.split(" ", maxsplit=1)[0]
    if name in _BARE or "-et-" in name or name.startswith("Saint-"):
        return f"d'{name}" if vowel else f"de {name}"
    if first in _PLURALS or name.startswith(_PLURAL):
        return f"des {name}"
    if vowel or name == "Hérault":
        return f"de l'{name}"
    feminine = first in _FEMININE or name.startswith("Haute-")
    return f"de la {name}" if feminine else f"du {name}"
