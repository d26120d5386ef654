"""
What an attacking provider does to the other logins of the same broker.

It is registered at the broker like any other and hopes that the broker confuses it with an honest
one, the victim. Its own endpoints record whatever they receive (`/_control/requests`).
"""

from typing import Any
from urllib.parse import parse_qs, urlsplit

from flask import jsonify
from werkzeug import Response as AnyResponse

from mock_idps.asked import Asked
from mock_idps.faults.draft import Draft
from mock_idps.faults.fault import Answer, Ends, Fault, Liar, Where
from mock_idps.settings import Victim
from mock_idps.subjects import subject_at

_ACCOMPLICE = "marc"


def _victim(liar: Liar) -> Victim:
    return liar.settings.victims[0]


def _request_at_victim(asked: Asked, victim: Victim, persona: str) -> Answer:
    """The authorization request the broker would send to the victim, with this trip's secrets."""
    parameters = {
        "client_id": victim.client_id,
        "redirect_uri": victim.callback,
        "response_type": "code",
        "scope": " ".join(asked.scopes),
        "state": asked.state,
        "nonce": asked.nonce,
        "acr_values": " ".join(asked.levels),
        "code_challenge": asked.challenge,
        "code_challenge_method": "S256" if asked.challenge else None,
        "login_hint": f"persona:{persona}" if persona else None,
    }
    kept = {name: value for name, value in parameters.items() if value}
    return Answer(victim.authorization_endpoint, kept)


def _mix_up(_: Answer, liar: Liar) -> Answer:
    return _request_at_victim(liar.asked, _victim(liar), liar.persona)


def _borrowed_iss(answer: Answer, liar: Liar) -> Answer:
    return answer.but(iss=_victim(liar).issuer)


def _foreign_callback(answer: Answer, liar: Liar) -> Answer:
    victim = _victim(liar)
    return Answer(victim.callback, answer.parameters).but(iss=victim.issuer)


def _stolen_code(answer: Answer, liar: Liar) -> Answer:
    """A code the victim issued to the attacker's own person, delivered into this browser."""
    victim = _victim(liar)
    location = liar.outside.visit(_request_at_victim(liar.asked, victim, _ACCOMPLICE).url)
    code = parse_qs(urlsplit(location or "").query).get("code", ["stolen"])[0]
    return Answer(victim.callback, answer.parameters).but(code=code, iss=victim.issuer)


def _subject_of_victim(_: Any, liar: Liar) -> str:
    return subject_at(_victim(liar).issuer, liar.persona)


def _token_of_victim(draft: Draft, liar: Liar) -> Draft:
    issuer = _victim(liar).issuer
    return draft.claim(iss=issuer, sub=subject_at(issuer, liar.persona))


def _endpoints_of_victim(honest: AnyResponse, liar: Liar) -> AnyResponse:
    victim = _victim(liar)
    return jsonify({**(honest.get_json() or {}), "token_endpoint": victim.token_endpoint})


def _keys_of_victim(honest: AnyResponse, liar: Liar) -> AnyResponse:
    return jsonify({**(honest.get_json() or {}), "jwks_uri": _victim(liar).jwks_uri})


ATTACKS = (
    Fault(
        "mix_up",
        Where.REDIRECT,
        "Sends the browser on to an honest provider with the state of this trip (RFC 9700 §4.4).",
        "Refuse: a trip begun with one provider never ends at the callback of another.",
        _mix_up,
        Ends.PAGE,
        "attacks",
    ),
    Fault(
        "borrowed_iss",
        Where.REDIRECT,
        "Comes back under the name of an honest provider.",
        "Refuse before the code is redeemed (RFC 9207 §2.4).",
        _borrowed_iss,
        only="attacks",
    ),
    Fault(
        "foreign_callback",
        Where.REDIRECT,
        "Delivers its own code to the callback of an honest provider.",
        "Refuse: the state belongs to another provider's trip; redeem nothing.",
        _foreign_callback,
        Ends.PAGE,
        "attacks",
    ),
    Fault(
        "stolen_code",
        Where.REDIRECT,
        "Delivers a code an honest provider gave to the attacker's own person.",
        "Refuse: this browser never began that trip; nobody is signed in as the attacker.",
        _stolen_code,
        Ends.PAGE,
        "attacks",
    ),
    Fault(
        "subject_substitution",
        Where.SUBJECT,
        "Sends the subject that an honest provider gives to the same person.",
        "Keep both apart: a subject is worth something beside its issuer only.",
        _subject_of_victim,
        Ends.GOES_ON,
        "attacks",
    ),
    Fault(
        "token_substitution",
        Where.ID_TOKEN,
        "Signs an ID token in the name of an honest provider, about a person of that provider.",
        "Refuse: issuer and keys are those of the provider the trip began with.",
        _token_of_victim,
        only="attacks",
    ),
    Fault(
        "audience_injection",
        Where.DISCOVERY,
        "The next discovery document names the token endpoint of an honest provider.",
        "Prove itself to nobody with an assertion good elsewhere: its audience is the issuer.",
        _endpoints_of_victim,
        only="attacks",
    ),
    Fault(
        "borrowed_keys",
        Where.DISCOVERY,
        "The next discovery document names the keys of an honest provider.",
        "Refuse its tokens: they are not signed by those keys.",
        _keys_of_victim,
        only="attacks",
    ),
)
