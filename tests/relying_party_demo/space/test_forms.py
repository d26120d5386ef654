"""What a person can do: cards, changes, messages, alerts; checked, told once, done once."""

import re

import pytest

from tests.space_answers import MESSAGE, ORDER, refusal

ADDRESS = {"street": "12 rue des Lilas", "postal_code": "69003", "city": "Lyon"}
IBAN = "FR76 3000 6000 0112 3456 7890 189"
CHANGES = [
    ("adresse", ADDRESS, {"kind": "address", **ADDRESS}),
    ("rib", {"iban": IBAN}, {"kind": "bank", "iban": IBAN.replace(" ", "")}),
    ("rib", {"iban": IBAN.lower()}, {"kind": "bank", "iban": IBAN.replace(" ", "")}),
    ("medecin", {"name": " Dr Lenoir ", "city": "Lyon"}, None),
    ("caisse", {"fund": "CPAM de Paris"}, {"kind": "fund", "fund": "CPAM de Paris"}),
]


@pytest.mark.parametrize("reason", ["loss", "deterioration"])
def test_a_card_is_ordered_for_two_reasons(member, reason):
    """S16, S158: one choice, one button, and then the state of the order."""
    answer = member.send("/mon-compte/carte", {"reason": reason})

    assert (answer.status_code, answer.headers["Location"]) == (303, "/mon-compte/carte")
    ((_query, body, _key),) = member.asked("POST orders")
    assert body == {"reason": reason}


@pytest.mark.parametrize("form", [{}, {"reason": "eaten"}])
def test_a_card_without_a_reason_is_not_ordered(member, form):
    """The page says what is missing, at the top and beside the question."""
    answer = member.send("/mon-compte/carte", form)

    assert answer.status_code == 422
    assert "<title>Erreur" in answer.text
    assert "autofocus" in answer.text
    assert member.asked("POST orders") == []


@pytest.mark.parametrize(
    ("stage", "shown", "button"),
    [
        ("prepared", "en préparation", "cancel-order"),
        ("made", "en fabrication", "received"),
        ("posted", "dans le courrier", "received"),
    ],
)
def test_an_order_shows_how_far_it_came(member, stage, shown, button):
    """No second order meanwhile; each stage has the one button that makes sense."""
    member.broker.space["GET orders"] = {"orders": [{**ORDER, "stage": stage}]}
    source = member.get("/mon-compte/carte").text

    assert f"Votre nouvelle carte est {shown}" in source
    assert 'data-testid="order-card"' not in source
    assert re.findall(r'data-testid="(cancel-order|received)"', source) == [button]
    assert "jeudi 10 décembre 2026" in source


@pytest.mark.parametrize(("end", "outcome"), [("recue", "received"), ("annuler", "cancelled")])
def test_an_order_ends(member, end, outcome):
    """Received or cancelled; an old page that comes too late only shows the state."""
    for answer in ({"outcome": outcome}, refusal("order_too_far")):
        member.broker.space["POST orders/open"] = answer
        sent = member.send(f"/mon-compte/carte/{end}", at="/mon-compte/carte")
        assert (sent.status_code, sent.headers["Location"]) == (303, "/mon-compte/carte")

    assert {body["outcome"] for _q, body, _k in member.asked("POST orders/open")} == {outcome}


def test_a_double_click_is_one_request(member):
    """The same form sent twice has the same key; a corrected one has another."""
    drawn = member.get("/mon-compte/carte").text
    hidden = {
        name: re.search(rf'name="{name}" value="([^"]*)"', drawn)[1]
        for name in ("csrf_token", "request_key")
    }
    for reason in ("loss", "loss", "deterioration"):
        member.visitor.client.post("/mon-compte/carte", data={**hidden, "reason": reason})
    keys = [key for _query, _body, key in member.asked("POST orders")]

    assert keys[0] == keys[1] != keys[2]
    assert all(re.fullmatch(r"[0-9a-f]{64}", key) for key in keys)


def test_a_second_order_elsewhere_ends_on_the_first(member):
    """Another tab was faster: the order that is open is shown."""
    member.broker.space["POST orders"] = refusal("order_open")
    answer = member.send("/mon-compte/carte", {"reason": "loss"})

    assert answer.status_code == 303


