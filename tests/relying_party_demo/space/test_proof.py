"""A fresh proof before bank details, an address, a way in or the account itself change."""

from urllib.parse import parse_qs, urlsplit

import pytest

from relying_party_demo.space.proof import AIMS, PROOF_SECONDS
from tests.space_answers import refusal

RIB = "/mon-compte/changements/rib"
IBAN = "FR76 3000 6000 0112 3456 7890 189"
PROOF = "/mon-compte/confirmation?pour="
SENSITIVE = {
    "rib": RIB,
    "email": "/mon-compte/email",
    "fermer": "/mon-compte/fermer",
}
SINCE = "2026-02-25T06:13:20+00:00"


@pytest.fixture
def idle(member, shared):
    """Claire, who identified herself longer ago than a proof lasts."""
    shared[2].now += PROOF_SECONDS + 1
    return member


@pytest.fixture
def classic(guest):
    """Claire, who has just signed in with her number and her password."""
    guest.broker.person["way"] = "classic"
    guest.broker.space["GET ways"]["password_since"] = SINCE
    guest.broker.space["POST password-checks"] = {"result": "right"}
    guest.visitor.sign_in()
    yield guest
    del guest.broker.person["way"]


@pytest.mark.parametrize(("aim", "path"), SENSITIVE.items())
def test_an_open_session_is_not_enough(idle, aim, path):
    """A page that somebody left open on a shared computer changes nothing of weight."""
    answer = idle.get(path)

    assert (answer.status_code, answer.headers["Location"]) == (303, PROOF + aim)


@pytest.mark.parametrize(("aim", "path"), SENSITIVE.items())
def test_a_password_is_asked_again_even_just_after_a_sign_in(classic, aim, path):
    """Whoever types it once more goes on where they were."""
    assert classic.get(path).headers["Location"] == PROOF + aim
    answer = classic.send(PROOF + aim, {"password": "Un-mot-2-passe!"})

    assert (answer.status_code, answer.headers["Location"]) == (303, path)
    ((_query, body, key),) = classic.asked("POST password-checks")
    assert body == {"password": "Un-mot-2-passe!", "origin": "127.0.0.1"}
    assert len(key) == 64
    assert classic.get(path).status_code == 200


def test_bank_details_sent_without_a_proof_go_nowhere(member, shared):
    """The form was drawn in time and sent too late: the insurer hears nothing."""
    drawn = member.get(RIB)
    assert drawn.status_code == 200
    shared[2].now += PROOF_SECONDS + 1
    answer = member.visitor.post(RIB, {"iban": IBAN}, page="/mon-compte")

    assert answer.headers["Location"] == PROOF + "rib"
    assert member.asked("POST declarations") == []


def test_a_way_in_is_removed_on_a_proof_alone(classic):
    """The page may be read; the press asks first, and leads back to the page."""
    answer = classic.send("/mon-compte/acces/7", at="/mon-compte/acces")
    assert answer.headers["Location"] == PROOF + "acces"
    assert classic.asked("DELETE ways/7") == []
    answer = classic.send(PROOF + "acces", {"password": "x"})

    assert answer.headers["Location"] == "/mon-compte/acces"
    assert "C'est bien vous." in classic.page("/mon-compte/acces")
    classic.send("/mon-compte/acces/7", at="/mon-compte/acces")
    assert len(classic.asked("DELETE ways/7")) == 1


@pytest.mark.parametrize(
    "path", ["/mon-compte/changements/adresse", "/mon-compte/changements/medecin"]
)
def test_other_changes_ask_for_nothing_more(idle, path):
    """A doctor is not money."""
    assert idle.get(path).status_code == 200


@pytest.mark.parametrize(
    ("answer", "status", "said"),
    [
        ({"result": "refused"}, 422, "Ce n'est pas le mot de passe de ce compte."),
        ({"result": "wait", "retry_after": 900}, 429, "Attendez 15 minutes, puis réessayez."),
        ({"result": "wait", "retry_after": 1}, 429, "Attendez une minute, puis réessayez."),
        ({"result": "locked"}, 403, "celui-ci est bloqué"),
        (refusal("too_many", status=429), 429, "Pour votre sécurité"),
        (refusal("away", status=503), 503, "Rien n'est perdu"),
    ],
)
def test_a_password_that_does_not_do_says_why(classic, answer, status, said):
    """Counted with those of the door; nothing is opened."""
    classic.broker.space["POST password-checks"] = answer
    sent = classic.send(PROOF + "rib", {"password": "Faux-mot-2"})

    assert sent.status_code == status
    text = sent.text.replace("&#39;", "'").replace("\N{NO-BREAK SPACE}", " ")
    assert said in text
    assert "Faux-mot-2" not in text
    assert classic.get(RIB).status_code == 303


