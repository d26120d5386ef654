"""A login out and back, and every answer that must not let anybody in."""

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey


def asked(url):
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def test_the_request_holds_all_that_protects_a_login(portal, broker):
    """State, nonce and an S256 challenge, each long and new; the level and the scopes."""
    first, second = asked(portal.start()), asked(portal.start())

    assert first["response_type"] == "code"
    assert first["client_id"] == "ameli-portal"
    assert first["redirect_uri"] == "http://localhost:8080/callback"
    assert first["acr_values"] == "eidas1"
    assert "account" in first["scope"].split()
    assert first["code_challenge_method"] == "S256"
    for secret in ("state", "nonce", "code_challenge"):
        assert len(first[secret]) >= 43
        assert first[secret] != second[secret]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_broker_is_told_the_language_of_the_page(portal, language):
    """The person goes on in the language chosen here."""
    portal.get(f"/?lang={language}")

    assert asked(portal.start())["ui_locales"] == language


def test_a_login_ends_on_the_page_of_the_account(portal):
    """The whole trip: who I am, how I was identified, what happened."""
    answer = portal.sign_in()
    page = portal.get(answer.headers["Location"])

    assert answer.headers["Location"] == "/mon-compte"
    assert page.status_code == 200
    assert "Claire MARTIN" in page.text


@pytest.mark.parametrize("service", ["portal", "sample"])
def test_both_ways_of_proving_the_client_work(service, request):
    """The portal sends its secret in a header, the sample service in the form."""
    visitor = request.getfixturevalue(service)

    assert visitor.sign_in().headers["Location"] in {"/mon-compte", "/espace"}


def test_a_signed_userinfo_is_accepted(portal, broker):
    """A broker that signs what it says of the person is understood."""
    broker.signed_userinfo = True

    assert portal.sign_in().headers["Location"] == "/mon-compte"


def test_a_level_above_the_one_asked_for_is_accepted(portal, broker):
    """Asked for the first level, the second is welcome."""
    broker.level = "eidas2"

    portal.sign_in()

    assert "de deux façons" in portal.get("/mon-compte").text


def test_two_tabs_finish_both_their_logins(portal, broker):
    """Two logins of one browser are two: the second ends well after the first."""
    first, second = portal.start(), portal.start()

    assert portal.come_back(broker.callback(second)).headers["Location"] == "/mon-compte"
    assert portal.come_back(broker.callback(first)).headers["Location"] == "/mon-compte"
    assert portal.get("/mon-compte").status_code == 200


# --- answers that belong to no login of this browser -------------------------------------------


@pytest.mark.parametrize(
    "query",
    ["", "code=abc", "state=", "state=unknown&code=abc", "error=access_denied", "state[]=a&code=b"],
)
def test_an_answer_without_a_login_of_this_browser_is_refused(portal, query):
    """Forged, unsolicited, empty: a page says so, and nobody is signed in (row 7)."""
    portal.start()

    page = portal.ended(portal.get(f"/callback?{query}"))

    assert page.status_code == 400
    assert "ne peut pas reprendre" in page.text
    assert portal.get("/mon-compte").status_code == 303


def test_an_answer_is_good_once(portal, broker):
    """The same address followed again signs nobody in again (row 17)."""
    callback = broker.callback(portal.start())
    portal.come_back(callback)

    page = portal.ended(portal.come_back(callback))

    assert page.status_code == 400
    assert broker.seen.count("POST /token") == 1


def test_eight_hands_on_one_answer_sign_in_once(portal, broker):
    """The same answer brought eight times at once buys one session: the database decides."""
    callback = broker.callback(portal.start())
    forms = portal.client.get_cookie("passerelle_portal_forms").value

    def bring(_hand):
        visitor = type(portal)(portal.app, broker)
        visitor.client.set_cookie("passerelle_portal_forms", forms)
        return visitor.come_back(callback).headers["Location"]

    with ThreadPoolExecutor(8) as hands:
        places = list(hands.map(bring, range(8)))

    assert sorted(places) == ["/connexion/suite/inattendue"] * 7 + ["/mon-compte"]


def test_the_answer_of_another_browser_is_refused_and_left_intact(portal, another_browser, broker):
    """A link with somebody else's answer dies here, and still works for its owner (rows 24, 36)."""
    callback = broker.callback(portal.start())
    another_browser.start()

    assert another_browser.ended(another_browser.come_back(callback)).status_code == 400
    assert portal.come_back(callback).headers["Location"] == "/mon-compte"


def test_a_state_given_twice_is_none(portal, broker):
    """A repeated parameter is no parameter (RFC 6749 §3.1)."""
    broker.lies["callback"] = lambda query: {**query, "state": [query["state"], "other"]}

    assert portal.ended(portal.sign_in()).status_code == 400


