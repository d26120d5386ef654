"""Every page of the personal space: in both languages, protected, honest when something fails."""

import re

import pytest

from relying_party_demo.space.money import PERIODS
from tests.space_answers import PAGES, refusal

OPEN = ["/verifier", "/compte-ferme"]
ASKING = [path for path in PAGES if path not in {"/mon-compte", "/mon-compte/email"}]
ASKING = [path for path in ASKING if not re.search(r"fermer|adresse|rib|medecin", path)]

ONLY_FRENCH = re.compile(r"\b(?:vous|votre|vos|une|avec|pour|nous|est|les|des)\b", re.IGNORECASE)
ONLY_ENGLISH = re.compile(r"\b(?:the|your|you|with|and|is|are|of|this)\b", re.IGNORECASE)
JARGON = re.compile(
    r"\b(?:token|scope|claim|callback|client|OpenID|OAuth|veuillez|please)\b", re.IGNORECASE
)
NAMES = re.compile(
    r"“[^”]*”|Ameli \(démonstration\)|Pharmacie du Port|Mutuelle Exemple|CPAM d\w+ \w+|"
    r"Une question\. Et une autre\.|12 rue des Lilas|pairwise-of-claire|Français|English|"
    r"Impots\.gouv\.fr"
)


@pytest.mark.parametrize("path", [*PAGES, *OPEN])
def test_every_page_is_drawn_in_both_languages(member, path):
    """One h1, the banner, a way back, no sentence of the other language, no word of the trade."""
    for language, other in (("fr", ONLY_ENGLISH), ("en", ONLY_FRENCH)):
        answer = member.get(f"{path}?lang={language}")
        words = NAMES.sub(" ", member.page(f"{path}?lang={language}"))

        assert answer.status_code == 200
        assert f'<html lang="{language}">' in answer.text
        assert answer.text.count("<h1") == 1
        assert other.findall(words) == []
        assert JARGON.findall(words) == []


@pytest.mark.parametrize("path", [*PAGES, "/mon-compte/remboursements.csv"])
def test_nobody_reads_it_without_signing_in(guest, path):
    """The way in is shown instead; no call is made."""
    answer = guest.get(path)

    assert (answer.status_code, answer.headers["Location"]) == (303, "/connexion")
    assert guest.broker.asked == []


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_is_protected(member, path):
    """Strict policy, nothing kept by the browser, no inline style or script."""
    answer = member.get(path)

    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert "<style" not in answer.text
    assert " style=" not in answer.text
    assert not re.search(r"\son\w+=", answer.text)


@pytest.mark.parametrize("path", ASKING)
def test_an_insurer_that_is_away_loses_nothing(member, path):
    """503, a page that says so, and the person stays signed in."""
    member.get("/mon-compte")
    member.broker.away = True
    answer = member.get(path)

    assert answer.status_code == 503
    assert "<title>Erreur" in answer.text
    assert 'data-testid="file-away"' in answer.text
    member.broker.away = False
    assert member.get(path).status_code == 200


@pytest.mark.parametrize("content", [[], {}, "x", {"error": 1}, (None, 500), ({}, 418)])
@pytest.mark.parametrize("path", ASKING)
def test_nonsense_from_the_insurer_is_no_5xx_of_ours(member, path, content):
    """Whatever it answers, a page says that the file cannot be read."""
    member.get("/mon-compte")
    member.broker.space = {**dict.fromkeys(member.broker.space, content), "POST visits": {}}

    assert member.get(path).status_code == 503


def test_an_account_that_is_gone_is_said_on_every_page(member):
    """Replaced or closed since the sign-in: 404 and what to do."""
    member.get("/mon-compte")
    member.broker.space["GET rights"] = refusal("not_found", status=404)
    answer = member.get("/mon-compte/droits")

    assert answer.status_code == 404
    assert 'data-testid="file-none"' in answer.text


@pytest.mark.parametrize(("wait", "said"), [(86_400, "attendre un jour"), (90, "2 minutes")])
def test_a_limit_says_how_long_to_wait(member, wait, said):
    """429 with the time in words."""
    member.broker.space["POST messages"] = refusal("too_many", status=429)
    member.broker.app.after_request_funcs.setdefault(None, []).append(
        lambda answer: answer.headers.add("Retry-After", str(wait)) or answer
    )
    try:
        answer = member.send("/mon-compte/messages", {"topic": "other", "text": "Bonjour"})
    finally:
        member.broker.app.after_request_funcs[None].pop()

    assert answer.status_code == 429
    assert said in answer.text


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("post", "/mon-compte/attestation"),
        ("post", "/mon-compte/carte"),
        ("post", "/mon-compte/messages"),
        ("post", "/mon-compte/alertes"),
        ("post", "/mon-compte/acces/7"),
        ("post", "/mon-compte/fermer"),
        ("post", "/mon-compte/rappel"),
        ("post", "/mon-compte/connexions/autres"),
        ("post", "/verifier"),
    ],
)
def test_a_form_from_elsewhere_does_nothing(member, method, path):
    """Row 32: without the token of our own form nothing is asked of the insurer."""
    answer = getattr(member.visitor.client, method)(path, data={"sure": "1", "reason": "loss"})

    assert answer.status_code == 400
    assert all(name.startswith("GET") for name, *_ in member.broker.asked)


HOSTILE = '<img src=x onerror="alert(1)">'


def _poisoned(value):
    if isinstance(value, dict):
        return {name: _poisoned(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_poisoned(one) for one in value]
    plain_text = isinstance(value, str) and not re.match(r"\d{4}-|^(?:changed|acc-1)$", value)
    return HOSTILE if plain_text else value


@pytest.mark.parametrize("path", [p for p in PAGES if "2026" not in p])
def test_hostile_texts_of_the_insurer_are_only_text(member, path):
    """Row 14: names, labels, answers, devices."""
    member.get("/mon-compte")
    member.broker.space = _poisoned(member.broker.space)
    answer = member.get(path)

    assert answer.status_code == 200
    assert HOSTILE not in answer.text


def test_no_page_or_log_tells_what_it_should_not(member, no_secret_in_logs):
    """Numbers, names and amounts never reach the log, whatever fails."""
    no_secret_in_logs.never("DURAND", "n•••••@exemple.fr", "Dr Lenoir", "7K4M-2QXP-9HTR")
    for path in PAGES:
        member.get(path)
    member.broker.away = True
    for path in PAGES:
        member.get(path)
    member.broker.away = False
    member.broker.space = {}
    for path in PAGES:
        member.get(path)


def test_the_periods_of_the_filter_are_whole(member):
    """Each choice leads to a page, and is shown as chosen."""
    for value in PERIODS:
        page = member.get(f"/mon-compte/remboursements?periode={value}").text
        assert f'<option value="{value}" selected>' in page
