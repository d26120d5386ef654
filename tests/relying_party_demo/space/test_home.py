"""The dashboard (S60) and what tells the insurer of a sign-in (S140)."""

import re

import pytest

from relying_party_demo.space.device import UNKNOWN, device_label

AGENTS = {
    "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0": "Firefox, Windows",
    "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0": "Edge, Windows",
    "Mozilla/5.0 (Linux; Android 16) Chrome/140.0 Mobile Safari/537.36": "Chrome, Android",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Safari/604.1": "Safari, iPhone",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 15_0) Version/19 Safari/605.1": "Safari, Mac",
    "Mozilla/5.0 (X11; CrOS x86_64) Chrome/140.0 Safari/537.36": "Chrome, Chromebook",
    "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0 Safari/537.36 OPR/120": "Opera, Linux",
    "curl/8.5": UNKNOWN,
    "": UNKNOWN,
    "<script>": UNKNOWN,
}


@pytest.mark.parametrize(("agent", "label"), AGENTS.items())
def test_a_device_is_called_by_two_words(agent, label):
    """Browser and system, the same in every language, and nothing of what was sent."""
    assert device_label(agent) == label


def test_the_three_blocks_of_the_guide_are_there(member):
    """S60: last reimbursements, rights, things to do, each leading further."""
    source = member.get("/mon-compte").text
    for block in ("block-payments", "block-rights", "block-things"):
        assert f'data-testid="{block}"' in source
    page = member.page("/mon-compte")

    for said in (
        "Vos derniers remboursements",
        "Consultation , Dr Lenoir",
        "payé le 10/11/2026, pour Claire",
        "19,00 €",
        "pour Léo",
        "En 12 mois : 822,22 €",
        "Vos droits sont ouverts.",
        "Télécharger une attestation",
        "Vos démarches",
        "En arrêt jusqu'au 10 décembre 2026",
        "Nouvelle carte : en préparation",
    ):
        assert said in page


def test_what_wants_to_be_known_is_at_the_top(member):
    """An answer, an address that waits, a change that waits, the reminder."""
    page = member.page("/mon-compte")

    for said in (
        "Votre caisse a répondu à un message.",
        "Votre nouvelle adresse n•••••@exemple.fr attend son code.",
        "RIB : votre changement compte à partir du vendredi 27 novembre 2026.",
        "Votre mot de passe a plus de six mois.",
        "Vous pouvez en choisir un autre ; ce n'est pas obligatoire.",
    ):
        assert said in page


def test_an_account_without_an_address_is_asked_for_one(member):
    """A provider may send none: the first page asks, and says that something is left to do."""
    member.broker.account["contact"] = {"email_masked": None, "mobile_masked": None}
    member.broker.space["GET dashboard"] = {}
    page = member.page("/mon-compte")

    assert "Votre compte n'a pas d'adresse e-mail." in page
    assert "non renseigné Ajouter une adresse e-mail" in page
    assert "rien d'autre à faire" not in page
    assert "Ajouter une adresse e-mail" in member.page("/mon-compte/email")
    assert "L'ancienne adresse" not in member.page("/mon-compte/email")


def test_an_account_with_an_address_is_asked_for_nothing(member):
    """Neither a notice nor a second question."""
    page = member.page("/mon-compte")

    assert "Votre compte n'a pas d'adresse e-mail." not in page
    assert "Changer d'adresse e-mail" in page
    assert "Changer d'adresse e-mail" in member.page("/mon-compte/email")


def test_a_compound_first_name_is_whole(member):
    """The account that was used may have split it; the file has not."""
    member.broker.account["holder"] = {
        "family_name": "GAUTIER",
        "given_names": ["Marie-Christine", "Anne"],
        "birthdate": "1971-07-30",
    }

    assert "Bonjour Marie-Christine" in member.page("/mon-compte")


def test_nothing_new_says_nothing(member):
    """No empty notice, no zero."""
    member.broker.space["GET dashboard"] = {}
    page = member.get("/mon-compte").text

    for gone in ("unread", "coming", "reminder"):
        assert f'data-testid="{gone}"' not in page
    assert "remboursé dans les 12 derniers mois" in page


def test_the_page_asks_the_insurer_once(member):
    """One call for the whole page; the first one of a session also tells of the sign-in."""
    member.get("/mon-compte")
    member.broker.asked.clear()
    member.get("/mon-compte")

    assert [name for name, *_ in member.broker.asked] == ["GET dashboard"]


def test_the_reminder_is_put_off_and_never_forced(member):
    """S130, X7: one press, and the account is open as before."""
    answer = member.send("/mon-compte/rappel", at="/mon-compte")

    assert (answer.status_code, answer.headers["Location"]) == (303, "/mon-compte")
    assert len(member.asked("POST reminder")) == 1


def test_a_sign_in_is_told_once_with_its_device(member):
    """S140: way, provider, device, language; the name of the session opens nothing."""
    member.agent = {"User-Agent": next(iter(AGENTS)), "Accept-Language": "en"}
    for _ in range(3):
        member.get("/mon-compte")
    ((_query, visit, key),) = member.asked("POST visits")

    assert visit["device"] == "Firefox, Windows"
    assert (visit["way"], visit["provider"], visit["language"]) == ("federation", "tax", "en")
    assert re.fullmatch(r"[0-9a-f]{32}", visit["session"])
    assert re.fullmatch(r"[0-9a-f]{64}", key)
    cookie = member.visitor.client.get_cookie("passerelle_portal").value
    assert visit["session"] not in cookie


def test_a_sign_in_that_could_not_be_told_is_told_later(member):
    """The insurer was away at that moment: the page is drawn, the next one tells."""
    member.broker.space["POST visits"] = ({"error": "x"}, 503)
    assert member.get("/mon-compte").status_code == 200
    member.broker.space["POST visits"] = {"new": True}
    for _ in range(2):
        member.get("/mon-compte")

    told = member.asked("POST visits")
    assert len(told) == 2
    assert told[0] == told[1]


def test_two_browsers_are_two_sign_ins(member, another):
    """Each has a name and a device of its own."""
    member.get("/mon-compte")
    told = [body for _query, body, _key in member.asked("POST visits")]

    assert len({one["session"] for one in told}) == 2
    assert {one["device"] for one in told} == {UNKNOWN, "Safari, iPhone"}


@pytest.mark.parametrize("status", ["locked", "deactivated", "closed", "replaced"])
def test_an_account_that_is_not_active_shows_its_state_alone(member, status):
    """No way into a space that is not there."""
    member.broker.space["GET dashboard"] = {"status": status}
    page = member.get("/mon-compte").text

    assert 'data-testid="rights"' in page
    assert 'data-testid="block-payments"' not in page
    assert 'data-testid="certificate"' not in page
    assert "/mon-compte/droits" not in page


def test_a_person_whose_record_is_gone_still_gets_a_page(member):
    """The registry was replaced: no name, no fault."""
    member.broker.space["GET dashboard"] = {"holder": None, "rights": {"open": False}}

    assert member.get("/mon-compte").status_code == 200
