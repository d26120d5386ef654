"""Where endpoints are: the settings first, then a document that must speak for its issuer."""

import pytest

from providers import call_faults, faults
from tests.providers.stage import ISSUER, on_stage
from tests.providers.upstream import CALLBACK, json_reply


def _lying(changes, **settings):
    stage = on_stage(**settings)
    stage.upstream.lie("discovery", lambda document: {**document, **changes})
    return stage


@pytest.mark.parametrize(
    "issuer", ["https://other.example", f"{ISSUER}/", ISSUER.upper(), None, 7, [ISSUER], ""]
)
def test_a_document_of_another_issuer_is_refused(issuer):
    """The document must name the very issuer it was fetched from, character by character."""
    with pytest.raises(faults.DiscoveryIssuer):
        _lying({"issuer": issuer}).login()


UNUSABLE = [
    None,
    "",
    7,
    ["https://upstream.example/token"],
    "/token",
    "token",
    "http://upstream.example/token",
    "ftp://upstream.example/token",
    "javascript:alert(1)",
    "https:///token",
    "https://user:secret@upstream.example/token",
    "https://upstream.example/token#fragment",
    "https://upstream.example/to ken",
    "https://upstream.example/tok\nen",
    "https://upstream.example/tokén",
    "https://[::1/token",
    "https://upstream.example/" + "t" * 3000,
]


@pytest.mark.parametrize("address", UNUSABLE)
@pytest.mark.parametrize("name", ["token_endpoint", "authorization_endpoint", "jwks_uri"])
def test_an_unusable_endpoint_is_refused(name, address):
    """An endpoint that is absent, relative, weaker than the issuer or no address is refused."""
    with pytest.raises(faults.DiscoveryMalformed) as refused:
        _lying({name: address}).login()

    assert name in refused.value.private.values()


def test_only_the_endpoints_in_use_are_wanted():
    """A provider without user information or pushed requests need not publish their addresses."""
    gone = {"userinfo_endpoint": None, "pushed_authorization_request_endpoint": None}

    assert _lying(gone, userinfo="none").login()
    with pytest.raises(faults.DiscoveryMalformed):
        _lying(gone).login()
    with pytest.raises(faults.DiscoveryMalformed):
        _lying({"pushed_authorization_request_endpoint": None}, par=True).login()


def test_an_address_of_the_settings_wins():
    """What the settings say is not up to the document, right or wrong."""
    declared = {"token_endpoint": f"{ISSUER}/token", "jwks_uri": f"{ISSUER}/jwks"}
    stage = _lying({"token_endpoint": "https://evil.example/token", "jwks_uri": 7}, **declared)

    assert stage.login().identity == stage.expected


def test_without_discovery_no_document_is_asked_for():
    """A provider whose endpoints are declared is never asked where they are."""
    stage = on_stage("msa")
    stage.login()

    assert "/.well-known/openid-configuration" not in stage.upstream.paths()


def test_the_document_is_fetched_once_for_many_logins():
    """A document lasts for its lifetime, then is asked for once more."""
    stage = on_stage(discovery_seconds=600)
    for _ in range(5):
        stage.login()
    assert stage.upstream.paths().count("/.well-known/openid-configuration") == 1

    stage.clock[0] += 601
    stage.login()
    assert stage.upstream.paths().count("/.well-known/openid-configuration") == 2


def test_a_document_that_cannot_be_renewed_serves_once_more():
    """While discovery is down, logins go on with what is known, but not for ever."""
    stage = on_stage(discovery_seconds=600)
    stage.login()
    stage.upstream.lie("discovery", lambda _: json_reply({}, 503))

    stage.clock[0] += 700
    assert stage.login()
    stage.clock[0] += 700
    with pytest.raises(call_faults.DISCOVERY.status):
        stage.login()


def test_a_document_that_moves_is_followed_at_its_renewal():
    """An endpoint that moved is used at its new place after the lifetime."""
    stage = on_stage(discovery_seconds=600)
    stage.login()
    stage.upstream.lie(
        "discovery", lambda document: {**document, "authorization_endpoint": f"{ISSUER}/elsewhere"}
    )
    assert stage.provider.depart(stage.trip()).url.startswith(f"{ISSUER}/authorize?")

    stage.clock[0] += 601
    assert stage.provider.depart(stage.trip()).url.startswith(f"{ISSUER}/elsewhere?")


def test_a_query_in_the_endpoint_is_kept():
    """An authorization endpoint with a query of its own keeps it (RFC 6749 §3.1)."""
    stage = _lying({"authorization_endpoint": f"{ISSUER}/authorize?tenant=fr"})

    assert stage.provider.depart(stage.trip()).url.startswith(f"{ISSUER}/authorize?tenant=fr&")


def test_promised_issuers_are_required_in_answers():
    """Whoever promises `iss` in every answer must send it; others may leave it out."""
    for promised, settings, fault in (
        (True, {}, faults.IssuerMissing),
        (False, {}, None),
        ("true", {}, None),
        (False, {"iss_in_answer": True}, faults.IssuerMissing),
    ):
        stage = _lying({"authorization_response_iss_parameter_supported": promised}, **settings)
        trip = stage.trip()
        answer = {k: v for k, v in stage.sign_in(trip).items() if k != "iss"}
        if fault:
            with pytest.raises(fault):
                stage.provider.arrive(answer, trip)
        else:
            assert stage.provider.arrive(answer, trip).identity == stage.expected


# --- logging out ----------------------------------------------------------------------------------


def test_only_a_provider_that_logs_out_has_an_address_for_it():
    """The setting decides; a provider that publishes no such address has none."""
    back = "https://broker.example/logged-out"
    assert on_stage(logout=False).provider.logout_url("a.b.c", back, "s") is None
    assert on_stage("msa", logout=True).provider.logout_url("a.b.c", back, "s") is None
    assert (
        _lying({"end_session_endpoint": None}, logout=True).provider.logout_url("a.b.c", back, "s")
        is None
    )


def test_logging_out_works_before_any_login_here():
    """Another node may have done the login: this one learns the address by itself."""
    stage = on_stage(logout=True)
    url = stage.provider.logout_url("a.b.c", CALLBACK, "s t")

    assert url.startswith(f"{ISSUER}/logout?id_token_hint=a.b.c&")
    assert "state=s+t" in url
    assert "client_id=broker" in url
    stage.login()
    assert stage.upstream.paths().count("/.well-known/openid-configuration") == 2


def test_logging_out_of_an_unreachable_provider_is_left_out():
    """A dead provider does not keep anybody from leaving."""
    stage = on_stage(logout=True)
    stage.upstream.lie("discovery", lambda _: json_reply({}, 503))

    assert stage.provider.logout_url("a.b.c", CALLBACK, "s") is None
