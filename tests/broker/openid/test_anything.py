"""Every parameter of every endpoint with any value, one to three at a time."""

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.world import World
from tests.broker.openid.anything import Caller, changes, form, values
from tests.service import API, Service

few = settings(max_examples=60, deadline=None)
FC = {
    "name": "Held to FranceConnect",
    "client_id": "held-to-franceconnect",
    "client_secret": "demonstration-secret-held-to-fc-0123456789abcdef",
    "client_auth": "client_secret_post",
    "profile": "franceconnect",
    "redirect_uris": ["http://localhost:8081/callback"],
    "scopes": ["openid", "given_name"],
}
AUTHORIZE = (
    *("client_id", "redirect_uri", "response_type", "scope", "state", "nonce", "acr_values"),
    *("code_challenge", "code_challenge_method", "prompt", "max_age", "login_hint", "ui_locales"),
    *("claims", "id_token_hint", "display", "response_mode", "request", "request_uri", "idp_hint"),
)
CLIENT = ("client_id", "client_secret", "client_assertion", "client_assertion_type")
CODE = ("grant_type", "code", "redirect_uri", "code_verifier", "scope")
LOGOUT = ("id_token_hint", "client_id", "post_logout_redirect_uri", "state", "ui_locales")


@pytest.fixture(scope="module")
def world():
    """One world for all that is refused; a login more or less changes nothing for the next."""
    with World.build({"clients": {"fc": FC}}) as world:
        yield world


@pytest.fixture(scope="module")
def caller(world):
    """The broker, and the addresses its services and providers registered."""
    clients = world.configuration.broker.clients.values()
    places = [uri for c in clients for uri in (*c.redirect_uris, *c.post_logout_redirect_uris)]
    providers = [site.url for site in world.providers.values()]
    places += [f"{url}/{end}" for url in providers for end in ("authorize", "logout")]
    places.append(f"{world.broker.url}/logged-out")
    return Caller(world.broker, world.broker.url, tuple(places))


@pytest.fixture(scope="module", params=["sample", "fc"])
def service(world, request):
    """A service of each profile."""
    return Service(world, request.param)


@pytest.fixture(scope="module")
def tokens(world):
    """What a login of the private service gave."""
    sample = Service(world, "sample")
    return sample.tokens(sample.login(world.browser())["code"])


def honest(service):
    if service.settings.franceconnect:
        plain = {"code_challenge": None, "code_challenge_method": None}
        return service.params(acr_values="eidas1", **plain)
    return service.params()


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_any_authorization_request_gets_a_page_or_goes_home(caller, service, method):
    """Rows 14 and 15: both profiles and methods: a page, or the registered address, never more."""

    @few
    @given(changes(AUTHORIZE), st.booleans())
    def check(changed, twice):
        answer = caller.send(method, f"{API}/authorize", form(honest(service), changed, twice))
        if answer.status == 303 and method == "POST":
            caller.send("GET", answer.header("location"), b"")

    check()


@pytest.mark.parametrize("end", ["/par", "/token", "/introspect", "/token/revocation"])
def test_any_call_of_a_program_is_answered_in_json(caller, service, end):
    """Push, token, introspection, revocation: fields of the form, with a good secret or none."""
    ordinary = {
        "/par": honest(service),
        "/token": {"grant_type": "authorization_code", "redirect_uri": service.redirect_uri},
    }.get(end, {"token": "x"})
    known = {**ordinary, **service.credentials()}
    names = {"/par": AUTHORIZE, "/token": CODE}.get(end, ("token", "token_type_hint"))

    @few
    @given(changes((*names, *CLIENT)), st.booleans())
    def check(changed, twice):
        answer = caller.send("POST", f"{API}{end}", form(known, changed, twice))
        caller.check_program(answer)

    check()