@pytest.mark.parametrize(("slug", "form", "sent"), CHANGES)
def test_a_change_is_declared(member, slug, form, sent):
    """S17: the insurer gets what was typed, trimmed; the person reads from when it counts."""
    answer = member.send(f"/mon-compte/changements/{slug}", form)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/mon-compte/changements")
    ((_query, body, _key),) = member.asked("POST declarations")

    assert body["change"] == (sent or {"kind": "doctor", "name": "Dr Lenoir", "city": "Lyon"})
    assert "Il compte à partir du vendredi 27 novembre 2026." in member.page(
        "/mon-compte/changements"
    )


@pytest.mark.parametrize(
    ("slug", "form", "said"),
    [
        ("adresse", {}, "Écrivez le numéro et la rue."),
        ("adresse", {**ADDRESS, "postal_code": "6900"}, "Un code postal a 5 chiffres."),
        ("adresse", {**ADDRESS, "postal_code": "٦٩٠٠٣"}, "Un code postal a 5 chiffres."),
        ("adresse", {**ADDRESS, "city": "x" * 121}, "C'est trop long : 120 caractères au plus."),
        ("rib", {}, "Écrivez votre IBAN."),
        ("rib", {"iban": IBAN.replace("189", "188")}, "Ce n'est pas un IBAN"),
        ("rib", {"iban": "Crédit Agricole"}, "Ce n'est pas un IBAN"),
        ("medecin", {"name": "  ", "city": "Lyon"}, "Écrivez le nom du médecin."),
        ("caisse", {"fund": ""}, "Choisissez une caisse."),
    ],
)
def test_a_fault_is_told_beside_its_field_and_nothing_is_sent(member, slug, form, said):
    """Title, summary, field; what was typed is still there."""
    answer = member.send(f"/mon-compte/changements/{slug}", form)
    source = answer.text.replace("\N{NO-BREAK SPACE}", " ").replace("&#39;", "'")

    assert answer.status_code == 422
    assert source.count(said) >= 2
    assert "<title>Erreur" in source
    assert 'aria-invalid="true"' in source
    assert member.asked("POST declarations") == []
    if form.get("street"):
        assert 'value="12 rue des Lilas"' in source


def test_what_the_insurer_refuses_is_told_beside_its_field(member):
    """A fund that was closed meanwhile, an IBAN it does not take."""
    member.broker.space["POST declarations"] = refusal(
        "invalid_request", "change.fund: must be one of the known funds", 400
    )
    answer = member.send("/mon-compte/changements/caisse", {"fund": "CPAM de Paris"})

    assert answer.status_code == 422
    assert "n'accepte pas cette réponse" in answer.text.replace("&#39;", "'")


def test_the_rib_page_says_how_long_it_takes(member):
    """S109, S133, X3: 2 to 3 working days, and never by e-mail."""
    page = member.page("/mon-compte/changements/rib")

    assert "2 à 3 jours ouvrés (48 à 72 h)" in page
    assert "Nous ne demandons jamais de RIB, ni par e-mail, ni par téléphone" in page


def test_what_was_declared_is_shown_with_its_day(member):
    """S161: what counts now, and what will."""
    when = {"declared_at": "2026-11-20T10:00:00+00:00", "effective_on": "2026-11-27"}
    member.broker.space["GET declarations"]["declared"] = {
        "bank": {"current": {"values": {"end": "0189"}, **when}, "coming": None},
        "address": {"coming": {"values": ADDRESS, **when}},
    }
    page = member.page("/mon-compte/changements")

    assert "IBAN qui se termine par 0189" in page
    assert "12 rue des Lilas, 69003 Lyon : compte à partir du vendredi 27 novembre 2026." in page


def test_an_unknown_change_is_no_page(member):
    """There are four."""
    assert member.get("/mon-compte/changements/nom").status_code == 404


def test_a_message_is_sent_with_its_promise(member):
    """S167-S169: topic, text with its lines, then the days of the answer."""
    answer = member.send("/mon-compte/messages", {"topic": "rights", "text": "Un.\r\n\r\nDeux."})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/mon-compte/messages")
    ((_query, body, _key),) = member.asked("POST messages")

    assert body == {"topic": "rights", "text": "Un.\n\nDeux."}
    page = member.page("/mon-compte/messages")
    assert "Message envoyé. La réponse arrive ici sous 3 à 5 jours ouvrés." in page
    assert "Message envoyé" not in member.page("/mon-compte/messages")
    assert "réponse entre le mercredi 25 novembre 2026 et le vendredi 27 novembre 2026" in page
    assert "3 à 5 jours ouvrés" in page


