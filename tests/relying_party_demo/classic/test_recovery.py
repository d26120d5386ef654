"""A forgotten password: the same answer for everybody, a code that pastes, a new password."""

import pytest

PATH, CODE = "/code-personnel-oublie", "/code-personnel-oublie/code"
CLAIRE = {"nir": "285036938300183", "birthdate": "27/03/1985", "channel": "email"}
NEW = {"code": "7KMP4QXW", "password": "Vert!Muguet77"}


@pytest.fixture
def asked(ask):
    """Claire asked for a code by e-mail."""
    return ask(PATH, **CLAIRE)


def test_number_birth_date_and_channel_are_asked_for(see):
    """Rows S86-S90, S173, X6: two fields and a choice of two ways."""
    page = see(PATH)

    assert page.h1 == "J'ai oublié mon code personnel"
    assert page.control("nir")["autocomplete"] == "username"
    assert page.control("birthdate")["autocomplete"] == "bday"
    assert "Par e-mail, à l'adresse de votre compte" in page.words
    assert "Par SMS, si un numéro de mobile est dans votre dossier" in page.words


@pytest.mark.parametrize("channel", ["email", "sms"])
def test_a_code_is_asked_for_by_the_chosen_way(ask, see, insurer, channel):
    """Rows S89, S90: and the next page says by which way it comes."""
    page = ask(PATH, **{**CLAIRE, "channel": channel})
    after = see(page.leads_to)

    assert page.status == 303
    assert insurer.heard("/recoveries") == [
        {
            "nir": "285036938300183",
            "birthdate": "1985-03-27",
            "channel": channel,
            "origin": "127.0.0.1",
            "language": "fr",
        }
    ]
    assert ("par SMS" in after.words.split("valable 24 heures")[0]) is (channel == "sms")


@pytest.mark.parametrize("channel", ["", "pigeon", None])
def test_a_way_that_does_not_exist_is_the_mailbox(ask, insurer, channel):
    """A form from an old page, or a hand: the first way."""
    fields = {
        name: value for name, value in {**CLAIRE, "channel": channel}.items() if value is not None
    }
    ask(PATH, **fields)

    assert insurer.heard("/recoveries")[0]["channel"] == "email"


def test_the_answer_does_not_say_whether_there_is_an_account(asked, see):
    """Rows S92, S93, X10: "if", under five minutes, 24 hours."""
    page = see(asked.leads_to)

    assert "Si ce numéro et cette date de naissance sont ceux d'un compte" in page.words
    assert "un code part par e-mail. Il arrive" in page.words
    assert "moins de 5 minutes" in page.words
    assert "valable 24 heures" in page.words


def test_what_to_do_when_nothing_arrives_is_on_the_page(asked, see):
    """Rows S94-S101: unwanted mail, address, mobile, last code, 36 46, post, appointment."""
    words = see(asked.leads_to).words

    for text in (
        "Regardez dans les courriers indésirables.",
        "Vérifiez que l'adresse e-mail de votre compte est toujours la vôtre.",
        "Votre numéro de mobile a changé ? Appelez le 36 46 : un conseiller le met à jour.",
        "Seul le dernier est valable",
        "du lundi au vendredi, de 8 h 30 à 17 h 30",
        "par courrier, en 5 à 7 jours ouvrés",
        "avec votre carte Vitale et une pièce d'identité",
    ):
        assert text in words


@pytest.mark.parametrize(
    ("fields", "name", "said"),
    [
        ({"nir": ""}, "nir", "Écrivez votre numéro de sécurité sociale."),
        ({"nir": "285036938300184"}, "nir", "Un chiffre au moins est faux"),
        ({"nir": "2850"}, "nir", "Ce n'est pas un numéro de sécurité sociale"),
        ({"birthdate": ""}, "birthdate", "Écrivez votre date de naissance."),
        ({"birthdate": "27/13/1985"}, "birthdate", "Ce n'est pas une date."),
    ],
)
def test_a_fault_of_form_is_told_beside_its_field(ask, insurer, fields, name, said):
    """Nothing is sent, what was typed is kept."""
    page = ask(PATH, **{**CLAIRE, **fields})

    assert page.status == 422
    assert page.title.startswith("Erreur : ")
    assert page.fault(name).startswith(said)
    assert insurer.calls == []


@pytest.mark.parametrize(
    ("reason", "name"),
    [("nir_key", "nir"), ("nir_form", "nir"), ("birthdate", "birthdate"), ("other", "nir")],
)
def test_a_fault_of_form_that_the_insurer_finds_is_told_in_the_same_way(ask, insurer, reason, name):
    """A date in the future, for instance."""
    insurer.answers["/recoveries"] = {"result": "refused", "reason": reason}
    page = ask(PATH, **CLAIRE)

    assert page.status == 422
    assert page.fault(name)


def test_a_limit_shows_the_time_to_wait(ask, insurer):
    """Three an hour, five a day: how long."""
    insurer.status[PATHS[0]] = ("{}", 429, {"Retry-After": "1800"})
    page = ask(PATH, **CLAIRE)

    assert page.status == 429
    assert "attendez 30 minutes" in page.words


PATHS = ("/recoveries", "/recoveries/code")


