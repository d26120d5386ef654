"""Signing in with a number and a password, the code of the first time, and the way out."""

import re

import pytest

PATH, CODE = "/connexion", "/connexion/code"
CLAIRE = {"nir": "2 85 03 69 383 001", "password": "Bleu!Tulipe42"}
ACCOUNT = {
    "account_id": "acc-1",
    "status": "active",
    "created_at": "2026-11-24T11:00:00Z",
    "holder": {
        "family_name": "DURAND",
        "usage_name": "MARTIN",
        "given_names": ["Claire", "Anne"],
        "birthdate": "1985-03-27",
    },
    "nir_masked": "2 85 03 •• ••• ••• ••",
    "rights": {"open": True, "scheme": "general", "fund": "CPAM du Rhône"},
}
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def code_sent(ask, insurer):
    """Claire's first sign-in: a code is on its way."""
    insurer.answers["/sign-ins"] = {
        "result": "code_sent",
        "challenge": "challenge-1",
        "email_masked": "c•••••@exemple.fr",
    }
    return ask(PATH, **CLAIRE)


def test_the_form_stands_below_the_broker(see):
    """Rows S39, S62, S87: the button first, then "ou", the fields, and the two links under them."""
    source = see(PATH).source
    places = [
        source.index(text)
        for text in ('"identify"', 'class="or"', 'name="nir"', 'name="password"', "sign-in")
    ]
    links = [source.index(text) for text in ('data-testid="forgotten"', 'data-testid="create"')]

    assert places == sorted(places)
    assert min(links) > source.index('name="password"')
    assert ">J'ai oublié mon code personnel<" in source.replace("&#39;", "'")
    assert ">Créer un compte<" in source


def test_the_fields_help_whoever_fills_them(see):
    """Names for password managers, and a number of 13 or 15 digits."""
    page = see(PATH)

    assert page.control("nir")["autocomplete"] == "username"
    assert page.control("password")["autocomplete"] == "current-password"
    assert "13 ou 15 chiffres" in page.words


@pytest.mark.parametrize("nir", ["2 85 03 69 383 001", "285036938300183", "2.85.03.69.383.001.83"])
def test_a_right_password_opens_the_personal_space(ask, see, insurer, nir):
    """Row S56: 13 or 15 digits, the same session as through the broker."""
    page = ask(PATH, nir=nir, password="Bleu!Tulipe42")

    assert (page.status, page.leads_to) == (303, "/mon-compte")
    assert "passerelle_portal=" in page.answer.headers["Set-Cookie"]
    assert see(PATH).leads_to == "/mon-compte"


def test_a_burst_is_told_to_come_back_in_a_few_seconds(ask, insurer):
    """Too many passwords at once: that is neither a breakdown nor the person's fault."""
    insurer.status["/sign-ins"] = ('{"error": "too_many"}', 503, {"Retry-After": "2"})
    page = ask(PATH, **CLAIRE)

    assert page.status == 503
    assert "Beaucoup de personnes se connectent en ce moment." in page.words
    assert "Attendez quelques secondes, puis réessayez." in page.words
    assert CLAIRE["password"] not in page.source
    insurer.status.clear()
    assert ask(PATH, **CLAIRE).leads_to == "/mon-compte"


@pytest.mark.parametrize("said", ["[]", "{", '{"error": "temporarily_unavailable"}'])
def test_an_insurer_that_is_away_is_not_busy(ask, insurer, said):
    """Nobody is promised that a breakdown lasts seconds."""
    insurer.status["/sign-ins"] = (said, 503, {"Retry-After": "5"})

    assert "Attendez quelques minutes" in ask(PATH, **CLAIRE).words