def test_a_login_left_too_long_is_over(portal, broker, clock):
    """An hour later the attempt is forgotten; a minute before, it is not."""
    early, late = portal.start(), portal.start()
    clock.advance(3599)
    assert portal.come_back(broker.callback(early)).headers["Location"] == "/mon-compte"
    clock.advance(2)

    assert portal.ended(portal.come_back(broker.callback(late))).status_code == 400


def test_one_browser_keeps_its_ten_latest_logins(portal, broker):
    """An eleventh login drops the first: what one browser can store is bounded."""
    starts = []
    for _ in range(11):
        portal.broker.clock.advance(1)
        starts.append(portal.start())

    assert portal.ended(portal.come_back(broker.callback(starts[0]))).status_code == 400
    assert portal.come_back(broker.callback(starts[1])).headers["Location"] == "/mon-compte"


def test_the_database_alone_finishes_no_login(portal, broker, tmp_path):
    """Neither state, nonce nor verifier is stored as it is."""
    query = asked(portal.start())
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("portal.sqlite*"))

    assert b"login_attempt" in stored
    assert query["state"].encode() not in stored
    assert query["nonce"].encode() not in stored


# --- answers that say no ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "description", "status", "words"),
    [
        ("access_denied", None, 200, "Aucune information ne nous a été envoyée"),
        ("access_denied", "B0141 You chose not to log in.", 200, "recommencer quand vous voulez"),
        ("access_denied", "B0401 We could not find your file.", 403, "B0401"),
        ("access_denied", "No account (B0408).", 403, "n'a pas pu être ouvert"),
        ("temporarily_unavailable", None, 503, "Rien n'est perdu"),
        ("server_error", "B0143 A problem on our side.", 503, "Rien n'est perdu"),
        ("invalid_request", "scope: unknown", 502, "vérifier votre identité"),
        ("<script>", "<script>alert(1)</script>", 502, "vérifier votre identité"),
    ],
)
def test_a_refusal_becomes_a_page_with_a_way_on(portal, broker, error, description, status, words):
    """Whatever the broker refuses, the person reads what happened and can start again."""
    answer = portal.come_back(broker.callback(portal.start(), error, description))
    page = portal.ended(answer)

    assert page.status_code == status
    assert words in page.text.replace("\N{NO-BREAK SPACE}", " ")
    assert 'data-testid="identify"' in page.text
    assert "<script>alert" not in page.text


def test_the_words_of_an_error_are_never_shown(portal, broker):
    """Only a number is taken from the description: nobody can write on our page by a link."""
    said = "Call 08 99 00 00 00 and give your IBAN. B0401"

    page = portal.ended(portal.come_back(broker.callback(portal.start(), "access_denied", said)))

    assert "08 99" not in page.text
    assert "IBAN" not in page.text
    assert "B0401" in page.text


def test_an_error_counts_only_for_a_login_that_waits(portal, broker):
    """A crafted refusal shows no refusal."""
    page = portal.ended(portal.get("/callback?error=access_denied&error_description=B0401&state=x"))

    assert "B0401" not in page.text


# --- answers that lie ---------------------------------------------------------------------------

FOREIGN = ECKey.generate_key("P-256", {"kid": "k1"})


def raw(header, claims, signature=b""):
    """A token put together by hand, because the library refuses to."""
    parts = (json.dumps(header).encode(), json.dumps(claims).encode(), signature)
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


def unsigned(_header, claims):
    return raw({"alg": "none"}, claims)


def critical(header, claims):
    return raw({**header, "crit": ["x"], "x": 1}, claims, b"signature")


def hashed(_header, claims):
    """Signed with HS256 and a secret anybody could know."""
    return jwt.encode({"alg": "HS256", "kid": "k1"}, claims, OctKey.import_key("k" * 32))


def with_own_key(_header, claims):
    header = {"alg": "ES256", "kid": "k1", "jwk": FOREIGN.as_dict(private=False)}
    return jwt.encode(header, claims, FOREIGN)


def changed(**members):
    return lambda content: {**content, **members}


def without(*names):
    return lambda content: {k: v for k, v in content.items() if k not in names}


