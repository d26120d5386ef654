"""Parameters of an authorization request, in the openid profile: what is refused, and how."""

import re
from urllib.parse import quote, urlencode

import pytest

from broker.clients.signed import MAX_JWS
from broker.openid.checks import DEFAULT_MAX_LENGTH, MAX_LENGTH
from tests.service import Service

CLIENTS = {
    "public": {
        "name": "Without a secret",
        "client_id": "public-service",
        "client_auth": "none",
        "redirect_uris": ["http://localhost:8081/callback"],
        "scopes": ["openid", "given_name"],
        "consent": "information",
    },
    "strict": {
        "name": "With PKCE",
        "client_id": "strict-service",
        "client_secret": "demonstration-secret-strict-0123456789abcdef0123",
        "client_auth": "client_secret_post",
        "require_pkce": True,
        "redirect_uris": ["http://localhost:8081/callback"],
        "scopes": ["openid"],
    },
    "choosy": {
        "name": "One provider",
        "client_id": "choosy-service",
        "client_secret": "demonstration-secret-choosy-0123456789abcdef0123",
        "client_auth": "client_secret_post",
        "redirect_uris": ["http://localhost:8081/callback"],
        "scopes": ["openid"],
        "providers_allowed": ["postal", "mobile"],
        "providers_denied": ["mobile"],
    },
}


@pytest.fixture
def world(make_world):
    return make_world({"clients": CLIENTS, "broker": {"idp_hints": ["tax", "postal", "mobile"]}})


REFUSED = {
    "no scope": ({"scope": None}, "invalid_scope", "scope"),
    "scope without openid": ({"scope": "email"}, "invalid_scope", "scope"),
    "scope not granted": ({"scope": "openid birthplace"}, "invalid_scope", "scope"),
    "response_type empty": ({"response_type": ""}, "invalid_request", "response_type"),
    "response_type of two": (
        {"response_type": "code id_token"},
        "unsupported_response_type",
        "response_type",
    ),
    "response_mode": ({"response_mode": "fragment"}, "invalid_request", "response_mode"),
    "acr": ({"acr_values": "eidas3"}, "invalid_acr", "acr_values"),
    "prompt": ({"prompt": "login create"}, "invalid_request", "prompt"),
    "prompt none and": ({"prompt": "none consent"}, "invalid_request", "prompt"),
    "max_age": ({"max_age": "soon"}, "invalid_request", "max_age"),
    "max_age below": ({"max_age": "-1"}, "invalid_request", "max_age"),
    "max_age in Arabic": ({"max_age": "\u0661"}, "invalid_request", "max_age"),
    "max_age endless": ({"max_age": "1" * 10}, "invalid_request", "max_age"),
    "claims": ({"claims": "[]"}, "invalid_request", "claims"),
    "claims deep": ({"claims": '{"userinfo":' * 300}, "invalid_request", "claims"),
    "claims of a wrong type": ({"claims": '{"userinfo":{"email":1}}'}, "invalid_request", "claims"),
    "id_token_hint": ({"id_token_hint": "a.b.c"}, "invalid_request", "id_token_hint"),
    "idp_hint": ({"idp_hint": "nobody"}, "invalid_idp_hint", "idp_hint"),
    "idp_hint not listed": ({"idp_hint": "msa"}, "invalid_idp_hint", "idp_hint"),
    "request": ({"request": "a.b.c"}, "invalid_request_object", "request"),
    "long state": ({"state": "s" * 2049}, "invalid_request", "state"),
    "long nonce": ({"nonce": "n" * 513}, "invalid_request", "nonce"),
    "long anything": ({"unheard": "x" * 1025}, "invalid_request", "unheard"),
    "control character": ({"login_hint": "a\x00b"}, "invalid_request", "login_hint"),
    "line feed": ({"ui_locales": "fr\r\nX: y"}, "invalid_request", "ui_locales"),
}


@pytest.mark.parametrize(("change", "error", "name"), REFUSED.values(), ids=REFUSED)
def test_a_refusal_names_the_parameter_and_its_rule(browser, sample, change, error, name):
    """Back at the service: the error of the protocol, state, issuer, our number at the end."""
    sample.start(browser, **change)

    answer = browser.sent_back()
    assert answer["error"] == error
    assert answer["error_description"].startswith(f"{name}: ")
    assert answer["error_description"].endswith(")")
    assert answer["iss"] == sample.issuer
    assert answer["state"] == change.get("state", sample.params()["state"])


def test_the_limits_are_those_of_the_documentation(root):
    """Whoever reads that page knows how long a state may be."""
    page = (root / "docs" / "integrating-a-service.md").read_text(encoding="utf-8")
    told = re.search(r"A parameter comes once(.*)", page)[1]

    for name, limit in {**MAX_LENGTH, "request": MAX_JWS}.items():
        assert re.search(rf"`{name}` of {limit}\b", told), name
    assert f"anything else of {DEFAULT_MAX_LENGTH}." in told


@pytest.mark.parametrize("name", ["state", "nonce", "scope", "response_type", "prompt", "foo"])
def test_a_parameter_that_comes_twice_is_named(browser, sample, name):
    """RFC 6749 §3.1; a state that is two states is returned as none."""
    asked = urlencode([*sample.params(prompt="login", foo="x").items(), (name, "again")])

    browser.open(f"{sample.issuer}/authorize?{asked}")

    answer = browser.sent_back()
    assert answer["error"] == "invalid_request"
    assert answer["error_description"].startswith(f"{name}: must come once")
    assert ("state" in answer) is (name != "state")


