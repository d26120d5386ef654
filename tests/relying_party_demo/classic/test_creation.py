"""The form of creation: every fault beside its field, every refusal with its remedy, no doubles."""

import re

import pytest

PATH = "/creer-un-compte"
SENT = "/creer-un-compte/e-mail-envoye"
CLAIRE = {
    "birth_name": "Durand",
    "nir": "2 85 03 69 383 001 83",
    "birthdate": "27/03/1985",
    "postal_code": "69003",
    "iban": "FR76 3000 6000 0112 3456 7890 189",
    "email": "claire@exemple.fr",
}
FIELDS = {
    "birth_name": ("Nom de naissance", "family-name"),
    "nir": ("Numéro de sécurité sociale", "off"),
    "birthdate": ("Date de naissance", "bday"),
    "postal_code": ("Code postal", "postal-code"),
    "iban": ("IBAN", "off"),
    "email": ("Adresse e-mail personnelle", "email"),
}


@pytest.mark.parametrize(("name", "label", "token"), [(n, *about) for n, about in FIELDS.items()])
def test_each_of_the_six_fields_has_its_label_its_hint_and_its_token(see, name, label, token):
    """Rows S40-S45: the six fields of the guide (X1), each told how to be filled."""
    page = see(PATH)
    control = page.control(name)

    assert f'<label for="{name}">{label}</label>' in page.source
    assert control["autocomplete"] == token
    assert f'id="{name}-hint"' in page.source
    assert control["aria-describedby"].split() == [f"{name}-hint"]


def test_the_form_says_where_everything_is(see):
    """Rows S22-S30: where to find each detail, and what to check first."""
    words = see(PATH).words

    for text in (
        "15 chiffres avec la clé. Il est sur votre carte Vitale et sur vos attestations de droits",
        "Celui de votre acte de naissance, et non un nom d'usage ou un nom marital",
        "Celui que votre caisse (CPAM) connaît",
        "Celui du compte où vous êtes remboursé",
        "Évitez les adresses temporaires",
        "Essayez d'abord de vous connecter",
        "à partir de 16 ans",
        "2 à 3 jours ouvrés (48 à 72 h)",
        "5 à 10 minutes",
        "une adresse e-mail à lui ; le RIB peut être le même",
    ):
        assert text in words


def test_a_good_form_sends_a_mail_and_says_what_comes_next(ask, see, insurer):
    """Rows S47-S49: within minutes, from the official address, a link valid for 48 hours."""
    page = ask(PATH, **CLAIRE)
    assert (page.status, page.leads_to) == (303, SENT)
    after = see(SENT)

    assert "Nous avons envoyé un e-mail à claire@exemple.fr." in after.words
    assert "no-reply@ameli.fr" in after.words
    assert "dans les 48 heures" in after.words
    assert "claire@exemple.fr. Il arrive en quelques minutes." in after.words
    assert insurer.heard("/creations") == [
        {
            "birth_name": "Durand",
            "nir": "285036938300183",
            "birthdate": "1985-03-27",
            "postal_code": "69003",
            "iban": "FR7630006000011234567890189",
            "email": "claire@exemple.fr",
            "origin": "127.0.0.1",
            "language": "fr",
        }
    ]


def test_the_address_is_shown_once_only(ask, see):
    """On a shared computer the next one who opens the page does not read it."""
    ask(PATH, **CLAIRE)
    see(SENT)

    assert "claire@exemple.fr" not in see(SENT).source
    assert "à l'adresse que vous avez donnée" in see(SENT).words


def test_the_mail_is_in_the_language_of_the_page(ask, see, insurer):
    """Who reads English is written to in English."""
    see("/?lang=en")
    ask(PATH, **CLAIRE)

    assert insurer.heard("/creations")[0]["language"] == "en"


# --- what is wrong with the form -----------------------------------------------------------------

