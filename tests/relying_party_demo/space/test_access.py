"""Devices and sign-ins, ways in, the e-mail address, the end of an account."""

import re

import pytest

from tests.space_answers import refusal

PORTAL_COOKIE = "passerelle_portal"


def devices(member):
    """(label, is this one) of each device that the page shows as open."""
    page = member.get("/mon-compte/connexions").text
    return re.findall(r'data-testid="device"><span><strong>([^<]*)</strong>( \(celui-ci\))?', page)


def name_of_the_telephone(member):
    """What the session of the other device is called on the page."""
    shown = member.get("/mon-compte/connexions").text.partition("iPhone")[2]
    return re.search(r'action="/mon-compte/connexions/([0-9a-f]{32})"', shown)[1]


def test_open_devices_and_past_sign_ins_are_told(member, another):
    """Which are open now, which one this is, and the history the insurer keeps."""
    member.get("/mon-compte")
    page = member.page("/mon-compte/connexions")

    open_now = {("appareil inconnu", " (celui-ci)"), ("Safari, iPhone", "")}
    assert open_now <= set(devices(member))
    assert "24 novembre 2026 à 11:59, Firefox, Windows Impots.gouv.fr" in page
    assert "20 novembre 2026 à 11:59, appareil inconnu avec votre numéro et votre mot de passe" in (
        page
    )


def test_another_device_is_signed_out(member, another):
    """S140, S143: it loses its session at once; this one stays."""
    member.get("/mon-compte")
    shown = member.get("/mon-compte/connexions").text
    name = re.search(r'iPhone.*?action="/mon-compte/connexions/([0-9a-f]{32})"', shown, re.DOTALL)[
        1
    ]
    answer = member.send(f"/mon-compte/connexions/{name}", at="/mon-compte/connexions")

    assert answer.status_code == 303
    assert "Cet appareil est déconnecté." in member.page("/mon-compte/connexions")
    assert another.get("/mon-compte").headers["Location"].startswith("/connexion/suite/")
    assert member.get("/mon-compte").status_code == 200


def test_all_the_others_are_signed_out_at_once(member, another):
    """One button for whoever is worried; this device stays."""
    member.get("/mon-compte")
    member.send("/mon-compte/connexions/autres", at="/mon-compte/connexions")

    assert another.get("/mon-compte").status_code == 303
    assert member.get("/mon-compte").status_code == 200
    assert devices(member) == [("appareil inconnu", " (celui-ci)")]


@pytest.mark.parametrize("name", ["0" * 32, "x", "autres"])
def test_a_name_that_is_nobodys_ends_nothing(member, name):
    """Guessing names of sessions closes none, not even one's own."""
    member.get("/mon-compte")
    own = re.search(r"[0-9a-f]{32}", str(member.asked("POST visits")[0][1]))[0]
    member.send("/mon-compte/connexions/autres", at="/mon-compte/connexions")
    for one in (name, own):
        assert (
            member.send(f"/mon-compte/connexions/{one}", at="/mon-compte/connexions").status_code
            == 303
        )

    assert member.get("/mon-compte").status_code == 200


def test_a_device_of_another_account_is_not_reached(member, another):
    """The name of a stranger's session ends nothing."""
    member.get("/mon-compte")
    shown = member.get("/mon-compte/connexions").text
    name = re.search(r'iPhone.*?action="/mon-compte/connexions/([0-9a-f]{32})"', shown, re.DOTALL)[
        1
    ]
    member.broker.person["account_id"] = member.broker.account["account_id"] = "acc-2"
    try:
        member.visitor.sign_in()
        member.get("/mon-compte")
        member.send(f"/mon-compte/connexions/{name}", at="/mon-compte/connexions")
    finally:
        member.broker.person["account_id"] = member.broker.account["account_id"] = "acc-1"

    assert another.get("/mon-compte").status_code == 200


def test_a_session_that_ended_is_no_open_device(member, another, shared):
    """The list tells what is true now."""
    _app, _broker, clock = shared
    clock.now += 1300
    member.visitor.sign_in()
    member.get("/mon-compte")

    assert devices(member) == [("appareil inconnu", " (celui-ci)")]


def test_ways_in_are_told_and_removed(member):
    """Each provider with its dates; one press removes it."""
    page = member.page("/mon-compte/acces")
    for said in ("Impots.gouv.fr", "relié le 24 novembre 2026", "Vous n'en avez pas"):
        assert said in page
    answer = member.send("/mon-compte/acces/7", at="/mon-compte/acces")

    assert answer.status_code == 303
    assert len(member.asked("DELETE ways/7")) == 1
    assert "Cette façon de vous connecter est retirée." in member.page("/mon-compte/acces")


@pytest.mark.parametrize(
    ("since", "link"),
    [
        (None, "Choisir un mot de passe"),
        ("2026-02-25T06:13:20+00:00", "Choisir un nouveau mot de passe"),
    ],
)
def test_a_first_password_is_not_called_a_new_one(member, since, link):
    """Whoever came through a provider has none yet."""
    member.broker.space["GET ways"]["password_since"] = since

    assert f"demandez un code provisoire : {link} " in member.page("/mon-compte/acces")