@pytest.mark.parametrize(
    "form", [{}, {"topic": "rights"}, {"topic": "x", "text": "y"}, {"topic": "rights", "text": " "}]
)
def test_half_a_message_is_not_sent(member, form):
    """Both are needed."""
    assert member.send("/mon-compte/messages", form).status_code == 422
    assert member.asked("POST messages") == []


def test_a_message_too_long_is_kept_on_the_page(member):
    """4,000 characters; nothing of what was typed is lost."""
    answer = member.send("/mon-compte/messages", {"topic": "rights", "text": "x" * 4001})

    assert answer.status_code == 422
    assert "x" * 4001 in answer.text


def test_an_answer_is_read_under_its_question(member):
    """Both texts with their lines; the promise gives way to the answer."""
    assert 'data-testid="promise"' in member.get("/mon-compte/messages/1").text
    member.broker.space["GET messages/1"] = {
        **MESSAGE,
        "text": "Une question.",
        "answer": "Une réponse.",
        "answered_at": "2026-11-23T09:00:00+00:00",
    }
    page = member.page("/mon-compte/messages/1")

    assert "Une question." in page
    assert "La réponse de votre caisse, 23 novembre 2026 à 10:00 Une réponse." in page


def test_a_message_of_somebody_else_is_no_page(member):
    """The number in the address opens nothing."""
    member.broker.space["GET messages/9"] = refusal("message_unknown", status=404)

    assert member.get("/mon-compte/messages/9").status_code == 404


@pytest.mark.parametrize(
    "chosen", [(), ("login",), ("contact", "payment"), ("login", "contact", "payment")]
)
def test_alerts_are_what_is_ticked(member, chosen):
    """S140-S143: three boxes, none hidden, none forced; the language goes along."""
    answer = member.send("/mon-compte/alertes", dict.fromkeys(chosen, "1"))
    assert answer.status_code == 303
    ((_query, body, _key),) = member.asked("PUT alerts")

    assert {name for name in ("login", "contact", "payment") if body[name]} == set(chosen)
    assert body["language"] == "fr"
    assert "Votre choix est enregistré." in member.page("/mon-compte/alertes")


def test_the_boxes_show_what_was_chosen(member):
    """Ticked or not, as the insurer says."""
    source = member.get("/mon-compte/alertes").text

    assert re.findall(r'data-testid="alert-(\w+)" checked', source) == ["login"]


def test_leaves_tell_what_was_paid_and_what_comes(member):
    """S15, S154: waiting days, daily benefit, instalments with their state."""
    page = member.page("/mon-compte/arrets")

    for said in (
        "Du 10 novembre 2026 au 10 décembre 2026",
        "En cours",
        "31 jours",
        "jusqu'au 12 novembre 2026, non payés",
        "32,36 €",
        "0,00 € sur 906,08 €",
        "du 13/11/2026 au 26/11/2026",
        "prévu le 27/11/2026",
    ):
        assert said in page
    member.broker.space["GET leaves"] = {"leaves": []}
    assert "pas eu d'arrêt maladie" in member.page("/mon-compte/arrets")


def test_rights_tell_who_stands_behind(member):
    """S3, S149, S84: fund, doctor, complementary insurer, children and their 16th birthday."""
    page = member.page("/mon-compte/droits")

    for said in (
        "Vos droits sont ouverts.",
        "CPAM du Rhône",
        "Dr Lenoir",
        "Mutuelle Exemple",
        "Léo DURAND né(e) le 5 janvier 2016 Pourra ouvrir son propre compte à partir du 5 janvier",
        "Ève DURAND a eu 16 ans le",
        "n'est plus rattaché(e) à vous : un compte personnel est possible.",
    ):
        assert said in page
    assert "Ève DURAND né(e)" not in page


def test_what_was_declared_counts_on_the_page_of_rights(member):
    """A doctor and a fund declared since replace those of the file."""
    when = {"declared_at": "2026-11-20T10:00:00+00:00", "effective_on": "2026-11-20"}
    member.broker.space["GET rights"]["declared"] = {
        "doctor": {"current": {"values": {"name": "Dr Autre", "city": "Lyon"}, **when}},
        "fund": {"current": {"values": {"fund": "CPAM de Paris"}, **when}},
    }
    page = member.page("/mon-compte/droits")

    assert "Dr Autre" in page
    assert "CPAM de Paris" in page
    assert "Dr Lenoir" not in page
