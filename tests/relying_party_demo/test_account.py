"""The page of the account: what happened, who was identified and how, what is on record."""

import re

import pytest


def changed(**members):
    return lambda content: {**content, **members}


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("created", "Votre compte est créé."),
        ("linked", "Nous avons retrouvé le compte que vous aviez déjà"),
        ("existing", "Vous êtes connecté à votre compte."),
    ],
)
def test_what_happened_at_this_login_is_said(portal, broker, status, words):
    """S72, S74: created, found and linked, or simply signed in."""
    broker.person["account_status"] = status
    portal.sign_in()
    page = portal.get("/mon-compte").text

    assert f'data-status="{status}"' in page
    assert words in page


def test_a_tolerant_match_is_explained(portal, broker):
    """A difference of writing is told, so that the person may have it corrected."""
    portal.sign_in()
    assert "tout à fait de la même façon" not in portal.get("/mon-compte").text
    broker.person["match"] = "tolerant"
    portal.sign_in()

    assert "tout à fait de la même façon" in portal.get("/mon-compte").text


@pytest.mark.parametrize(
    ("level", "words"),
    [
        ("eidas1", "Vous avez prouvé que ce compte est le vôtre."),
        ("eidas2", "de deux façons que ce compte est le vôtre, avec un téléphone"),
        ("eidas3", "est le vôtre avec une pièce d'identité."),
    ],
)
def test_the_level_is_said_in_plain_words(portal, broker, level, words):
    """X5: the level is shown as it was, and never called strong."""
    broker.level = level
    portal.sign_in()
    page = portal.get("/mon-compte").text

    assert words in page
    assert not re.search(r"eidas|sur 3|niveau|garantie", page, re.IGNORECASE)
    assert " forte" not in page


def test_the_provider_and_the_moment_are_named(portal):
    """Which account was used, through whom, and when, in Paris time."""
    portal.sign_in()
    page = portal.get("/mon-compte").text

    assert '<dd data-testid="identified-by">Impots.gouv.fr, par Passerelle</dd>' in page
    assert '<dd data-testid="identified-at">24 novembre 2026 à 11:59</dd>' in page


def test_a_provider_without_a_name_keeps_its_id(portal, broker):
    """A provider added at the broker alone is shown as the broker calls it."""
    broker.person["idp_id"] = "lighthouse"
    portal.sign_in()

    assert "lighthouse, par Passerelle" in portal.get("/mon-compte").text


def test_the_file_is_read_over_the_back_channel(portal, broker):
    """Name, birth, number and contact as the insurer has them, each masked by the insurer."""
    portal.sign_in()
    page = portal.get("/mon-compte").text

    for shown in (
        "DURAND",
        "Claire, Anne",
        "27 mars 1985",
        "2 85 03 •• ••• ••• ••",
        "c•••••@exemple.fr",
        "CPAM du Rhône",
        "régime général",
        "Vos droits sont ouverts.",
        "relié le 24 novembre 2026",
        "non renseigné",
    ):
        assert shown in page
    assert "GET /api/insured/v1/accounts/acc-1/dashboard" in broker.seen


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("1985-03-27", "27 mars 1985"),
        ("1950-07-00", "juillet 1950 (jour inconnu)"),
        ("1950-00-00", "1950 (jour et mois inconnus)"),
    ],
)
def test_a_partial_birth_date_shows_what_is_known(portal, broker, given, shown):
    """A presumed day or month is not invented."""
    broker.account["holder"] = {**broker.account["holder"], "birthdate": given}
    portal.sign_in()

    assert f"<dd>{shown}</dd>" in portal.get("/mon-compte").text


@pytest.mark.parametrize(
    ("scheme", "status", "said"),
    [
        ("agricultural", "active", ("régime agricole (MSA)", "actif")),
        ("students", "locked", ("régime étudiant", "bloqué : appelez le 36 46")),
        ("seafarers", "deactivated", ("régime des marins", "fermé")),
        ("clergy", "active", ("régime des cultes", "actif")),
        ("military", "active", ("régime militaire", "actif")),
        ("other", "active", ("un autre régime", "actif")),
        ("invented-since", "frozen", ("invented-since", "frozen")),
    ],
)
def test_the_codes_of_the_insurer_are_put_in_words(portal, broker, scheme, status, said):
    """Each scheme and each state has its French name; a code added later is shown as it came."""
    broker.account["rights"] = {"open": True, "scheme": scheme}
    broker.account["status"] = status
    portal.sign_in()
    page = portal.get("/mon-compte").text.replace("\N{NO-BREAK SPACE}", " ")

    assert all(f"<dd>{words}</dd>" in page for words in said)


def test_closed_rights_are_said_with_what_to_do(portal, broker):
    """An existing account stays readable when the rights are closed."""
    broker.account["rights"] = {"open": False, "scheme": None, "fund": None}
    portal.sign_in()
    page = portal.get("/mon-compte")

    assert page.status_code == 200
    assert "Vos droits sont fermés." in page.text
    assert "<dt>Votre caisse</dt>" not in page.text


def test_the_portal_proves_itself_once_in_ten_minutes(portal, broker, clock):
    """The token of the back channel is kept until just before its end."""
    portal.sign_in()
    for _ in range(3):
        portal.get("/mon-compte")
    passes = lambda: broker.seen.count("POST /token") - 1  # noqa: E731 - counted three times
    assert passes() == 1

    clock.advance(569)
    portal.get("/mon-compte")
    assert passes() == 1
    clock.advance(2)
    portal.get("/mon-compte")

    assert passes() == 2