def test_the_last_way_in_is_kept_and_why_is_said(member):
    """The insurer refuses; the page says what to do first."""
    member.broker.space["DELETE ways/7"] = refusal("last_way_in")
    answer = member.send("/mon-compte/acces/7", at="/mon-compte/acces")

    assert answer.status_code == 409
    assert 'data-testid="last-way-in"' in answer.text
    assert "Choisissez d'abord un mot de passe" in answer.text


def test_a_link_that_is_gone_is_said(member):
    """Removed in another tab."""
    member.broker.space["DELETE ways/8"] = refusal("link_unknown", status=404)

    assert member.send("/mon-compte/acces/8", at="/mon-compte/acces").status_code == 404


def test_a_new_address_is_asked_then_confirmed(member):
    """A code goes there; it counts once the code came back."""
    answer = member.send("/mon-compte/email", {"email": " Nouvelle@exemple.fr "})
    assert answer.headers["Location"] == "/mon-compte/email/code"
    ((_query, body, _key),) = member.asked("POST email")
    assert body == {"email": "Nouvelle@exemple.fr", "language": "fr"}

    assert "n•••••@exemple.fr. Il est valable jusqu'à 12:10." in member.page(
        "/mon-compte/email/code"
    )
    answer = member.send("/mon-compte/email/code", {"code": "123 456"})
    assert answer.headers["Location"] == "/mon-compte"
    assert member.asked("POST email/code")[0][1] == {"code": "123456"}
    assert "Votre nouvelle adresse e-mail est enregistrée." in member.page("/mon-compte")


@pytest.mark.parametrize(
    "email", ["", "nobody", "a@b", "a b@exemple.fr", "x" * 250 + "@exemple.fr"]
)
def test_what_is_no_address_is_not_sent(member, email):
    """Told beside the field."""
    assert member.send("/mon-compte/email", {"email": email}).status_code == 422
    assert member.asked("POST email") == []


def test_an_address_that_the_insurer_refuses_is_told(member):
    """It reads addresses more strictly than we do."""
    member.broker.space["POST email"] = refusal("invalid_request", "email: no", 400)
    answer = member.send("/mon-compte/email", {"email": "a@exemple.fr"})

    assert answer.status_code == 422
    assert "pas une adresse e-mail" in answer.text


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"outcome": "wrong", "tries_left": 2}, "Vous pouvez essayer encore 2 fois."),
        ({"outcome": "wrong", "tries_left": 1}, "Vous pouvez essayer encore une fois."),
        (
            {"outcome": "wrong", "tries_left": 0},
            "Ce code n'est plus valable. Demandez-en un autre.",
        ),
        ({"outcome": "expired"}, "Ce code n'est plus valable. Demandez-en un autre."),
        (refusal("email_taken"), "Adresse e-mail déjà utilisée"),
        (refusal("invalid_request", "code: no", 400), "Le code a 6 chiffres."),
    ],
)
def test_a_code_that_does_not_do_says_why(member, answer, said):
    """S125 told to whoever reads that mailbox; tries are counted aloud."""
    member.broker.space["POST email/code"] = answer
    sent = member.send("/mon-compte/email/code", {"code": "123456"})

    assert sent.status_code == 422
    assert said in sent.text.replace("&#39;", "'").replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("code", ["", "12345", "abcdef", "1234567890123"])
def test_what_is_no_code_is_not_tried(member, code):
    """No try is lost on a typing error."""
    assert member.send("/mon-compte/email/code", {"code": code}).status_code == 422
    assert member.asked("POST email/code") == []


def test_without_an_address_that_waits_there_is_no_code_to_type(member):
    """The page leads to the one before."""
    member.broker.space["GET ways"] |= {"email_change": None}

    assert member.get("/mon-compte/email/code").headers["Location"] == "/mon-compte/email"


def test_closing_asks_once_more(member):
    """Without the box nothing happens."""
    answer = member.send("/mon-compte/fermer")

    assert answer.status_code == 422
    assert "Cochez la case" in answer.text
    assert member.asked("POST close") == []
    assert member.get("/mon-compte").status_code == 200


def test_closing_ends_every_session(member, another):
    """S134: on all devices, and the person reads that it is done."""
    member.get("/mon-compte")
    answer = member.send("/mon-compte/fermer", {"sure": "y"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/compte-ferme")

    assert len(member.asked("POST close")) == 1
    assert member.visitor.client.get_cookie(PORTAL_COOKIE) is None
    assert member.get("/mon-compte").headers["Location"] == "/connexion"
    assert another.get("/mon-compte").status_code == 303
    assert "Votre compte est fermé" in member.page("/compte-ferme")


def test_an_account_that_could_not_be_closed_stays_open(member):
    """The insurer was away: nobody is signed out of an account that still stands."""
    drawn = member.get("/mon-compte/fermer")
    assert drawn.status_code == 200
    member.broker.space["POST close"] = ({"error": "x"}, 503)

    assert member.send("/mon-compte/fermer", {"sure": "y"}).status_code == 503
    assert member.get("/mon-compte").status_code == 200