WRONG = [
    ("birth_name", "", "Écrivez votre nom de naissance."),
    ("birth_name", "   ", "Écrivez votre nom de naissance."),
    ("birth_name", "x" * 255, "C'est trop long."),
    ("nir", "", "Écrivez votre numéro de sécurité sociale."),
    ("nir", "2 85 03 69 383 001 84", "Un chiffre au moins est faux"),
    ("nir", "2 85 03 69 383 002 83", "Un chiffre au moins est faux"),
    ("nir", "2850369383001", "Il manque la clé : ce sont les 2 derniers chiffres de votre carte"),
    ("nir", "2 80 05 2a 004 910", "Il manque la clé"),
    ("nir", "28503693830015", "Ce n'est pas un numéro de sécurité sociale"),
    ("nir", "claire", "Ce n'est pas un numéro de sécurité sociale"),
    ("nir", "585036938300183", "Ce n'est pas un numéro de sécurité sociale"),
    ("birthdate", "", "Écrivez votre date de naissance."),
    ("birthdate", "31/02/1985", "Ce n'est pas une date."),
    ("birthdate", "1985", "Ce n'est pas une date."),
    ("birthdate", "1985-03-27", "Ce n'est pas une date."),
    ("postal_code", "", "Écrivez votre code postal."),
    ("postal_code", "6900", "Un code postal a 5 chiffres."),
    ("postal_code", "69OO3", "Un code postal a 5 chiffres."),
    ("iban", "", "Écrivez votre IBAN."),
    ("iban", "FR76 3000 6000 0112 3456 7890 188", "Ce n'est pas un IBAN"),
    ("iban", "FR76", "Ce n'est pas un IBAN"),
    ("email", "", "Écrivez votre adresse e-mail."),
    ("email", "claire", "Ce n'est pas une adresse e-mail."),
    ("email", "claire@", "Ce n'est pas une adresse e-mail."),
]


@pytest.mark.parametrize(("name", "value", "said"), WRONG)
def test_a_fault_is_told_beside_its_field_and_nothing_is_asked(ask, insurer, name, value, said):
    """
    Rows S41-S46, X11: what cannot be right is told at once, a typing error in the number apart.

    The field is tied to its fault, has the focus, and the others keep what was typed.
    """
    page = ask(PATH, **{**CLAIRE, name: value})
    control = page.control(name)

    assert page.status == 422
    assert page.title.startswith("Erreur : ")
    assert page.fault(name).startswith(said)
    assert control["aria-invalid"] == "true"
    assert f"{name}-fault" in control["aria-describedby"].split()
    assert "autofocus" in control
    assert f'href="#{name}"' in page.source
    kept = {other: page.control(other)["value"] for other in CLAIRE if other != name}
    assert kept == {other: value for other, value in CLAIRE.items() if other != name}
    assert insurer.calls == []


def test_every_fault_is_told_at_once_and_the_first_has_the_focus(ask):
    """Nobody corrects one field to learn of the next."""
    page = ask(PATH, birth_name="Durand", nir="1", birthdate="2", iban="3", email="4")
    faulty = ["nir", "birthdate", "postal_code", "iban", "email"]

    assert re.findall(r'data-testid="fault-(\w+)"', page.source) == faulty
    assert [name for name in CLAIRE if "autofocus" in page.control(name)] == ["nir"]
    assert "Des réponses sont à corriger :" in page.words


@pytest.mark.parametrize(
    ("name", "typed", "read"),
    [
        ("birthdate", "27 03 1985", "1985-03-27"),
        ("birthdate", "27031985", "1985-03-27"),
        ("birthdate", "27-3-1985", "1985-03-27"),
        ("birthdate", " 27.03.1985 ", "1985-03-27"),
        ("birthdate", "00/00/1948", "1948-00-00"),
        ("birthdate", "00/05/1972", "1972-05-00"),
        ("nir", "285036938300183", "285036938300183"),
        ("nir", "2-85-03-69-383-001-83", "285036938300183"),
        ("nir", "1 80 05 2a 004 910 96", "180052A00491096"),
        ("iban", "fr7630006000011234567890189", "FR7630006000011234567890189"),
        ("iban", "DE89 3704 0044 0532 0130 00", "DE89370400440532013000"),
        ("email", " Claire@Exemple.fr ", "Claire@Exemple.fr"),
        ("birth_name", "  D'Œuvrecay ", "D'Œuvrecay"),
    ],
)
def test_what_people_type_is_understood(ask, insurer, name, typed, read):
    """Rows S28, S41, S42: spaces, hyphens, capitals, and how a date is written do not matter."""
    page = ask(PATH, **{**CLAIRE, name: typed})

    assert page.status == 303, page.words
    assert insurer.heard("/creations")[0][name] == read


