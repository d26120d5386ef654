"""
What every provider must do, whatever its dialect: a suite to inherit, against any upstream.

A subclass gives the fixture `stage` (see `stage.py`): an adapter, an upstream to sign in at, and
lies the upstream tells on demand.
"""

from urllib.parse import parse_qs, urlsplit

import pytest

from providers import call_faults, faults, token_faults
from providers.identity import PivotIdentity
from providers.levels import Level
from providers.protocol import Arrival, LogsOut

LIES = {
    "redirect_on_token": call_faults.TOKEN.redirect,
    "token_500": call_faults.TOKEN.status,
    "token_html": call_faults.TOKEN.not_json,
    "token_huge": call_faults.TOKEN.too_large,
    "wrong_iss": token_faults.WrongIssuer,
    "wrong_aud": token_faults.WrongAudience,
    "two_aud_without_azp": token_faults.WrongAzp,
    "expired": token_faults.Expired,
    "not_yet_valid": token_faults.NotYetValid,
    "wrong_nonce": token_faults.WrongNonce,
    "no_nonce": token_faults.MissingNonce,
    "alg_none": token_faults.AlgRefused,
    "hs256_with_public_key": token_faults.AlgRefused,
    "foreign_key": token_faults.BadSignature,
    "unknown_kid": token_faults.UnknownKey,
    "jwk_header": token_faults.HeaderKeyRefused,
    "unknown_crit": token_faults.UnknownCrit,
    "wrong_at_hash": token_faults.WrongAtHash,
    "no_sub": token_faults.SubjectInvalid,
    "sub_number": token_faults.SubjectInvalid,
    "sub_300": token_faults.SubjectInvalid,
    "no_acr": token_faults.LevelMissing,
    "userinfo_401": call_faults.USERINFO.status,
    "userinfo_other_sub": token_faults.SubjectMismatch,
    "no_family_name": token_faults.TraitInvalid,
    "malformed_date": token_faults.TraitInvalid,
}