def test_each_try_is_a_new_one(classic):
    """After a wait the same password must be looked at again, not answered as before."""
    classic.broker.space["POST password-checks"] = {"result": "refused"}
    page = classic.send(PROOF + "rib", {"password": "faux"}).text
    key = page.partition('name="request_key" value="')[2].partition('"')[0]
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    again = {"csrf_token": token, "request_key": key, "password": "faux"}
    classic.visitor.client.post(PROOF + "rib", data=again)

    keys = [asked[2] for asked in classic.asked("POST password-checks")]
    assert len(set(keys)) == 2


def test_an_empty_password_is_not_sent(classic):
    """No try is lost on a slip."""
    assert classic.send(PROOF + "rib", {"password": ""}).status_code == 422
    assert classic.asked("POST password-checks") == []


def test_a_proof_ends_after_five_minutes(classic, shared):
    """Then it is asked for again."""
    classic.send(PROOF + "rib", {"password": "x"})
    shared[2].now += PROOF_SECONDS - 1
    assert classic.get(RIB).status_code == 200
    shared[2].now += 1

    assert classic.get(RIB).status_code == 303


def test_a_proof_belongs_to_one_session(classic):
    """Whoever signs in next on the same computer proves themselves."""
    classic.send(PROOF + "rib", {"password": "x"})
    classic.visitor.sign_in()

    assert classic.get(RIB).headers["Location"] == PROOF + "rib"


def test_without_a_password_the_person_identifies_themselves_anew(idle, shared):
    """Off to the broker with prompt=login, then on to the page that asked."""
    page = idle.page(PROOF + "rib")
    assert "M'identifier à nouveau" in page
    assert "Votre mot de passe" not in page
    answer = idle.send("/mon-compte/confirmation/compte?pour=rib", at=PROOF + "rib")
    query = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert query["prompt"] == ["login"]

    back = idle.visitor.come_back(idle.broker.callback(answer.headers["Location"]))
    assert back.headers["Location"] == "/mon-compte"
    assert idle.get("/mon-compte").headers["Location"] == RIB
    assert idle.get(RIB).status_code == 200
    assert idle.get("/mon-compte").status_code == 200


def test_an_ordinary_sign_in_goes_to_the_account(idle):
    """Nothing was asked for: nobody is led elsewhere."""
    idle.visitor.sign_in()

    assert idle.get("/mon-compte").status_code == 200


def test_a_broker_that_recalls_an_old_sign_in_proves_nothing(idle, shared):
    """The moment of the proof counts (auth_time), not that of the answer."""
    old = shared[2].now - PROOF_SECONDS - 1
    idle.send("/mon-compte/confirmation/compte?pour=rib", at=PROOF + "rib")
    idle.broker.lies["id_token"] = lambda claims: {**claims, "auth_time": int(old)}
    idle.visitor.sign_in()

    assert idle.get("/mon-compte").status_code == 200
    assert idle.get(RIB).headers["Location"] == PROOF + "rib"


def test_whoever_has_both_may_choose(idle):
    """Came through the broker to an account that has a password: either proof will do."""
    idle.broker.space["GET ways"]["password_since"] = SINCE
    page = idle.page(PROOF + "fermer")

    assert "Confirmer avec mon mot de passe" in page
    assert "Ou comme vous êtes venu" in page


@pytest.mark.parametrize("aim", ["", "x", "//evil.example", "account.close"])
def test_a_proof_leads_to_pages_of_ours_alone(idle, aim):
    """The address names a page by a word that we know, and never a place."""
    assert idle.get(PROOF + aim).status_code == 404
    assert (
        idle.send(f"/mon-compte/confirmation/compte?pour={aim}", at=PROOF + "rib").status_code
        == 404
    )


def test_a_proof_that_is_not_needed_is_not_asked_for(member):
    """A second tab was faster."""
    for aim in AIMS:
        assert member.get(PROOF + aim).status_code == 303


def test_nobody_proves_anything_without_a_session(guest):
    """The door comes first."""
    assert guest.get(PROOF + "rib").headers["Location"] == "/connexion"
