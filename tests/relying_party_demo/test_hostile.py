"""Whatever comes in, from the broker or from a browser, no page breaks and none leads elsewhere."""

from string import printable
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

patient = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)
ADDRESSES = st.text(alphabet=printable, max_size=40)


def own(answer):
    """Whether a redirect stays on this site or goes to the broker of the settings."""
    parts = urlsplit(answer.headers.get("Location", ""))
    return f"{parts.scheme}://{parts.netloc}" in {"://", "http://localhost:8000"}


@patient
@given(
    claims=st.dictionaries(
        st.sampled_from(
            [
                "sub",
                "account_id",
                "account_status",
                "match",
                "idp_id",
                "given_name",
                "family_name",
                "preferred_username",
            ]
        ),
        VALUES,
    )
)
def test_no_claim_of_userinfo_breaks_a_login(portal, broker, claims):
    """Claims of any shape let the person in or end on our page, and then every page is drawn."""
    broker.lies["userinfo"] = lambda honest: {**honest, **claims}

    answer = portal.sign_in()

    assert answer.status_code == 303
    assert portal.get(answer.headers["Location"]).status_code in {200, 404, 502}


@patient
@given(name=st.sampled_from(["acr", "aud", "azp", "at_hash", "auth_time", "exp", "iat"]), v=VALUES)
def test_no_claim_of_the_id_token_breaks_a_login(portal, broker, name, v):
    """A claim of any shape in the ID token is refused by a check or is the right one."""
    broker.lies["id_token"] = lambda honest: {**honest, name: v}

    assert portal.sign_in().status_code == 303


@patient
@given(
    name=st.sampled_from(["issuer", "token_endpoint", "jwks_uri", "end_session_endpoint"]), v=VALUES
)
def test_no_member_of_the_discovery_breaks_the_departure(make_portal, broker, name, v):
    """A strange discovery document ends on our page, before anything was sent anywhere."""
    broker.lies["discovery"] = lambda honest: {**honest, name: v}

    answer = make_portal().post("/connexion/passerelle")

    assert answer.status_code == 303
    assert own(answer)


@patient
@given(
    name=st.sampled_from(["status", "created_at", "holder", "nir_masked", "rights", "links"]),
    v=VALUES,
)
def test_no_member_of_the_file_breaks_the_page(portal, broker, name, v):
    """A strange file is shown as far as it makes sense, or said to be unreadable."""
    broker.lies["account"] = lambda honest: {**honest, name: v}
    portal.sign_in()

    assert portal.get("/mon-compte").status_code in {200, 503}


@patient
@given(
    path=st.sampled_from(
        ["/", "/connexion", "/callback", "/connexion/suite/refusee", "/aide/senior", "/session"]
    ),
    method=st.sampled_from(["GET", "POST", "HEAD", "OPTIONS", "DELETE"]),
    query=st.dictionaries(
        st.sampled_from(["lang", "numero", "state", "code", "iss", "error", "next"]), ADDRESSES
    ),
)
def test_no_query_breaks_a_page_or_leads_elsewhere(reader, path, method, query):
    """Any parameter on any page, by any method: never a 5xx, never another site."""
    answer = reader.client.open(path, method=method, query_string=query)

    assert answer.status_code < 500
    assert own(answer)


@patient
@given(slug=ADDRESSES)
def test_no_address_breaks_the_site(reader, slug):
    """Any path is a page of ours, whatever the Host header says (row 34)."""
    for root in ("/aide/", "/connexion/suite/", "/assets/", "/", ""):
        answer = reader.client.get(
            "/", headers={"Host": "evil.example"}, environ_overrides={"PATH_INFO": root + slug}
        )
        assert answer.status_code < 500
        assert own(answer)


@patient
@given(value=st.text(alphabet="abcdef0123456789-_.~%", max_size=80))
@pytest.mark.parametrize(
    "name", ["passerelle_portal", "passerelle_portal_forms", "passerelle_portal_language"]
)
def test_no_cookie_breaks_a_page_or_opens_a_session(reader, name, value):
    """Made-up cookies are no session (row 19)."""
    reader.client.set_cookie(name, value)

    answer = reader.get("/mon-compte")

    assert answer.status_code == 303
    assert "suite" in answer.headers["Location"] or answer.headers["Location"] == "/connexion"


def test_what_we_emit_of_one_kind_is_never_another(portal, broker):
    """State, nonce, tokens and other cookies are no session of anybody (row 19)."""
    start = portal.start()
    query = dict(parse_qsl(urlsplit(start).query))
    portal.come_back(broker.callback(start))
    portal.get("/mon-compte")
    emitted = [
        query["state"],
        query["nonce"],
        query["code_challenge"],
        portal.client.get_cookie("passerelle_portal_forms").value,
        *broker.tokens,
    ]

    for text in emitted:
        stranger = type(portal)(portal.app, broker)
        stranger.client.set_cookie("passerelle_portal", text)
        assert stranger.get("/mon-compte").headers["Location"].endswith("session-terminee")