def test_code_and_password_change_the_password(asked, ask, see, insurer):
    """Row S91, X13: the code, then a password; if there was another one, it is void."""
    page = ask(CODE, **NEW)
    assert page.leads_to == "/code-personnel-oublie/termine"
    after = see(page.leads_to)

    assert after.h1 == "Votre mot de passe est enregistré"
    assert "Votre ancien mot de passe, si vous en aviez un, ne marche plus." in after.words
    assert "appelez le 36 46 sans attendre" in after.words
    assert insurer.heard("/recoveries/code") == [{"recovery": "recovery-1", **NEW}]
    assert see(CODE).leads_to == PATH


def test_the_page_does_not_say_that_there_was_a_password(asked, see):
    """X10, X13: whoever came through a provider has none yet, and nobody is told which it is."""
    page = see(asked.leads_to)

    assert page.h1 == "Choisissez votre mot de passe"
    assert "nouveau mot de passe" not in page.words
    assert "Enregistrer ce mot de passe" in page.words


@pytest.mark.parametrize("typed", ["7kmp4qxw", " 7KMP-4QXW ", "7KMP 4QXW\n", "7kmp.4qxw"])
def test_a_code_may_be_pasted_as_it_comes(asked, ask, insurer, typed):
    """Rows S114, S117: spaces, hyphens and small letters do not matter."""
    ask(CODE, code=typed, password=NEW["password"])

    assert insurer.heard("/recoveries/code")[0]["code"] == "7KMP4QXW"


def test_a_wrong_code_is_told_in_the_words_of_the_guide(asked, ask, insurer):
    """Rows S111-S117, S174: the message, its causes, its remedies, and the form to try again."""
    insurer.answers["/recoveries/code"] = {"result": "wrong"}
    page = ask(CODE, **NEW)

    assert (page.status, page.h1) == (403, "Code provisoire invalide ou expiré")
    assert page.title.startswith("Erreur : Code provisoire invalide ou expiré")
    for text in (
        "Vous avez demandé plusieurs codes : seul le dernier est valable.",
        "Le code a plus de 24 heures.",
        "0 et O, 1 et I se ressemblent",
        "Utilisez uniquement le dernier code reçu.",
        "Copiez-collez-le depuis le message",
        "Demandez un nouveau code.",
    ):
        assert text in page.words
    assert "7KMP4QXW" not in page.source
    assert NEW["password"] not in page.source
    assert 'name="code"' in page.source


def test_a_refused_password_names_the_rules_it_breaks(asked, ask, insurer):
    """Rows S51-S54: the code has not been spent, and neither is written back."""
    insurer.answers["/recoveries/code"] = {"result": "password", "faults": ["digit", "special"]}
    page = ask(CODE, **NEW)

    assert page.status == 422
    assert page.fault("password") == (
        "Ce mot de passe est refusé. Règles non respectées : un chiffre, un caractère spécial "
        "(! @ # par exemple)."
    )
    assert "7KMP4QXW" not in page.source


@pytest.mark.parametrize(
    ("fields", "name", "said"),
    [
        ({"code": ""}, "code", "Écrivez le code reçu."),
        ({"password": ""}, "password", "Choisissez un mot de passe."),
        ({"code": "x" * 61}, "code", "C'est trop long."),
    ],
)
def test_an_empty_field_costs_no_try(asked, ask, insurer, fields, name, said):
    """Told beside it."""
    page = ask(CODE, **{**NEW, **fields})

    assert page.fault(name) == said
    assert insurer.heard("/recoveries/code") == []


def test_nobody_types_a_code_that_was_not_asked_for(client, see, insurer):
    """Row 45: without a request in this browser the step leads to the beginning."""
    page = see(PATH)
    answer = client.post(CODE, data={"csrf_token": page.csrf, **NEW})

    assert answer.headers["Location"] == PATH
    assert see(CODE).leads_to == PATH
    assert insurer.calls == []


def test_a_double_click_asks_once_and_changes_once(client, see, insurer):
    """One code sent, one password changed."""
    page = see(PATH)
    form = {"csrf_token": page.csrf, "request_key": page.key, **CLAIRE}
    for _ in range(2):
        client.post(PATH, data=form)
    page = see(CODE)
    cookie = client.get_cookie("passerelle_portal_forms").value
    form = {"csrf_token": page.csrf, "request_key": page.key, **NEW}
    places = []
    for _ in range(2):
        client.set_cookie("passerelle_portal_forms", cookie)
        places.append(client.post(CODE, data=form).headers["Location"])

    assert (insurer.done["/recoveries"], insurer.done["/recoveries/code"]) == (1, 1)
    assert set(places) == {"/code-personnel-oublie/termine"}


@pytest.mark.parametrize("path", PATHS)
def test_an_insurer_that_is_away_loses_nothing(asked, ask, insurer, path):
    """The page says so, and the same button may be pressed again."""
    insurer.status[path] = ("{}", 503)
    page = ask(PATH, **CLAIRE) if path == PATHS[0] else ask(CODE, **NEW)

    assert page.status == 503
    assert "Rien n'est perdu" in page.words


def test_nothing_secret_reaches_the_logs(asked, ask, insurer, no_secret_in_logs):
    """Row 44: neither number, code, password nor what goes with the code."""
    no_secret_in_logs.never("2850369383001", "7KMP4QXW", NEW["password"], "recovery-1")
    insurer.status["/recoveries/code"] = ("{}", 503)
    ask(CODE, **NEW)
    insurer.status.clear()
    ask(CODE, **NEW)
