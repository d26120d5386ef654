"""The broker says that a session is over: what the service does when it can and cannot check."""

import pytest

EVENT = "http://schemas.openid.net/event/backchannel-logout"
INSIDE = {"portal": "/mon-compte", "sample": "/espace"}


@pytest.fixture(params=INSIDE)
def service(request):
    """A browser at each service, signed in."""
    visitor = request.getfixturevalue(request.param)
    visitor.sign_in()
    visitor.inside = INSIDE[request.param]
    return visitor


def notice(service, clock, **changes):
    """What the fake broker signs, as its one session is called `session-1`."""
    name = "ameli-portal" if service.inside == "/mon-compte" else "sample-service"
    claims = {
        "iss": service.broker.issuer,
        "aud": name,
        "iat": int(clock()),
        "exp": int(clock()) + 120,
        "jti": "jti-1",
        "sid": "session-1",
        "events": {EVENT: {}},
        **changes,
    }
    service.broker.lies["header"] = lambda header: {**header, "typ": "logout+jwt"}
    return service.broker.sign(claims)


def tell(service, token):
    return service.client.post("/backchannel-logout", data={"logout_token": token})


def test_a_notice_closes_the_session(service, clock):
    """Nothing but the status is answered, and nobody keeps it."""
    answer = tell(service, notice(service, clock))

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    assert service.get(service.inside).status_code == 303


def test_a_notice_that_cannot_be_checked_now_is_asked_for_again(service, clock):
    """The keys are too old and the broker does not answer: 503, so that it comes back later."""
    token = notice(service, clock)
    clock.advance(601)
    service.broker.away = True

    assert tell(service, token).status_code == 503


def test_a_notice_under_a_new_key_is_checked_with_it(service, clock):
    """A key that the service never saw: the published set is read again."""
    clock.advance(31)
    service.broker.key = type(service.broker.key).generate_key("P-256", {"kid": "k2"}, private=True)

    assert tell(service, notice(service, clock)).status_code == 200
    assert service.get(service.inside).status_code == 303


def test_a_session_without_a_name_is_closed_by_its_person(service, clock):
    """An ID token without sid opens a session as any other; the notice then names the person."""
    service.broker.lies["id_token"] = lambda claims: {k: v for k, v in claims.items() if k != "sid"}
    service.sign_in()

    tell(service, notice(service, clock, jti="other"))
    still_in = service.get(service.inside).status_code != 303
    tell(service, notice(service, clock, sid=None, sub="pairwise-of-claire"))

    assert still_in
    assert service.get(service.inside).status_code == 303


def test_what_was_remembered_of_notices_is_forgotten(service, clock):
    """An expired token could not be used again anyway: its number may come back."""
    first = tell(service, notice(service, clock))
    clock.advance(300)

    again = tell(service, notice(service, clock))

    assert (first.status_code, again.status_code) == (200, 200)


def test_a_refusal_says_nothing_of_the_reason(service, no_secret_in_logs):
    """The reason is in the log, the token nowhere."""
    no_secret_in_logs.never("session-1")

    answer = tell(service, "a.b.c")

    assert answer.status_code == 400
    assert answer.json == {
        "error": "invalid_request",
        "error_description": "the logout token is refused",
    }