LIES = {
    "wrong issuer of the answer (RFC 9207)": ("callback", changed(iss="http://attacker")),
    "no issuer of the answer": ("callback", without("iss")),
    "no code": ("callback", without("code")),
    "two codes": ("callback", changed(code=["a", "b"])),
    "ID token with another nonce": ("id_token", changed(nonce="other")),
    "ID token without nonce": ("id_token", without("nonce")),
    "nonce switched off": ("id_token", changed(nonce=None, nonce_supported=False)),
    "ID token of another issuer": ("id_token", changed(iss="http://attacker")),
    "ID token for another service": ("id_token", changed(aud="sample-service")),
    "ID token for two services": ("id_token", changed(aud=["ameli-portal", "other"])),
    "ID token authorised for another": ("id_token", changed(azp="sample-service")),
    "no audience": ("id_token", without("aud")),
    "expired": ("id_token", lambda c: {**c, "exp": c["iat"] - 61}),
    "never expires": ("id_token", without("exp")),
    "expires at NaN": ("id_token", changed(exp=float("nan"))),
    "issued tomorrow": ("id_token", lambda c: {**c, "iat": c["iat"] + 86400}),
    "no subject": ("id_token", without("sub")),
    "subject is null": ("id_token", changed(sub=None)),
    "subject is a number": ("id_token", changed(sub=42)),
    "subject is empty": ("id_token", changed(sub="")),
    "subject of 300 letters": ("id_token", changed(sub="s" * 300)),
    "wrong at_hash": ("id_token", changed(at_hash="AAAAAAAAAAAAAAAAAAAAAA")),
    "no at_hash": ("id_token", without("at_hash")),
    "at_hash is a number": ("id_token", changed(at_hash=1)),
    "no level": ("id_token", without("acr")),
    "unknown level": ("id_token", changed(acr="eidas0")),
    "level is a list": ("id_token", changed(acr=["eidas1"])),
    "no moment": ("id_token", without("auth_time")),
    "moment is a text": ("id_token", changed(auth_time="now")),
    "moment is NaN": ("id_token", changed(auth_time=float("nan"))),
    "moment in the future": ("id_token", lambda c: {**c, "auth_time": c["iat"] + 3600}),
    "alg none": ("sign", unsigned),
    "HS256": ("sign", hashed),
    "signed by a stranger": ("sign", lambda h, c: jwt.encode(h, c, FOREIGN)),
    "brings its own key": ("sign", with_own_key),
    "unknown kid": ("header", changed(kid="k9")),
    "unknown critical header": ("sign", critical),
    "not a token": ("sign", lambda _h, _c: "not.a.token"),
    "token reply without ID token": ("token", without("id_token")),
    "token reply of another type": ("token", changed(token_type="mac")),
    "access token is a list": ("token", changed(access_token=["x"])),
    "userinfo of somebody else": ("userinfo", changed(sub="somebody-else")),
    "userinfo without subject": ("userinfo", without("sub")),
    "no account": ("userinfo", without("account_id")),
    "an account that is a number": ("userinfo", changed(account_id=7)),
    "an unknown outcome": ("userinfo", changed(account_status="stolen")),
    "discovery of another issuer": ("discovery", changed(issuer="http://attacker")),
    "discovery without token endpoint": ("discovery", without("token_endpoint")),
    "discovery with a script": ("discovery", changed(token_endpoint="javascript:x")),
    "no keys": ("jwks", changed(keys=[])),
    "keys are no list": ("jwks", changed(keys=7)),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_lets_nobody_in(portal, broker, lie):
    """Each check of the answer holds alone; the page says so and no session exists."""
    name, told = LIES[lie]
    start = portal.start() if name != "discovery" else None
    broker.lies[name] = told
    answer = (
        portal.come_back(broker.callback(start)) if start else portal.post("/connexion/passerelle")
    )

    page = portal.ended(answer)

    assert page.status_code == 502
    assert "vérifier votre identité" in page.text
    assert portal.get("/mon-compte").headers["Location"] == "/connexion"


@pytest.mark.parametrize(
    ("lie", "told"),
    [
        ("signed by a stranger", ("sign", lambda h, c: jwt.encode(h, c, FOREIGN))),
        ("for another service", ("signed", changed(aud="sample-service"))),
        ("by another issuer", ("signed", changed(iss="http://attacker"))),
        ("without audience", ("signed", without("aud"))),
    ],
)
def test_a_signed_userinfo_must_be_from_the_broker_and_for_us(portal, broker, lie, told):
    """The signature of userinfo is checked like that of the ID token (row 42)."""
    broker.signed_userinfo = True
    name, function = told
    honest = broker.sign
    if name == "sign":
        broker.sign = lambda claims: (
            honest(claims) if "nonce" in claims else function({"alg": "ES256"}, claims)
        )
    else:
        broker.lies[name] = function

    assert portal.ended(portal.sign_in()).status_code == 502


def test_a_promised_signature_may_not_be_missing(settings, outside, broker, make_portal):
    """A service that registered for signed answers refuses plain ones."""
    visitor = make_portal(userinfo_signed_alg="ES256")

    assert visitor.ended(visitor.sign_in()).status_code == 502
    broker.signed_userinfo = True
    assert visitor.sign_in().headers["Location"] == "/mon-compte"


@pytest.mark.parametrize(("given_level", "status"), [("eidas1", 502), ("eidas2", 303)])
def test_a_level_below_the_one_asked_for_is_refused(make_portal, broker, given_level, status):
    """Asked for the second level, the first is not enough (row 26)."""
    visitor = make_portal(acr_values="eidas2 eidas3")
    broker.level = given_level

    answer = visitor.sign_in()

    assert (answer if status == 303 else visitor.ended(answer)).status_code == status


def test_a_new_key_of_the_broker_is_found(portal, broker, clock):
    """After a rotation the keys are asked again, but not for every unknown one."""
    portal.sign_in()
    broker.key = ECKey.generate_key("P-256", {"kid": "k2", "use": "sig", "alg": "ES256"})
    clock.advance(31)

    assert portal.sign_in().headers["Location"] == "/mon-compte"
    broker.lies["header"] = changed(kid="forged")
    before = broker.seen.count("GET /jwks")
    for _ in range(5):
        portal.ended(portal.sign_in())
    assert broker.seen.count("GET /jwks") == before


def test_discovery_is_asked_once_in_ten_minutes(portal, broker, clock):
    """What the broker publishes is kept for a while, and no longer."""
    portal.sign_in()
    portal.sign_in()
    assert sum("openid-configuration" in call for call in broker.seen) == 1

    clock.advance(601)
    portal.sign_in()

    assert sum("openid-configuration" in call for call in broker.seen) == 2


# --- a broker that does not answer --------------------------------------------------------------


def test_a_broker_that_is_away_before_the_login_says_so(portal, broker):
    """The button leads to a page that says what happened; the next try works."""
    broker.away = True
    page = portal.ended(portal.post("/connexion/passerelle"))
    assert page.status_code == 503
    assert "Rien n'est perdu" in page.text.replace("\N{NO-BREAK SPACE}", " ")

    broker.away = False
    assert portal.sign_in().headers["Location"] == "/mon-compte"


def test_a_broker_that_leaves_during_the_login_says_so(portal, broker):
    """The same page when the broker goes away between the departure and the return."""
    callback = broker.callback(portal.start())
    broker.away = True

    assert portal.ended(portal.come_back(callback)).status_code == 503


@pytest.mark.parametrize(
    ("path", "status", "shown"),
    [
        ("/token", 500, 503),
        ("/token", 503, 503),
        ("/token", 302, 503),
        ("/token", 400, 502),
        ("/userinfo", 500, 503),
        ("/userinfo", 429, 503),
        ("/userinfo", 401, 502),
        ("/userinfo", 302, 503),
        ("/jwks", 500, 503),
    ],
)
def test_a_status_of_an_endpoint_becomes_one_page(portal, broker, path, status, shown):
    """A broker in trouble is one page, a senseless answer another; no redirect is followed."""
    callback = broker.callback(portal.start())
    broker.lies["status"] = {path: status}

    assert portal.ended(portal.come_back(callback)).status_code == shown


@pytest.mark.parametrize("path", ["/token", "/userinfo", "/jwks"])
@pytest.mark.parametrize(
    "body", [b"<html>", b"[]", b"[" * 50_000, b'{"a":' * 10_000, b"null", b"x" * 70_000]
)
def test_garbage_from_an_endpoint_lets_nobody_in(portal, broker, path, body):
    """HTML, lists, endless nesting, 70 kB: a page, never an error of ours."""
    callback = broker.callback(portal.start())
    broker.lies["body"] = {path: body}

    assert portal.ended(portal.come_back(callback)).status_code in {502, 503}


@pytest.mark.parametrize("name", ["token", "userinfo", "jwks"])
def test_an_endless_answer_is_not_read(portal, broker, name):
    """An answer that is right in all but its 70 kB is given up (row 41)."""
    broker.lies[name] = changed(padding="x" * 70_000)

    assert portal.ended(portal.sign_in()).status_code == 503


WORDS = st.text(max_size=60)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(query=st.dictionaries(st.sampled_from(["state", "code", "iss", "error", "lang"]), WORDS))
def test_no_answer_leads_elsewhere_or_breaks(portal, query):
    """Whatever a link to the callback holds, it ends on our own page (rows 13, 15)."""
    answer = portal.client.get("/callback", query_string=query)

    assert answer.status_code == 303
    assert answer.headers["Location"] == "/connexion/suite/inattendue"