@pytest.mark.parametrize("raw", ["%", "%zz", quote("é\u202e"), "+%00"], ids=str)
def test_a_wrong_encoding_is_no_fault_of_ours(browser, sample, raw):
    """Signs that mean nothing come back as text that is no more than that, or as an error."""
    url = sample.url(state=None)

    page = browser.open(f"{url}&state={raw}")

    answer = browser.sent_back()
    assert page.path.endswith("/providers") or answer["error"] == "invalid_request"


@pytest.mark.parametrize("key", ["public", "strict"])
def test_pkce_is_required_where_it_must_be(world, browser, key):
    """A client without a secret, and one that asked for it."""
    service = Service(world, key)
    none = {"code_challenge": None, "code_challenge_method": None}
    scope = {"scope": "openid"}

    service.start(browser, **none, **scope)
    refused = browser.sent_back()
    good = service.start(browser, **scope)

    assert refused["error"] == "invalid_request"
    assert "code_challenge" in refused["error_description"]
    assert good.path.endswith("/providers")


@pytest.mark.parametrize("hint", ["tax", "mobile"])
def test_a_hint_outside_the_list_of_the_service_is_refused(world, browser, hint):
    """Not allowed to this service, or denied to it though allowed."""
    Service(world, "choosy").start(browser, idp_hint=hint)

    assert browser.sent_back()["error"] == "invalid_idp_hint"


def test_a_hint_skips_the_page_of_providers(world, browser, sample):
    """Straight to the provider; giving up there brings the page."""
    page = sample.start(browser, idp_hint="tax")

    assert page.url.startswith(world.providers["tax"].url)


def test_login_hint_travels_to_the_provider(world, browser, sample):
    """Whoever the service expects is suggested there; nothing here depends on it."""
    sample.start(browser, login_hint="claire@exemple.fr")
    browser.click("provider-tax")

    hop = next(h for h in browser.hops if h.url.startswith(world.providers["tax"].url))
    assert hop.parameters["login_hint"] == "claire@exemple.fr"


def test_the_lowest_level_asked_for_is_enough(browser, sample):
    """Order is of no matter (OIDC Core §3.1.2.1: any of them will do)."""
    tokens = sample.tokens(sample.login(browser, acr_values="eidas2 eidas1")["code"])

    assert sample.id_token(tokens)["acr"] == "eidas1"


@pytest.mark.parametrize(
    ("asked", "level"),
    [
        ("eidas9", "eidas1"),
        ("urn:mace:incommon:iap:silver phr", "eidas1"),
        ("phr eidas2", "eidas2"),
        ("eidas3 eidas2 eidas9", "eidas2"),
        ("", "eidas1"),
    ],
)
def test_levels_of_other_vocabularies_are_a_wish(browser, sample, asked, level):
    """OIDC Core §3.1.2.1, §5.5.1.1: the lowest known one is kept, the broker's own without any."""
    tokens = sample.tokens(sample.login(browser, via="postal", acr_values=asked)["code"])
    weak = sample.start(browser, acr_values=asked, prompt="select_account").element("provider-tax")

    assert sample.id_token(tokens)["acr"] >= level
    assert (weak.tag == "button") is (level == "eidas1")


def test_without_a_known_level_the_one_of_the_settings_counts(make_world):
    """Eidas2 for every service that names none of ours: the tax office is too weak."""
    strict = make_world({"broker": {"default_level": "eidas2"}})
    page = Service(strict, "sample").start(strict.browser(), acr_values="eidas9")

    assert page.element("provider-tax").tag != "button"


def test_an_essential_level_must_be_reached(browser, sample):
    """`claims` with acr essential: the page greys what is too weak, or there is nothing to try."""
    asked = '{"id_token":{"acr":{"essential":true,"values":["eidas2"]}}}'
    page = sample.start(browser, claims=asked)
    assert page.element("provider-tax").tag != "button"

    unreachable = asked.replace("eidas2", "eidas3")
    sample.start(browser, claims=unreachable)

    assert browser.sent_back()["error"]


def test_prompt_select_account_shows_the_page_again(browser, sample):
    """Signed in, the person may choose another account all the same."""
    sample.login(browser)

    assert sample.start(browser, prompt="select_account").path.endswith("/providers")


def test_prompt_consent_asks_again(browser, sample):
    """The answer of last time is not recalled; the session is."""
    sample.login(browser)

    page = sample.start(browser, prompt="consent")

    assert page.path.endswith("/consent")
    assert page.has("consent-continue")


@pytest.mark.parametrize(("locales", "word"), [("en", "Choose"), ("fr-FR", "Choisissez"), ("", "")])
def test_ui_locales_choose_the_language(browser, sample, locales, word):
    """The service's word counts where the person has not chosen."""
    page = sample.start(browser, ui_locales=locales)

    assert page.status == 200
    assert word in page.text or word.lower() in page.text


def test_state_comes_back_untouched(browser, sample):
    """Spaces, quotes, ampersands, accents."""
    state = "a b+c&d=e%20f\"'<é>#?/"

    sample.login(browser, state=state)

    assert browser.sent_back()["state"] == state


def test_prompt_none_for_an_account_that_needs_a_page(browser, ameli):
    """Victor agreed, and no account could be opened: interaction_required, nothing is shown."""
    ameli.start(browser)
    browser.sign_in("victor").accept()

    silent = browser.tab()
    ameli.start(silent, prompt="none")

    assert silent.sent_back()["error"] == "interaction_required"


def test_prompt_none_for_an_account_that_is_there(browser, ameli):
    """Nothing to show: the code comes silently."""
    ameli.login(browser)

    ameli.start(browser, prompt="none")

    assert "code" in browser.sent_back()