@pytest.mark.parametrize(
    ("reason", "name"),
    [
        ("nir_key", "nir"),
        ("nir_form", "nir"),
        ("birthdate", "birthdate"),
        ("postal_code", "postal_code"),
        ("iban_form", "iban"),
        ("email_form", "email"),
    ],
)
def test_a_fault_that_the_insurer_finds_stands_beside_its_field(ask, insurer, reason, name):
    """The insurer is stricter than the page in places: its answer is told in the same way."""
    insurer.answers["/creations"] = {"result": "refused", "reason": reason}
    page = ask(PATH, **CLAIRE)

    assert page.status == 422
    assert page.fault(name)


# --- the refusals --------------------------------------------------------------------------------

REFUSALS = {
    "not_matching": (
        "Votre situation ne permet pas la création d'un compte",
        "Une information n'est pas celle de votre dossier.",
        "Le nom de naissance est écrit autrement : particule, trait d'union, accent.",
        "Vous avez déménagé récemment, et votre code postal n'est plus le bon.",
        "Votre RIB n'est pas enregistré, ou vous l'avez changé il y a peu.",
        "Vérifiez votre nom sur votre acte de naissance",
        "Vérifiez que le code postal est celui que vous avez déclaré à votre caisse (CPAM).",
        "Votre RIB a changé récemment ? Attendez 2 à 3 jours ouvrés, puis réessayez.",
        "Contactez votre caisse (CPAM) au 36 46 : un conseiller vérifie votre dossier.",
        "Neuf échecs sur dix viennent de trois informations : le nom de naissance, le code postal",
    ),
    "iban_unknown": (
        "RIB non reconnu par le système",
        "Votre nouveau compte bancaire n'est pas encore enregistré.",
        "Une erreur a été faite quand ce RIB a été déclaré à votre caisse (CPAM).",
        "Vous l'avez donné il y a quelques jours, et son traitement est en cours.",
        "Patientez 48 à 72 h avant de créer le compte.",
        "Cherchez sur vos relevés de banque le compte où arrivent nos remboursements",
        "Appelez le 36 46 pour savoir quel RIB figure dans votre dossier.",
    ),
    "email_used": (
        "Adresse e-mail déjà utilisée",
        "un compte Ameli existe déjà avec cette adresse e-mail",
        "Connectez-vous, ou demandez un nouveau mot de passe.",
        "Vous êtes certain de n'avoir jamais créé de compte ? Prévenez l'assurance maladie",
        "quelqu'un utilise peut-être votre identité",
    ),
    "deceased": ("Nous avons besoin de vous parler", "Un conseiller regardera ce dossier"),
    "no_rights": ("Vos droits ne sont pas ouverts chez nous", "comment rouvrir vos droits"),
    "temporary_number": (
        "Votre numéro de sécurité sociale est encore provisoire",
        "vos soins sont pris en charge avec le numéro que vous avez",
    ),
}


@pytest.mark.parametrize("reason", REFUSALS)
def test_a_refusal_says_what_happened_why_and_what_to_do(ask, insurer, reason):
    """Rows S102-S110, S118-S128: the words of the guide, its causes and its remedies."""
    insurer.answers["/creations"] = {"result": "refused", "reason": reason}
    page = ask(PATH, **CLAIRE)
    title, *said = REFUSALS[reason]

    assert (page.status, page.h1) == (403, title)
    assert page.title.startswith(f"Erreur : {title}")
    for sentence in said:
        assert sentence in page.words
    assert "36 46" in page.words


@pytest.mark.parametrize("reason", REFUSALS)
def test_a_refusal_offers_to_sign_in_to_whoever_may_have_an_account(ask, insurer, reason):
    """Row S127: somebody who was recognised and has none is not sent to look for one."""
    insurer.answers["/creations"] = {"result": "refused", "reason": reason}
    page = ask(PATH, **CLAIRE)

    may_have_one = reason in {"not_matching", "email_used"}
    assert ('href="/code-personnel-oublie"' in page.source) == may_have_one
    assert (">Se connecter<" in page.source) == may_have_one


def test_a_mismatch_does_not_tell_which_detail_was_right(ask, insurer):
    """X10: one text for every difference; no field is marked, and the text names no fault."""
    insurer.answers["/creations"] = {"result": "refused", "reason": "not_matching"}
    page = ask(PATH, **CLAIRE)

    assert "fault-" not in page.source
    assert "aria-invalid" not in page.source