def test_any_authorization_header_is_answered_in_json(caller):
    """Basic with anything inside, another scheme, bytes that are no text."""

    @few
    @given(values, st.sampled_from(["Basic", "basic", "Bearer", "Digest", ""]), st.booleans())
    def check(raw, scheme, encoded):
        shown = base64.b64encode(raw).decode() if encoded else raw.decode("latin-1")
        for end in ("/token", "/introspect", "/userinfo"):
            header = f"{scheme} {shown}"
            answer = caller.send("POST", API + end, b"token=x", Authorization=header)
            caller.check_program(answer)
            assert answer.status in {400, 401}

    check()


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_any_userinfo_call_is_answered_in_json(caller, tokens, method):
    """A token beside others, in the address, in the form, twice."""
    header = f"Bearer {tokens['access_token']}"

    @few
    @given(changes(("access_token", "schema")), st.booleans())
    def check(changed, shown):
        headers = {"Authorization": header} if shown else {}
        answer = caller.send(method, f"{API}/userinfo", form({}, changed, twice=False), **headers)
        caller.check_program(answer)

    check()


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_any_logout_request_stays_here_or_goes_home(caller, world, tokens, method):
    """Row 16: hints, addresses and states of any kind lead to registered addresses only."""
    sample = Service(world, "sample")
    known = {
        "id_token_hint": tokens["id_token"],
        "post_logout_redirect_uri": sample.settings.post_logout_redirect_uris[0],
        "state": "s",
    }

    @few
    @given(changes(LOGOUT), st.booleans())
    def check(changed, twice):
        caller.send(method, f"{API}/session/end", form(known, changed, twice))

    check()


def test_any_answer_of_a_provider_gets_a_page(caller, world):
    """The callback, with a state of ours or any other."""
    browser = world.browser()
    Service(world, "sample").start(browser)
    page = browser.click("provider-tax")
    state = page.query.get("state", "a.1.b")

    @few
    @given(changes(("state", "code", "error", "iss", "error_description")), st.booleans())
    def check(changed, twice):
        sent = form({"state": state, "code": "c"}, changed, twice)
        for provider in ("tax", "nobody"):
            caller.send("GET", f"/callback/{provider}", sent)

    check()


@pytest.mark.parametrize(
    "path",
    ["/logged-out", "/language", "/authorize/x", "/login/x/providers", "/login/x/abandon"],
)
def test_any_address_of_a_page_gets_a_page(caller, path):
    """Row 16: what stands after the question mark leads nowhere else."""

    @few
    @given(changes(("state", "to", "back", "proof", "return")))
    def check(changed):
        caller.send("GET", path, form({"to": "en", "back": "/"}, changed, twice=False))

    check()


FORMS = {
    "leave": ("provider", "confirmed", "csrf_token"),
    "consent": ("answer", "agree", "claim", "csrf_token"),
    "account": ("answer", "email", "csrf_token"),
    "logout": ("return", "csrf_token"),
}


@pytest.mark.parametrize("step", FORMS)
def test_any_form_of_a_step_gets_a_page_or_goes_home(caller, world, step):
    """A person who writes what they like into the page on screen, form token included or not."""

    @settings(max_examples=25, deadline=None)
    @given(changes(FORMS[step]), st.booleans(), st.booleans())
    def check(changed, twice, shown):
        browser = world.browser()
        action, token = arrive(world, browser, step)
        known = {"csrf_token": token} if shown else {}
        cookie = {"Cookie": browser.cookies.header(browser.page.url)}
        caller.send("POST", action, form(known, changed, twice), **cookie)

    check()


def arrive(world, browser, step):
    """The address that takes the form of that step, and the token of this browser's forms."""
    if step == "logout":
        Service(world, "sample").login(browser)
        page = browser.open(f"{world.broker.url}{API}/session/end")
        return page.root.all("form")[-1].get("action"), form_token(page)
    page = Service(world, "ameli").start(browser, prompt="login consent")
    if step == "leave":
        return page.root.all("form")[-1].get("action"), form_token(page)
    page = browser.sign_in("victor")
    token = form_token(page)
    if step == "account":
        page = browser.click("consent-continue")
    return page.url.removeprefix(world.broker.url), token


def form_token(page):
    return next(e.get("value") for e in page.root.all("input") if e.get("name") == "csrf_token")