def test_the_insurer_learns_from_where(client, see, insurer):
    """The network address for its limits, two words for the history of sign-ins."""
    page = see(PATH)
    form = {"csrf_token": page.csrf, "request_key": page.key, **CLAIRE}
    client.post(PATH, data=form, headers={"User-Agent": WINDOWS})

    assert insurer.heard("/sign-ins") == [
        {
            "nir": "2850369383001",
            "password": "Bleu!Tulipe42",
            "origin": "127.0.0.1",
            "device": {"label": "Firefox, Windows"},
        }
    ]


def test_the_personal_space_says_how_one_was_recognised(ask, see, insurer):
    """By number and password, with the name of the file and without any level of assurance."""
    insurer.broker.account = dict(ACCOUNT)
    ask(PATH, **CLAIRE)
    page = see("/mon-compte")

    assert "Claire MARTIN" in page.words
    assert re.search(r'data-testid="identified-by">votre [^<]*mot de passe', page.source)
    assert 'data-testid="level"' not in page.source


def test_a_file_that_cannot_be_read_does_not_keep_anybody_out(ask, insurer):
    """The name alone is missing."""
    insurer.broker.account = {**ACCOUNT, "account_id": "acc-other"}

    assert ask(PATH, **CLAIRE).leads_to == "/mon-compte"


def test_a_sign_in_replaces_the_session_that_was_there(client, ask, see, insurer):
    """Row 24: a session planted beforehand is worth nothing."""
    first = ask(PATH, **CLAIRE).answer.headers["Set-Cookie"]
    client.delete_cookie("passerelle_portal")
    second = ask(PATH, **CLAIRE).answer.headers["Set-Cookie"]
    text = re.search(r"passerelle_portal=(\w+)", first)[1]

    assert text not in second


# --- not in ---------------------------------------------------------------------------------------


def test_an_unknown_number_and_a_wrong_password_read_the_same(ask, insurer):
    """Row 46: one sentence, beside the password, and the password is not written back."""
    insurer.answers["/sign-ins"] = {"result": "refused"}
    page = ask(PATH, **CLAIRE)

    assert page.status == 422
    assert page.title.startswith("Erreur : ")
    assert page.fault("password") == "Ce numéro et ce mot de passe ne vont pas ensemble."
    assert page.control("nir")["value"] == CLAIRE["nir"]
    assert "Bleu!Tulipe42" not in page.source
    assert "Set-Cookie" not in page.answer.headers or "passerelle_portal=" not in str(
        page.answer.headers.getlist("Set-Cookie")
    )


@pytest.mark.parametrize(
    ("fields", "name", "said"),
    [
        ({"nir": ""}, "nir", "Écrivez votre numéro de sécurité sociale."),
        ({"password": ""}, "password", "Écrivez votre mot de passe."),
        ({"nir": "285036938300184"}, "nir", "Un chiffre au moins est faux"),
        ({"nir": "28503"}, "nir", "Ce n'est pas un numéro de sécurité sociale"),
        ({"password": "x" * 1001}, "password", "C'est trop long."),
    ],
)
def test_what_cannot_be_right_is_told_without_a_try(ask, insurer, fields, name, said):
    """A typing error costs no try."""
    page = ask(PATH, **{**CLAIRE, **fields})

    assert page.status == 422
    assert page.fault(name).startswith(said)
    assert insurer.calls == []


def test_a_wait_says_how_long(ask, insurer):
    """After five wrong passwords: fifteen minutes, until when, and the page opens there."""
    insurer.answers["/sign-ins"] = {"result": "wait", "retry_after": 900}
    page = ask(PATH, **CLAIRE)

    assert page.status == 429
    assert "attendez 15 minutes" in page.words
    assert "à partir de 12:15" in page.words
    assert page.source.count("autofocus") == 1
    assert re.search(
        r'<div class="notice[^>]* tabindex="-1" autofocus data-testid="wait"', page.source
    )