def test_a_mismatch_is_true_of_whoever_has_an_account_already(ask, insurer):
    """X2, X10: the text says both that may be, and that the holder of an account is written to."""
    insurer.answers["/creations"] = {"result": "refused", "reason": "not_matching"}
    words = ask(PATH, **CLAIRE).words

    assert "Aucun compte n'a été créé. Soit une information" in words
    assert "soit vous avez déjà un compte." in words
    assert "S'il y en a un, nous écrivons à l'adresse e-mail de ce compte" in words
    assert "Ce que vous avez saisi n'est pas" not in words


@pytest.mark.parametrize("reason", ["not_matching", "iban_unknown", "email_used"])
def test_what_was_typed_stands_under_the_refusal_to_be_corrected(ask, insurer, reason):
    """Nothing has to be typed again but what was wrong."""
    insurer.answers["/creations"] = {"result": "refused", "reason": reason}
    page = ask(PATH, **CLAIRE)

    assert {name: page.control(name)["value"] for name in CLAIRE} == CLAIRE
    assert "Corriger et envoyer à nouveau" in page.words


@pytest.mark.parametrize("reason", ["iban_pending", "under_16", "deceased", "temporary_number"])
def test_what_cannot_be_corrected_has_no_form(ask, insurer, reason):
    """A form that would be refused again is no help."""
    insurer.answers["/creations"] = {"result": "refused", "reason": reason}

    assert 'name="iban"' not in ask(PATH, **CLAIRE).source


def test_a_recent_iban_says_from_which_day(ask, insurer):
    """Rows S109, S121, S122, S176, X3: 2 to 3 working days, and the very day."""
    insurer.answers["/creations"] = {
        "result": "refused",
        "reason": "iban_pending",
        "usable_on": "2026-12-01",
    }
    page = ask(PATH, **CLAIRE)

    assert page.h1 == "RIB non reconnu par le système"
    assert "2 à 3 jours ouvrés (48 à 72 h)" in page.words
    assert "Vous pourrez créer votre compte à partir du mardi 1er décembre 2026" in page.words


def test_under_sixteen_says_from_which_day(ask, insurer):
    """Rows S83-S85: not before the birthday, and where the reimbursements are shown until then."""
    insurer.answers["/creations"] = {
        "result": "refused",
        "reason": "under_16",
        "from": "2027-01-04",
    }
    page = ask(PATH, **CLAIRE)

    assert page.h1 == "Un compte personnel s'ouvre à partir de 16 ans"
    assert "le compte du parent de rattachement" in page.words
    assert "à partir du lundi 4 janvier 2027, le jour même de l'anniversaire" in page.words


def test_a_reason_added_later_is_read_as_a_mismatch(ask, insurer):
    """An insurer that knows more than this portal breaks no page."""
    insurer.answers["/creations"] = {"result": "refused", "reason": "invented-since"}

    assert ask(PATH, **CLAIRE).h1 == "Votre situation ne permet pas la création d'un compte"


# --- nothing twice, nothing lost ------------------------------------------------------------------


def test_a_double_click_creates_once(client, ask, see, insurer):
    """The same form sent twice is one request for the insurer, and one answer for the person."""
    page = see(PATH)
    form = {"csrf_token": page.csrf, "request_key": page.key, **CLAIRE}
    answers = [client.post(PATH, data=form) for _ in range(3)]

    assert {answer.headers["Location"] for answer in answers} == {SENT}
    assert insurer.done["/creations"] == 1
    assert len({key for _, _, key in insurer.calls}) == 1


def test_a_corrected_form_asks_anew_even_after_back(client, see, insurer):
    """Back shows the old form with its old key: another content is another request."""
    page = see(PATH)
    form = {"csrf_token": page.csrf, "request_key": page.key, **CLAIRE}
    client.post(PATH, data=form)
    client.post(PATH, data={**form, "postal_code": "69001"})

    assert insurer.done["/creations"] == 2


def test_two_forms_ask_twice(ask, insurer):
    """Who fills the form again an hour later gets another mail."""
    ask(PATH, **CLAIRE)
    ask(PATH, **CLAIRE)

    assert insurer.done["/creations"] == 2


def test_a_refused_form_sent_again_unchanged_asks_anew(client, ask, insurer):
    """After the wait of a new IBAN the same details are looked at again."""
    insurer.answers["/creations"] = {"result": "refused", "reason": "iban_unknown"}
    page = ask(PATH, **CLAIRE)
    insurer.answers.clear()
    again = {name: page.control(name)["value"] for name in CLAIRE}
    answer = client.post(PATH, data={"csrf_token": page.csrf, "request_key": page.key, **again})

    assert answer.headers["Location"] == SENT


