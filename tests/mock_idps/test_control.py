"""The control API: what it offers, what it refuses, and the names it gives to those who guess."""

import pytest

HEADERS = {"Content-Type": "application/json"}
LINA = {"traits": {"family_name": "NOUVELLE", "given_name": "Lina"}, "fr": "ajoutée", "en": "added"}


@pytest.fixture
def control(plain):
    """Calls below /_control: `control(method, path, json)`."""

    def call(method, path, json=None, **kwargs):
        if method != "GET" and json is None:
            kwargs.setdefault("headers", HEADERS)
        return plain.back.open(f"/_control{path}", method=method, json=json, **kwargs)

    return call


def test_a_persona_added_can_sign_in_and_is_on_the_page(plain, control):
    """PUT makes it, the page shows it, a login gives its traits."""
    made = control("PUT", "/personas/lina", LINA)
    identity = plain.userinfo(plain.redeem(plain.sign_in("persona:lina"))).json

    assert made.json["traits"] == LINA["traits"]
    assert identity["family_name"] == "NOUVELLE"
    assert 'data-testid="persona-lina"' in plain.browser.get(plain.start().location).text


def test_a_persona_can_be_replaced_read_and_removed(control):
    """The whole life of one."""
    control("PUT", "/personas/claire", LINA)
    replaced = control("GET", "/personas/claire").json["traits"]["family_name"]
    removed = control("DELETE", "/personas/claire").status_code

    assert replaced == "NOUVELLE"
    assert removed == 200
    assert control("GET", "/personas/claire").status_code == 404


def test_a_relative_birthdate_is_computed_for_new_personas_too(control):
    """today-16y means the day this provider started."""
    body = {"traits": {"birthdate": "today-16y+1d"}}

    assert control("PUT", "/personas/young", body).json["traits"]["birthdate"] == "2010-03-02"


def test_every_persona_is_listed_with_its_reason(control):
    """Key, group, both sentences, expectation."""
    people = control("GET", "/personas").json["personas"]

    assert len(people) >= 40
    assert all(one["key"] and one["fr"] and one["en"] and one["expect"] for one in people)


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_an_unknown_persona_is_404_with_the_known_ones(control, method):
    """The answer helps whoever mistyped."""
    refused = control(method, "/personas/nobody")

    assert refused.status_code == 404
    assert "claire" in refused.json["error_description"]


@pytest.mark.parametrize(
    ("body", "known"),
    [
        ({"fault": "nothing"}, "wrong_nonce"),
        ({"fault": ""}, "wrong_nonce"),
        ({}, "wrong_nonce"),
        ({"fault": "no_code", "persona": "nobody"}, "claire"),
    ],
)
def test_an_unknown_fault_is_400_with_the_known_ones(control, body, known):
    """A fault, and a persona it is meant for, must exist."""
    refused = control("POST", "/faults", body)

    assert refused.status_code == 400
    assert known in refused.json["error_description"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"traits": []},
        {"traits": {"a": 1}},
        {"traits": {}, "group": "nowhere"},
        {"traits": {}, "highest": "eidas9"},
        {"traits": {}, "colour": "red"},
    ],
)
def test_a_malformed_persona_is_refused_with_its_problems(control, body):
    """400 that names the field."""
    refused = control("PUT", "/personas/lina", body)

    assert (refused.status_code, refused.json["error"]) == (400, "invalid_persona")
    assert ":" in refused.json["error_description"]


@pytest.mark.parametrize("data", ["", "[]", "{", "null", '"x"'])
def test_a_body_that_is_no_object_is_refused(control, data):
    """Not a 500."""
    refused = control("PUT", "/personas/lina", data=data, headers=HEADERS)

    assert (refused.status_code, refused.json["error"]) == (400, "invalid_request")


def test_a_web_form_cannot_change_anything(plain):
    """Another site's page can post forms to localhost, but no JSON."""
    refused = plain.back.post("/_control/reset", data={"a": "b"})

    assert refused.status_code == 415


def test_personas_are_bounded(control):
    """Beyond 500 people there is no room."""
    statuses = [control("PUT", f"/personas/p{n}", LINA).status_code for n in range(460)]

    assert statuses[0] == 200
    assert statuses[-1] == 409


def test_the_table_of_faults_is_served_as_data(control):
    """Each row says where, what, what is expected and how it ends."""
    rows = control("GET", "/faults").json["faults"]

    assert {"name", "where", "does", "expects", "ends"} == set(rows[0])
    assert len(rows) > 50