class ProviderConformance:
    """Inherit, and give the fixture `stage`."""

    def test_a_departure_names_its_trip(self, stage):
        """The browser leaves for the issuer, with state and nonce or a pushed request."""
        trip = stage.trip()
        url = stage.provider.depart(trip).url
        sent = parse_qs(urlsplit(url).query)

        assert url.startswith(f"{stage.issuer}/")
        assert all(len(values) == 1 for values in sent.values())
        if "request_uri" in sent:
            assert set(sent) == {"client_id", "request_uri"}
        else:
            assert sent["state"] == [trip.state]
            assert sent["nonce"] == [trip.nonce]
            assert sent["redirect_uri"] == [trip.callback]
            assert sent["code_challenge_method"] == ["S256"]
            assert trip.verifier not in url

    def test_an_honest_sign_in_arrives(self, stage):
        """A person who signs in arrives with a pivot identity, a level, an issuer and a subject."""
        trip = stage.trip()
        arrival = stage.provider.arrive(stage.sign_in(trip), trip)

        assert isinstance(arrival, Arrival)
        assert isinstance(arrival.identity, PivotIdentity)
        assert arrival.identity == stage.expected
        assert arrival.issuer == stage.issuer
        assert arrival.subject
        assert arrival.level in stage.provider.levels
        assert arrival.level.rank >= trip.level.rank
        assert abs(arrival.auth_time - trip.now) <= 300

    @pytest.mark.parametrize("level", Level)
    def test_a_level_is_given_as_asked_or_not_asked_at_all(self, stage, level):
        """A trip asks for a level on offer and gets at least that; else it stays here."""
        trip = stage.trip(level=level)
        strongest = max(offered.rank for offered in stage.provider.levels)
        if level.rank > strongest:
            with pytest.raises(faults.LevelNotOffered):
                stage.provider.depart(trip)
        else:
            arrival = stage.provider.arrive(stage.sign_in(trip), trip)
            assert arrival.level.rank >= level.rank

    def test_a_greatest_age_is_kept(self, stage):
        """A trip that wants a recent sign-in accepts one made now."""
        trip = stage.trip(max_age=600)

        assert stage.provider.arrive(stage.sign_in(trip), trip).auth_time >= trip.now - 660

    def test_the_same_person_keeps_the_same_subject(self, stage):
        """Two sign-ins of one person have one subject."""
        arrivals = []
        for _ in range(2):
            trip = stage.trip()
            arrivals.append(stage.provider.arrive(stage.sign_in(trip), trip))

        assert arrivals[0].subject == arrivals[1].subject

    def test_a_code_works_once(self, stage):
        """The same answer brought twice is refused the second time."""
        trip = stage.trip()
        answer = stage.sign_in(trip)
        stage.provider.arrive(answer, trip)

        with pytest.raises(call_faults.TOKEN.status):
            stage.provider.arrive(answer, trip)

    def test_an_answer_belongs_to_its_own_trip(self, stage):
        """A code obtained in another trip is refused: by its verifier at the provider, or here."""
        trip, other = stage.trip(), stage.trip()
        answer = stage.sign_in(other)

        with pytest.raises((call_faults.TOKEN.status, token_faults.WrongNonce)):
            stage.provider.arrive(answer, trip)

    def test_a_nonce_of_another_trip_is_refused(self, stage):
        """Even with the right verifier, an ID token of another nonce is refused."""
        trip = stage.trip()
        answer = stage.sign_in(trip)
        other = stage.trip(verifier=trip.verifier, state=trip.state)

        with pytest.raises(token_faults.WrongNonce):
            stage.provider.arrive(answer, other)

    def test_a_refusal_at_the_provider_is_told(self, stage):
        """A person who refuses comes back with access_denied."""
        trip = stage.trip()
        with pytest.raises(faults.ProviderError) as refused:
            stage.provider.arrive(stage.refuse(trip), trip)

        assert refused.value.error == "access_denied"
        assert not refused.value.blames_upstream

    def test_an_answer_of_another_issuer_is_refused(self, stage):
        """An answer that names another issuer is a mix-up, an error no less than a code."""
        trip = stage.trip()
        for answer in (stage.sign_in(trip), {"error": "access_denied"}):
            with pytest.raises(faults.IssuerMismatch):
                stage.provider.arrive({**answer, "iss": "https://other.example"}, trip)

    @pytest.mark.parametrize("code", [None, "", "two words", "é", "c" * 5000, "line\nbreak"])
    def test_an_answer_without_a_usable_code_is_refused(self, stage, code):
        """No code, or one that cannot be one, goes nowhere."""
        trip = stage.trip()
        answer = {"state": trip.state, "iss": stage.issuer}

        with pytest.raises(faults.NoCode):
            stage.provider.arrive(answer if code is None else {**answer, "code": code}, trip)

    @pytest.mark.parametrize(("lie", "fault"), LIES.items())
    def test_a_lie_is_refused_by_name(self, stage, lie, fault):
        """Each lie of the provider meets the check made for it, and the next login is unharmed."""
        trip = stage.trip()
        with stage.lying(lie), pytest.raises(fault) as refused:
            stage.provider.arrive(stage.sign_in(trip), trip)

        assert refused.value.number.startswith("P")
        again = stage.trip()
        assert stage.provider.arrive(stage.sign_in(again), again).identity == stage.expected

    def test_a_rotation_of_keys_loses_no_login(self, stage):
        """A login signed with a key published a moment ago arrives."""
        for _ in range(2):
            trip = stage.trip()
            stage.provider.arrive(stage.sign_in(trip), trip)
            stage.rotate_keys()

        trip = stage.trip()
        assert stage.provider.arrive(stage.sign_in(trip), trip).identity == stage.expected

    def test_logging_out_leads_back_here(self, stage):
        """A provider that ends its session is told by whom and where to come back."""
        trip = stage.trip()
        arrival = stage.provider.arrive(stage.sign_in(trip), trip)
        back = "https://broker.example/logged-out"

        assert isinstance(stage.provider, LogsOut)
        url = stage.provider.logout_url(arrival.id_token, back, "state-of-logout")
        if url is not None:
            sent = parse_qs(urlsplit(url).query)
            assert url.startswith(f"{stage.issuer}/")
            assert sent["post_logout_redirect_uri"] == [back]
            assert sent["state"] == ["state-of-logout"]
            assert sent["id_token_hint"] == [arrival.id_token]
            assert arrival.id_token.count(".") == 2
