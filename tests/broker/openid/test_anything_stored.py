"""Characters that PostgreSQL keeps in no text, in every place that leads to a look-up."""

import pytest

from sandbox.world import World
from tests.broker.openid.anything import Caller
from tests.service import API, Service

pytestmark = pytest.mark.postgresql
NUL = b"a%00b"
FORMS = {
    "/par": (b"client_id", b"client_secret", b"request", b"request_uri", b"redirect_uri"),
    "/token": (b"client_id", b"code", b"redirect_uri", b"code_verifier", b"grant_type"),
    "/introspect": (b"client_id", b"token"),
    "/token/revocation": (b"client_id", b"token"),
    "/checktoken": (b"client_id", b"client_secret", b"token"),
    "/userinfo": (b"access_token",),
}
PAGES = {
    f"{API}/authorize": (b"client_id", b"request_uri", b"redirect_uri", b"state"),
    f"{API}/session/end": (b"client_id", b"id_token_hint", b"post_logout_redirect_uri"),
    "/callback/tax": (b"state", b"code"),
    "/logged-out": (b"state",),
}


@pytest.fixture(scope="module")
def stored(postgres):
    """A broker on PostgreSQL."""
    url = postgres.fresh()
    with World.build(databases={"broker": url}) as world:
        yield world
    postgres.drop(url)


@pytest.fixture(scope="module")
def caller(stored):
    places = ("http://localhost:8081/callback", f"{stored.broker.url}/logged-out")
    return Caller(stored.broker, stored.broker.url, places)


@pytest.mark.parametrize(("end", "names"), FORMS.items(), ids=FORMS)
def test_no_field_of_a_program_reaches_the_database_with_a_nul(caller, stored, end, names):
    """SQLite would store it, PostgreSQL raises: neither is ever asked."""
    sample = Service(stored, "sample")
    known = b"&".join(f"{k}={v}".encode() for k, v in sample.credentials().items())

    for name in names:
        for sent in (name + b"=" + NUL, known + b"&" + name + b"=" + NUL):
            answer = caller.send("POST", API + end, sent)
            caller.check_program(answer)


@pytest.mark.parametrize(("path", "names"), PAGES.items(), ids=PAGES)
def test_no_parameter_of_a_page_reaches_the_database_with_a_nul(caller, path, names):
    """The state of a callback names an attempt: `a\\0b.1.x` names none."""
    for name in names:
        for value in (NUL, NUL + b".1.x"):
            ours = b"client_id=sample-service&redirect_uri=http://localhost:8081/callback"
            for before in (b"", ours + b"&"):
                answer = caller.send("GET", path, before + name + b"=" + value)
                assert answer.status < 500


def test_no_name_in_a_path_or_a_cookie_reaches_the_database_with_a_nul(caller):
    """Attempts, references and sessions."""
    for path in ("/login/a%00b/providers", "/authorize/a%00b", "/callback/a%00b"):
        assert caller.send("GET", path, b"proof=x").status in {400, 403, 404}
    cookie = {"Cookie": "passerelle_session=a%00b; passerelle_login_x=a%00b"}
    assert caller.send("GET", f"{API}/session/end", b"", **cookie).status == 303