def test_a_refused_token_is_replaced_once(portal, broker):
    """A broker that forgot its tokens, after a restart for instance, is asked for a new one."""
    portal.sign_in()
    portal.get("/mon-compte")
    broker.tokens.clear()

    assert portal.get("/mon-compte").status_code == 200


@pytest.mark.parametrize("lifetime", [None, 0, -5, 10, 10**12, True])
def test_a_strange_lifetime_of_the_token_is_survived(portal, broker, clock, lifetime):
    """Whatever the broker says of its token, the page is drawn, now and an hour later."""
    broker.lies["pass"] = changed(expires_in=lifetime)
    portal.sign_in()
    assert portal.get("/mon-compte").status_code == 200
    clock.advance(1100)
    broker.tokens.clear()

    assert portal.get("/mon-compte").status_code == 200


ACCOUNT_PATH = "/api/insured/v1/accounts/acc-1/dashboard"


@pytest.mark.parametrize(
    "trouble",
    [
        {"status": {ACCOUNT_PATH: 500}},
        {"status": {ACCOUNT_PATH: 403}},
        {"status": {ACCOUNT_PATH: 401}},
        {"status": {ACCOUNT_PATH: 302}},
        {"status": {"/token": 500}},
        {"status": {"/token": 401}},
        {"body": {ACCOUNT_PATH: b"<html>"}},
        {"body": {ACCOUNT_PATH: b"{}"}},
        {"body": {ACCOUNT_PATH: b"x" * 70_000}},
        {"body": {"/token": b"[]"}},
        {"body": {"/token": b"{}"}},
        {"body": {"/token": b"[" * 50_000}},
        {"account": changed(account_id="acc-2")},
        {"account": changed(rights={"open": "perhaps"})},
    ],
)
def test_an_insurer_that_does_not_answer_loses_nothing(portal, broker, trouble):
    """The page says so with 503, keeps the person signed in, and shows what the session knows."""
    portal.sign_in()
    broker.lies |= trouble
    page = portal.get("/mon-compte")

    assert page.status_code == 503
    assert 'data-testid="file-away"' in page.text
    assert "<title>Erreur" in page.text
    assert "Claire MARTIN" in page.text
    assert "Impots.gouv.fr" in page.text
    assert "2 85 03" not in page.text

    broker.lies.clear()
    assert portal.get("/mon-compte").status_code == 200


def test_a_broker_that_is_away_loses_nothing_either(portal, broker):
    """The same when there is nobody at the other end at all."""
    portal.sign_in()
    broker.away = True

    assert portal.get("/mon-compte").status_code == 503


def test_an_account_that_is_gone_is_said(portal, broker):
    """Replaced or closed since the login: the page says what to do."""
    portal.sign_in()
    broker.account["account_id"] = "acc-new"
    page = portal.get("/mon-compte")

    assert page.status_code == 404
    assert 'data-testid="file-none"' in page.text


def test_the_account_id_cannot_wander_in_the_address(portal, broker):
    """An id with slashes stays one part of the path."""
    broker.person["account_id"] = "../../v2/userinfo?x=1"
    portal.sign_in()
    portal.get("/mon-compte")

    assert not any(call.startswith("GET /userinfo") for call in broker.seen[-1:])
    assert portal.get("/mon-compte").status_code == 404


HOSTILE = '<img src=x onerror="alert(1)">'


@pytest.mark.parametrize("name", ["given_name", "family_name", "preferred_username", "idp_id"])
def test_a_hostile_claim_is_only_text(portal, broker, name):
    """What comes from the broker is escaped on the page (row 14)."""
    broker.person[name] = HOSTILE
    portal.sign_in()

    assert HOSTILE not in portal.get("/mon-compte").text


@pytest.mark.parametrize(
    "account",
    [
        {"status": HOSTILE},
        {"nir_masked": HOSTILE},
        {"rights": {"open": True, "scheme": HOSTILE, "fund": HOSTILE}},
        {"contact": {"email_masked": HOSTILE, "mobile_masked": HOSTILE}},
        {"links": [{"provider": HOSTILE, "linked_at": "2026-11-24T11:00:00Z"}]},
        {"holder": {"family_name": HOSTILE, "given_names": [HOSTILE], "birthdate": HOSTILE}},
    ],
)
def test_a_hostile_file_is_only_text(portal, broker, account):
    """What comes from the insurer is escaped too."""
    broker.account |= account
    portal.sign_in()
    page = portal.get("/mon-compte")

    assert page.status_code == 200
    assert HOSTILE not in page.text
    assert "&lt;img src=x" in page.text


def test_no_personal_text_reaches_the_logs(portal, broker, no_secret_in_logs):
    """After a login, a refusal and a failure the logs hold no name, no token, no code."""
    no_secret_in_logs.never("DURAND", "MARTIN", "claire@exemple.fr", "pairwise-of-claire")
    portal.sign_in()
    portal.get("/mon-compte")
    broker.lies["id_token"] = changed(nonce="other")
    portal.ended(portal.sign_in())
    broker.away = True
    portal.get("/mon-compte")