TROUBLES = [500, 502, 503, 400, 403, 404, 422]


@pytest.mark.parametrize("status", TROUBLES)
def test_an_insurer_that_does_not_answer_loses_nothing(ask, insurer, status):
    """The page says so, keeps every field, and the same button asks for the same thing once."""
    insurer.status["/creations"] = ("{}", status)
    page = ask(PATH, **CLAIRE)

    assert page.status == 503
    assert page.title.startswith("Erreur : ")
    assert "Rien n'est perdu et rien n'a été fait à moitié." in page.words
    assert {name: page.control(name)["value"] for name in CLAIRE} == CLAIRE


def test_an_answer_lost_on_its_way_is_asked_for_with_the_same_key(client, ask, insurer):
    """The line breaks: the same button sends the same key, by which the insurer knows it again."""
    first = ask(PATH, **CLAIRE)
    assert first.status == 303
    insurer.status["/creations"] = ("{}", 503)
    page = ask(PATH, **CLAIRE)
    insurer.status.clear()
    form = {"csrf_token": page.csrf, "request_key": page.key, **CLAIRE}
    answer = client.post(PATH, data=form)

    assert answer.status_code == 303
    keys = [key for _, _, key in insurer.calls]
    assert keys[1] == keys[2] != keys[0]


def test_a_broker_that_is_away_loses_nothing_either(client, see, insurer):
    """The same when there is nobody at the other end at all."""
    page = see(PATH)
    insurer.broker.away = True
    form = {"csrf_token": page.csrf, "request_key": page.key, **CLAIRE}

    assert client.post(PATH, data=form).status_code == 503


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        ("720", "attendez 12 minutes"),
        ("61", "attendez 2 minutes"),
        ("60", "attendez une minute"),
        ("1", "attendez une minute"),
        ("soon", "attendez une minute"),
    ],
)
def test_a_limit_shows_the_time_to_wait(ask, insurer, seconds, said):
    """How long, and until when, in Paris time; what was typed is kept."""
    insurer.status["/creations"] = ('{"error":"too_many"}', 429, {"Retry-After": seconds})
    page = ask(PATH, **CLAIRE)

    assert page.status == 429
    assert said in page.words
    assert "à partir de 12:" in page.words
    assert page.control("email")["value"] == "claire@exemple.fr"


# --- hostile hands -------------------------------------------------------------------------------


def test_a_form_from_elsewhere_asks_nothing(client, insurer):
    """Row 32: without the token of the page nothing is sent."""
    answer = client.post(PATH, data=CLAIRE)

    assert answer.status_code == 400
    assert insurer.calls == []


@pytest.mark.parametrize("name", CLAIRE)
def test_what_was_typed_is_only_text(ask, name):
    """Row 14: a field that is shown again is escaped."""
    page = ask(PATH, **{**CLAIRE, "nir": "1", name: '"><script>alert(1)</script>'})

    assert "<script>alert" not in page.source


@pytest.mark.parametrize("value", ["\x00", "é" * 200, "٢٨٥٠٣٦٩٣٨٣٠٠١٥٥", "2" * 100_00, "🙂"])
@pytest.mark.parametrize("name", CLAIRE)
def test_no_field_breaks_the_page(ask, name, value):
    """Never a 5xx from what is typed; only sound values reach the insurer."""
    assert ask(PATH, **{**CLAIRE, name: value}).status in {303, 422}


def test_a_form_without_its_key_is_answered_all_the_same(ask, insurer):
    """An old page, or a hand that removes the key: one request, nothing breaks."""
    assert ask(PATH, **{**CLAIRE, "request_key": ""}).status == 303
    assert insurer.done["/creations"] == 1


def test_nothing_that_was_typed_reaches_the_logs(ask, insurer, no_secret_in_logs):
    """Row 44: neither name nor number, IBAN or address, whatever the answer."""
    no_secret_in_logs.never("Durand", "285036938300183", "FR76300060", "claire@exemple.fr", "69003")
    ask(PATH, **CLAIRE)
    insurer.status["/creations"] = ("{}", 503)
    ask(PATH, **CLAIRE)
    ask(PATH, **{**CLAIRE, "nir": "2 85 03 69 383 001 84"})
