"""The help pages say what the guide says, row by row."""

import html
import re

import pytest

from relying_party_demo.portal.guide import ADVICE, AUDIENCES, QUESTIONS, TOPICS

SAID = {
    "informations-a-fournir": (
        "S5, S22, S24, S25, S26, S27, S28, S40-S45, S73, S172",
        "Votre nom de naissance",
        "15 chiffres",
        "Votre date de naissance",
        "Votre code postal",
        "L'IBAN du compte",
        "Une adresse e-mail personnelle",
        "ni numéro de sécurité sociale, ni RIB",
    ),
    "erreurs-de-saisie": (
        "S5, S46, S104, S105, S107, S108, S114, S115, S117, S128",
        "Neuf échecs sur dix",
        "le nom de naissance, le code postal, le RIB",
        "particule, trait d'union et accents",
        "Un seul chiffre faux",
        "entre 0 et O, 1 et I",
        "Seul le dernier code reçu est valable",
    ),
    "rib-non-reconnu": (
        "S5, S109, S119-S124, S176, X3",
        "2 à 3 jours ouvrés (48 à 72 h)",
        "pas encore enregistré",
        "une erreur quand il a été déclaré",
        "en cours de traitement",
        "Cherchez sur vos relevés de banque le compte où arrivent nos remboursements",
        "Appelez le 36 46 pour savoir quel RIB",
        "les quatre derniers caractères",
    ),
    "etudiant": (
        "S7, S10-S13, S144-S149",
        "Première carte Vitale",
        "après 18 ans",
        "votre carte est activée",
        "en pharmacie ou chez un médecin",
        "Si vous travaillez, vérifiez que votre RIB",
        "dès que vous recevez la carte",
        "application mobile",
        "tout de suite après une consultation",
        "en temps réel",
        "dossier universitaire",
        "par votre mutuelle",
    ),
    "salarie": (
        "S7, S14-S17, S150-S154",
        "Premier emploi, ou changement de régime",
        "dès que vous avez votre carte",
        "nouveau RIB si votre employeur",
        "« Télécharger une attestation »",
        "vos indemnités journalières",
        "si vous perdez la vôtre",
        "adresse, RIB, médecin traitant",
    ),
    "senior": (
        "S7, S18-S21, S155-S159",
        "Si vous avez un compte Impots.gouv.fr",
        "clairs et détaillés",
        "plus de décomptes papier",
        "Un e-mail après chaque remboursement",
        "douze derniers mois",
        "déclaration fiscale",
        "en cas de perte ou de détérioration",
        "sans vous déplacer",
    ),
    "independant": (
        "S7, S160-S163",
        "au régime général et gérez seul vos démarches",
        "RIB professionnel",
        "pour votre comptabilité",
        "déménagement, changement de caisse",
    ),
    "deux-facons": (
        "S6, S31-S35, S61, S65-S68, S76-S78, S175",
        "2 à 3 minutes",
        "5 à 10 minutes",
        "Tout le monde",
        "un compte chez l'un des partenaires",
        "un e-mail, puis un code à 6 chiffres",
        "est facultatif",
        "Impots.gouv.fr",
        "La Poste",
        "MSA",
        "Mobile Connect et Moi",
        "souvent des démarches en ligne",
    ),
    "proches": (
        "S79-S85, S177, X4",
        "un conjoint, un enfant majeur ou un parent",
        "Un compte par personne",
        "Une adresse e-mail différente",
        "Le RIB peut être le même",
        "compte du parent auquel il est rattaché",
        "Dès le jour de ses 16 ans",
    ),
    "messages-frauduleux": (
        "S48, S55, S127, S129, S131-S139",
        "« confirmer vos données bancaires »",
        "n'est pas exactement celle de ce site",
        "paiement urgent",
        ".zip ou .exe",
        "ne cliquez pas : appelez le 36 46",
        "https://assure.ameli.fr",
        "cadenas",
        "no-reply@ameli.fr",
        "Aucun conseiller ne le demande",
        "Ne l'utilisez que pour ce compte",
        "déconnectez-vous quand vous avez fini",
        "gestionnaire de mots de passe",
        "un compte à votre nom",
    ),
}


def plain(page):
    """The words of a page, spaces made ordinary."""
    body = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.unescape(page)))
    return body.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("slug", SAID)
def test_a_topic_says_what_its_rows_of_the_guide_say(reader, slug):
    """The rows named in the table are on the page, in the words of the guide or plainer ones."""
    page = plain(reader.get(f"/aide/{slug}").text)

    _rows, *said = SAID[slug]
    assert [text for text in said if text not in page] == []


def test_every_topic_is_checked_and_listed(reader):
    """The index leads to each topic, with a line about it; the table above forgets none."""
    page = reader.get("/aide").text

    assert set(SAID) == set(TOPICS)
    assert len(TOPICS) == len(QUESTIONS) + len(AUDIENCES) + len(ADVICE)
    for slug in TOPICS:
        assert f'href="/aide/{slug}"' in page


def test_there_are_three_questions_and_four_audiences():
    """S5, S7: as many as the guide counts."""
    assert (len(QUESTIONS), len(AUDIENCES)) == (3, 4)


@pytest.mark.parametrize("slug", ["etudiant", "salarie", "senior", "independant"])
def test_a_page_for_an_audience_leads_to_what_it_promises(reader, slug):
    """S10-S21, S144-S163: each function it names is one press away, once signed in."""
    found = re.findall(r'href="(/mon-compte/[^"]+)"', reader.get(f"/aide/{slug}").text)

    assert len(set(found)) >= 2
    for path in found:
        assert reader.get(path).headers["Location"] == "/connexion"


@pytest.mark.parametrize("slug", SAID)
def test_every_topic_ends_with_somebody_to_call(reader, slug):
    """S139, S98: 36 46, and whether an advisor answers now."""
    assert "Un conseiller répond maintenant" in plain(reader.get(f"/aide/{slug}").text)


def test_an_unknown_topic_is_an_unknown_page(reader):
    """A wrong address leads to the page that says so."""
    assert reader.get("/aide/autre").status_code == 404


def test_the_right_address_is_that_of_the_settings(make_portal):
    """S132: the page names the address of this very portal."""
    visitor = make_portal(public_url="https://assure.exemple.fr")

    assert "https://assure.exemple.fr" in visitor.get("/aide/messages-frauduleux").text