def test_queued_faults_can_be_forgotten(plain, control):
    """After DELETE the next login is honest."""
    control("POST", "/faults", {"fault": "no_code", "count": 3})
    control("POST", "/faults", {"fault": "discovery_500"})
    control("DELETE", "/faults")

    assert "code" in plain.sign_in().answer
    assert plain.back.get("/.well-known/openid-configuration").status_code == 200


@pytest.mark.parametrize(("count", "waiting"), [(0, 1), (-5, 1), (7, 7), (10_000, 100), ("x", 1)])
def test_a_fault_is_queued_a_bounded_number_of_times(control, count, waiting):
    """Between 1 and 100 at a time."""
    control("POST", "/faults", {"fault": "no_code", "count": count})

    assert len(control("GET", "/faults").json["queue"]) == waiting


def test_the_inspector_shows_what_was_received_without_secrets(plain, control):
    """The token request is there, its secret is not."""
    plain.redeem(plain.sign_in())
    entries = control("GET", "/requests").json["requests"]
    token = next(entry for entry in entries if entry["path"] == "/token")

    assert [entry["path"] for entry in entries] == ["/authorize", "/token"]
    assert token["status"] == 200
    assert token["form"]["grant_type"] == "authorization_code"
    assert plain.settings.client_secret not in control("GET", "/requests").text
    assert "Basic •••" in token["headers"]["Authorization"]


def test_the_inspector_is_bounded_and_can_be_emptied(plain, control):
    """The last 300 requests, until they are forgotten."""
    for _ in range(310):
        plain.back.get("/jwks")
    kept = len(control("GET", "/requests").json["requests"])
    control("DELETE", "/requests")

    assert kept == 300
    assert control("GET", "/requests").json["requests"] == []


@pytest.mark.parametrize("assertion", ["x", "a.!.c", "a.e30.c"])
def test_the_inspector_survives_any_assertion(plain, control, assertion):
    """Garbage is hidden, claims are shown."""
    plain.back.post("/token", data={"client_assertion": assertion})
    form = control("GET", "/requests").json["requests"][-1]["form"]

    assert form["client_assertion"] == ("{}" if assertion == "a.e30.c" else "•••")


def test_reset_goes_back_to_the_first_day(plain, control, new_trip):
    """People, sessions, faults and records are as at the start; keys stay."""
    keys = control("GET", "/keys").json
    control("PUT", "/personas/lina", LINA)
    control("DELETE", "/personas/claire")
    control("POST", "/faults", {"fault": "no_code"})
    plain.sign_in("persona:marc")
    control("POST", "/reset")
    trip = new_trip()
    trip.location = plain.start(trip, prompt="none").location

    assert control("GET", "/personas/lina").status_code == 404
    assert control("GET", "/personas/claire").status_code == 200
    assert trip.answer["error"] == "login_required"
    assert control("GET", "/keys").json == keys


def test_a_closed_control_does_not_exist(party):
    """Every address is 404 when the settings close it."""
    rp = party("plain", control=False)

    assert rp.back.get("/_control/personas").status_code == 404
    assert rp.back.post("/_control/reset", headers=HEADERS).status_code == 404
    assert "/_control" not in rp.back.get("/").text


def test_the_description_covers_every_address(plain):
    """The OpenAPI document and the routes name the same methods and paths."""
    document = plain.back.get("/_control/openapi.json").json
    described = {
        (method.upper(), path) for path, methods in document["paths"].items() for method in methods
    }
    served = {
        (method, rule.rule.replace("<", "{").replace(">", "}"))
        for rule in plain.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule.startswith("/_control") and not rule.rule.endswith("openapi.json")
    }

    assert document["openapi"].startswith("3.1")
    assert described == served
    assert document["components"]["schemas"]["Persona"]["properties"]["traits"]


def test_no_secret_of_a_form_reaches_the_inspector(party):
    """Neither the client's secret nor a person's password is kept."""
    rp = party("tax")
    trip = rp.sign_in("")
    page = rp.start(trip).location
    rp.browser.post(page, data={"do": "password:", "login": "marc", "password": "demo-2026"})
    rp.redeem(trip)
    forms = [one["form"] for one in rp.back.get("/_control/requests").json["requests"]]

    assert forms[-2]["password"] == "•••"
    assert forms[-1]["client_secret"] == "•••"
