"""
Every rule of the guide, S1 to S179, is proven by a journey, told by a page, or explained here.

A journey names its rules in its docstring, on a line such as `Rows: S36, S40-S45.`
"""

import html
import re
from pathlib import Path

import pytest

from sandbox.world import World

LAST = 179
_LINE = re.compile(r"Rows?: ([^\n\"]*(?:\n\s+S\d[^\n\"]*)*)")
_RANGE = re.compile(r"S(\d+)(?:\s*-\s*S?(\d+))?")

HOME, WAYS, CREATE, CONTACT = "/", "/connexion", "/creer-un-compte", "/contact"
HELP = "/aide/"
TWO, FRAUD = HELP + "deux-facons", HELP + "messages-frauduleux"
STUDENT, EMPLOYEE = HELP + "etudiant", HELP + "salarie"
SENIOR, ALONE = HELP + "senior", HELP + "independant"
INFORMATION, MISTAKES = HELP + "informations-a-fournir", HELP + "erreurs-de-saisie"

TOLD = {
    5: (HOME, "Que faire si mon RIB n'est pas reconnu ?"),
    6: (HOME, "Deux façons d'avoir un compte"),
    7: (HELP, "Je suis travailleur indépendant"),
    9: (HOME, "C'est gratuit"),
    12: (STUDENT, "il existe une application mobile"),
    15: (EMPLOYEE, "vos indemnités journalières, en détail"),
    21: (SENIOR, "Le tout sans vous déplacer"),
    22: (CREATE, "15 chiffres avec la clé"),
    24: (CREATE, "sur votre carte Vitale et sur vos attestations de droits"),
    25: (CREATE, "Celui que votre caisse (CPAM) connaît"),
    27: (MISTAKES, "Ni nom d'usage, ni nom marital"),
    28: (CREATE, "Jour, mois, année. Exemple : 27/03/1985"),
    29: (CREATE, "Évitez les adresses temporaires"),
    30: (CREATE, "Essayez d'abord de vous connecter"),
    31: (TWO, "Tout le monde, sans aucun autre compte"),
    32: (TWO, "5 à 10 minutes, avec un e-mail à confirmer"),
    33: (TWO, "Deux vérifications : un e-mail, puis un code à 6 chiffres"),
    34: (TWO, "le partenaire a vérifié votre identité"),
    35: (TWO, "C'est votre premier compte auprès d'un service public"),
    63: (WAYS, "S'identifier avec Passerelle"),
    65: (WAYS, "Impots.gouv.fr"),
    66: (WAYS, "La Poste, L'Identité Numérique"),
    67: (WAYS, "MSA"),
    68: (WAYS, "Mobile Connect et Moi"),
    69: (WAYS, "Ne choisissez Ameli que si vous avez déjà un compte ici"),
    73: (WAYS, "rien à saisir"),
    77: (TWO, "faites souvent des démarches en ligne"),
    129: (FRAUD, "Ne le donnez jamais à personne"),
    131: (FRAUD, "Ne l'utilisez que pour ce compte"),
    132: (WAYS, "Ce site n'a qu'une adresse"),
    135: (FRAUD, "« confirmer vos données bancaires »"),
    136: (FRAUD, "un lien dont l'adresse n'est pas exactement"),
    137: (FRAUD, "un paiement urgent"),
    138: (FRAUD, "un fichier .zip ou .exe"),
    139: (FRAUD, "ne cliquez pas : appelez le 36 46"),
    144: (STUDENT, "après 18 ans"),
    145: (STUDENT, "en pharmacie ou chez un médecin"),
    146: (STUDENT, "vérifiez que votre RIB est enregistré"),
    147: (STUDENT, "Créez votre compte dès que vous recevez la carte"),
    148: (STUDENT, "il existe une application mobile"),
    150: (EMPLOYEE, "Premier emploi, ou changement de régime"),
    151: (EMPLOYEE, "Créez votre compte dès que vous avez votre carte"),
    155: (SENIOR, "Si vous avez un compte Impots.gouv.fr"),
    160: (ALONE, "Vous cotisez au régime général"),
    164: (CONTACT, "Service gratuit + prix d'un appel"),
    170: (CONTACT, "« Adresses et contacts »"),
    171: (CONTACT, "tout justificatif utile"),
    172: (INFORMATION, "Votre nom de naissance, tel que sur votre carte Vitale"),
    175: (TWO, "2 à 3 minutes"),
    179: (HOME, "service-public.fr, section Sécurité sociale"),
}
"""Rules that a page tells: its address, and the words."""

EXPLANATORY = {
    1: "says what the account is for; the whole portal is the proof",
    2: "the size of the registry; benchmarks/registry.py measures it",
    8: "a figure of the insurer about its own procedures, not a rule",
    61: "says what the federation is; Passerelle stands in its place here",
    75: "X5: the level is carried and shown, and no strength is claimed",
    130: "X7: a reminder at six months, never forced",
}
"""Rules that nothing can prove, and why."""


def proven():
    """The rules that the docstrings of the tests name."""
    found = set()
    for path in Path(__file__).parents[1].rglob("test_*.py"):
        for line in _LINE.findall(path.read_text(encoding="utf-8")):
            for first, last in _RANGE.findall(line):
                found |= set(range(int(first), int(last or first) + 1))
    return found


def test_every_rule_is_proven_told_or_explained():
    """No rule is forgotten, and none is excused that a journey proves."""
    known = proven()

    assert sorted(set(range(1, LAST + 1)) - known - TOLD.keys() - EXPLANATORY.keys()) == []
    assert sorted(EXPLANATORY.keys() & (known | TOLD.keys())) == []
    assert max(known) <= LAST


@pytest.fixture(scope="module")
def words():
    """The text of a page of the portal, in French."""
    with World.build() as world:
        reader = world.sites["portal"].app.test_client()

        def read(path):
            page = reader.get(path.rstrip("/") or "/", headers={"Accept-Language": "fr"}).text
            return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))

        yield read


@pytest.mark.parametrize("rule", TOLD)
def test_a_page_tells_the_rule(words, rule):
    """The words stand on the page where a person would look for them."""
    path, said = TOLD[rule]

    assert said in words(path)