def test_a_locked_account_leads_to_recovery(ask, insurer):
    """After ten: until a new password is chosen."""
    insurer.answers["/sign-ins"] = {"result": "locked"}
    page = ask(PATH, **CLAIRE)

    assert page.status == 403
    assert "Ce compte est bloqué" in page.words
    assert "Vos droits et vos remboursements ne changent pas" in page.words
    assert page.source.index('data-testid="locked"') < page.source.index("/code-personnel-oublie")


@pytest.mark.parametrize(
    "answer",
    [
        b"<html>",
        b"[]",
        b"{}",
        {"result": "welcome"},
        {"result": "signed_in"},
        {"result": "signed_in", "account_id": None},
        {"result": "code_sent"},
        {"result": "wait"},
        {"result": "signed_in", "account_id": 7},
    ],
)
def test_an_answer_that_makes_no_sense_lets_nobody_in(ask, see, insurer, answer):
    """The insurer is then as good as away."""
    insurer.answers["/sign-ins"] = answer

    assert ask(PATH, **CLAIRE).status == 503
    assert see("/mon-compte").leads_to == PATH


def test_an_insurer_that_is_away_keeps_the_broker_in_reach(ask, insurer):
    """The page says so; the button above is still there."""
    insurer.status["/sign-ins"] = ("{}", 503)
    page = ask(PATH, **CLAIRE)

    assert page.status == 503
    assert 'data-testid="identify"' in page.source
    assert "Rien n'est perdu" in page.words


# --- the code of the first time ------------------------------------------------------------------


def test_the_first_time_a_code_is_asked_for(code_sent, see):
    """Rows S57, S58: six digits by e-mail, ten minutes, filled by the telephone if it can."""
    assert code_sent.leads_to == CODE
    page = see(CODE)
    control = page.control("code")

    assert "c•••••@exemple.fr" in page.words
    assert "valable 10 minutes" in page.words
    assert "6 chiffres" in page.words
    assert (control["autocomplete"], control["inputmode"]) == ("one-time-code", "numeric")
    assert "maxlength" not in control


@pytest.mark.parametrize("typed", ["048213", " 048 213 ", "04-82-13", "048\N{NO-BREAK SPACE}213"])
def test_the_right_code_makes_the_account_active(code_sent, ask, see, insurer, typed):
    """Rows S58, S59: copied with its spaces too; the personal space says that it is created."""
    page = ask(CODE, code=typed)

    assert page.leads_to == "/mon-compte"
    assert insurer.heard("/sign-ins/code") == [{"challenge": "challenge-1", "code": "048213"}]
    assert "Votre compte est créé" in see("/mon-compte").words
    assert see(CODE).leads_to == PATH


@pytest.mark.parametrize(
    ("left", "said"),
    [(2, "Il vous reste deux essais."), (1, "Il vous reste un essai.")],
)
def test_a_wrong_code_says_how_many_tries_are_left(code_sent, ask, insurer, left, said):
    """The code is not written back."""
    insurer.answers["/sign-ins/code"] = {"result": "wrong", "left": left}
    page = ask(CODE, code="123456")

    assert page.status == 422
    assert page.fault("code") == f"Ce n'est pas le bon code. {said}"
    assert "123456" not in page.source
    assert "autofocus" in page.control("code")


@pytest.mark.parametrize("answer", [{"result": "dead"}, {"result": "wrong", "left": 0}])
def test_a_dead_code_asks_for_another(code_sent, ask, insurer, answer):
    """Three wrong ones, or ten minutes: the page says so and the button stands below."""
    insurer.answers["/sign-ins/code"] = answer
    page = ask(CODE, code="123456")

    assert page.status == 403
    assert "Ce code n'est plus valable." in page.words
    assert 'data-testid="code-ask-again"' in page.source


def test_another_code_makes_the_first_one_void(code_sent, client, see, ask, insurer):
    """Only the last one counts, and the page says that it was sent."""
    page = see(CODE)
    form = {"csrf_token": page.csrf, "request_key": page.key}
    again = client.post("/connexion/code/nouveau", data=form)
    assert again.headers["Location"] == f"{CODE}?envoye=1"
    assert "Un nouveau code vient d'être envoyé." in see(again.headers["Location"]).words
    ask(CODE, code="048213")

    assert insurer.heard("/sign-ins/code")[-1]["challenge"] == "challenge-2"


