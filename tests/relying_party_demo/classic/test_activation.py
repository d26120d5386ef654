"""The link of the activation mail: reading it changes nothing, the form spends it once."""

import pytest

TOKEN = "activation-token-0123456789abcdefghijklmnop"
PATH = f"/activation/{TOKEN}"
PASSWORD = "Bleu!Tulipe42"


def test_the_link_leads_to_the_choice_of_a_password(see, insurer):
    """Rows S49-S55: the rules are shown before anything is typed, with the advice of the guide."""
    page = see(PATH)
    control = page.control("password")

    assert (page.status, page.h1) == (200, "Choisissez votre mot de passe")
    for rule in (
        "8 caractères au moins (12 de préférence)",
        "une majuscule",
        "une minuscule",
        "un chiffre",
        "un caractère spécial (! @ # par exemple)",
        "dans un gestionnaire de mots de passe plutôt que sur papier",
        "Vous pouvez le coller ici",
        "Ne le donnez jamais à personne",
    ):
        assert rule in page.words
    assert (control["type"], control["autocomplete"]) == ("password", "new-password")
    assert "password-rules" in control["aria-describedby"].split()


def test_a_scanner_that_follows_the_link_spends_nothing(client, see, ask, insurer):
    """Ten readers of the mail before the person: the link still serves."""
    for _ in range(5):
        see(PATH)
        client.head(PATH)
    assert insurer.done["/activations"] == 0

    assert ask(PATH, password=PASSWORD).status == 303


def test_a_good_password_ends_on_a_page_that_says_what_to_do(see, ask, insurer):
    """Rows S50, S56: chosen, then back to the page of connection."""
    page = ask(PATH, password=PASSWORD)
    assert page.leads_to == "/compte-active"
    after = see("/compte-active")

    assert after.h1 == "Votre mot de passe est enregistré"
    assert 'href="/connexion#nir"' in after.source
    assert insurer.heard("/activations") == [
        {"token": TOKEN, "password": PASSWORD, "language": "fr"}
    ]


@pytest.mark.parametrize(
    ("faults", "said"),
    [
        (["length"], "8 caractères au moins (12 de préférence)."),
        (["lower"], "une minuscule."),
        (["upper", "digit"], "une majuscule, un chiffre."),
        (["digit", "upper"], "une majuscule, un chiffre."),
        (["special"], "un caractère spécial (! @ # par exemple)."),
        (["personal"], "ni votre numéro, ni votre adresse e-mail."),
        (["known"], "pas un mot de passe que tout le monde essaie en premier."),
        (["too_long"], "128 caractères au plus."),
    ],
)
def test_a_refused_password_names_the_rules_it_breaks(ask, insurer, faults, said):
    """Rows S51-S54: which rule, beside the field, and the password is not written back."""
    insurer.answers["/activations"] = {"result": "password", "faults": faults}
    page = ask(PATH, password="Abc?1234")

    assert page.status == 422
    assert page.title.startswith("Erreur : ")
    assert page.fault("password") == (f"Ce mot de passe est refusé. Règles non respectées : {said}")
    assert "Abc?1234" not in page.source
    assert "autofocus" in page.control("password")


def test_a_rule_added_later_refuses_in_words_all_the_same(ask, insurer):
    """An unknown rule is no empty sentence."""
    insurer.answers["/activations"] = {"result": "password", "faults": ["invented-since"]}

    assert ask(PATH, password=PASSWORD).fault("password") == (
        "Ce mot de passe est refusé. Choisissez-en un autre."
    )


@pytest.mark.parametrize("value", ["", "   "])
def test_an_empty_password_is_asked_for(ask, insurer, value):
    """Nothing is sent."""
    page = ask(PATH, password=value)

    assert (page.status, page.fault("password")) == (422, "Choisissez un mot de passe.")
    assert insurer.done["/activations"] == 0


@pytest.mark.parametrize(
    ("state", "status", "title"),
    [
        ("expired", 410, "Ce lien n'est plus valable"),
        ("unknown", 404, "Ce lien n'est pas connu"),
    ],
)
@pytest.mark.parametrize("when", ["read", "sent"])
def test_a_link_that_no_longer_serves_says_what_to_do(
    see, ask, insurer, state, status, title, when
):
    """Row S49: too old, used or replaced; when read, or while the password was typed."""
    if when == "read":
        insurer.answers["/activations/read"] = {"result": state}
        page = see(PATH)
    else:
        insurer.answers["/activations"] = {"result": state}
        page = ask(PATH, password=PASSWORD)

    assert (page.status, page.h1) == (status, title)
    assert 'href="/creer-un-compte"' in page.source
    assert "36 46" in page.words
    assert PASSWORD not in page.source


@pytest.mark.parametrize("token", ["short", "x" * 300, "été-" * 10, "a b" * 10, "..%2F" * 6])
def test_what_is_no_token_is_not_asked_about(see, insurer, token):
    """A mangled address gets its page without a call."""
    assert see(f"/activation/{token}").status == 404
    assert insurer.calls == []


def test_a_double_click_chooses_once(client, see, insurer):
    """Both clicks read that it is done."""
    page = see(PATH)
    form = {"csrf_token": page.csrf, "request_key": page.key, "password": PASSWORD}
    answers = [client.post(PATH, data=form) for _ in range(2)]

    assert [answer.headers["Location"] for answer in answers] == ["/compte-active"] * 2
    assert insurer.done["/activations"] == 1


def test_an_insurer_that_is_away_says_so_when_the_link_is_read(see, insurer):
    """The form is shown with what happened; nothing is spent."""
    insurer.status["/activations/read"] = ("{}", 503)
    page = see(PATH)

    assert page.status == 503
    assert "Rien n'est perdu" in page.words


def test_an_insurer_that_is_away_says_so_when_the_password_is_sent(ask, insurer):
    """The password has to be typed again, and nothing else."""
    insurer.status["/activations"] = ("{}", 503)
    page = ask(PATH, password=PASSWORD)

    assert page.status == 503
    assert PASSWORD not in page.source


def test_the_address_of_the_link_goes_nowhere(see):
    """Row 44: no referrer, no cache, no other file than ours on the page with the token."""
    headers = see(PATH).answer.headers

    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"


def test_neither_token_nor_password_reaches_the_logs(ask, insurer, no_secret_in_logs):
    """Whatever the answer."""
    no_secret_in_logs.never(TOKEN, PASSWORD)
    ask(PATH, password=PASSWORD)
    insurer.status["/activations"] = ("{}", 503)
    ask(PATH, password=PASSWORD)
    insurer.answers["/activations"] = {"result": "expired"}
    insurer.status.clear()
    ask(PATH, password=PASSWORD)