def test_asking_twice_by_a_double_click_sends_one_code(code_sent, client, see, insurer):
    """Both clicks carry one key."""
    page = see(CODE)
    form = {"csrf_token": page.csrf, "request_key": page.key}
    cookie = client.get_cookie("passerelle_portal_forms").value
    client.post("/connexion/code/nouveau", data=form)
    client.set_cookie("passerelle_portal_forms", cookie)
    client.post("/connexion/code/nouveau", data=form)

    assert insurer.done["/sign-ins/code/again"] == 1


def test_a_password_proven_too_long_ago_is_asked_for_again(code_sent, client, see, insurer):
    """No more codes for this challenge: back to the two fields, with the reason."""
    insurer.answers["/sign-ins/code/again"] = {"result": "dead"}
    page = see(CODE)
    form = {"csrf_token": page.csrf, "request_key": page.key}
    answer = client.post("/connexion/code/nouveau", data=form)

    assert answer.status_code == 403
    assert "Saisissez à nouveau votre numéro et votre mot de passe." in answer.text
    assert see(CODE).leads_to == PATH


@pytest.mark.parametrize("path", [CODE, "/connexion/code/nouveau"])
def test_nobody_types_a_code_that_was_not_asked_for(client, see, insurer, path):
    """Row 45: a step proves its own fact; without a challenge it leads to the beginning."""
    page = see(PATH)
    answer = client.post(path, data={"csrf_token": page.csrf, "code": "048213"})

    assert answer.headers["Location"] == PATH
    assert see(CODE).leads_to == PATH
    assert insurer.calls == []


def test_another_browser_cannot_use_the_challenge(code_sent, place, insurer):
    """Row 24: the challenge is in the browser that typed the password."""
    assert place[0].test_client().get(CODE).headers["Location"] == PATH


def test_an_empty_code_costs_no_try(code_sent, ask, insurer):
    """Nothing is sent."""
    assert ask(CODE, code=" ").fault("code") == "Écrivez le code reçu."
    assert insurer.heard("/sign-ins/code") == []


@pytest.mark.parametrize("path", ["/sign-ins/code", "/sign-ins/code/again"])
def test_a_limit_on_codes_shows_the_time_to_wait(code_sent, client, see, insurer, path):
    """The page of the code, with the time."""
    insurer.status[path] = ("{}", 429, {"Retry-After": "600"})
    page = see(CODE)
    where = CODE if path.endswith("code") else "/connexion/code/nouveau"
    form = {"csrf_token": page.csrf, "request_key": page.key, "code": "048213"}
    answer = client.post(where, data=form)

    assert answer.status_code == 429
    assert "attendez 10 minutes" in answer.text


def test_signing_out_says_so(ask, client, see, insurer):
    """Row S134: no session at the broker to end; the first page says that one is out."""
    ask(PATH, **CLAIRE)
    page = see("/mon-compte")
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.source)[1]
    answer = client.post("/deconnexion", data={"csrf_token": token})
    where = answer.headers["Location"]

    assert where.startswith("/?state=")
    assert see(where).leads_to == "/"
    assert "Vous êtes déconnecté" in see("/").words
    assert "Vous êtes déconnecté" not in see("/").words
    assert see("/mon-compte").leads_to == PATH


def test_nothing_secret_reaches_the_logs(code_sent, ask, insurer, no_secret_in_logs):
    """Row 44: neither number, password, code nor challenge."""
    no_secret_in_logs.never("2850369383001", "Bleu!Tulipe42", "048213", "challenge-1")
    insurer.status["/sign-ins"] = ("{}", 503)
    ask(PATH, **CLAIRE)
    ask(CODE, code="048213")
