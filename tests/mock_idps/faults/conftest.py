"""What a relying party sees of one login that meets a fault, nothing of it believed."""

import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field

import pytest
from joserfc.errors import JoseError

DIALECT_OF = {"signed_userinfo": "postal", "encrypted_id_token": "mobile", "attacks": "attacker"}


@dataclass
class Seen:
    """One login as far as it went."""

    rp: object
    trip: object
    read: tuple
    tokens: object = None
    userinfo: object = None
    id_token: str = ""
    slept: list = field(default_factory=list)

    @property
    def answer(self):
        return self.trip.answer

    @property
    def header(self):
        return self.read[0](self.id_token)[0]

    @property
    def claims(self):
        return self.read[0](self.id_token)[1]

    @property
    def traits(self):
        if self.userinfo.content_type == "application/jwt":
            return self.read[0](self.userinfo.text)[1]
        return self.userinfo.get_json(silent=True) or {}

    @property
    def userinfo_header(self):
        return self.read[0](self.userinfo.text)[0]

    def signed_by(self, key, algorithm="ES256"):
        return self.read[1](self.id_token, key, algorithm)

    def hmac_of(self, secret):
        """Whether this secret, bytes, made the signature by HMAC."""
        body, _, signature = self.id_token.rpartition(".")
        made = hmac.digest(secret, body.encode(), "sha256")
        return self.header["alg"] == "HS256" and _base64url(made) == signature

    def refused(self, token):
        """Whether a verification with the published keys and the agreed algorithm fails."""
        try:
            self.rp.verified(token)
        except (JoseError, ValueError):
            return True
        return False


def _base64url(data):
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def whole(response):
    """Whether the body is readable JSON."""
    return response.get_json(silent=True) is not None


@pytest.fixture
def look(party, tokens_read):
    """Goes as far through a login of Claire as the fault lets it."""

    def _look(fault, rp=None):
        rp = rp or party(DIALECT_OF.get(fault.only, "plain"))
        seen = Seen(rp, rp.sign_in(f"persona:claire+fault:{fault.name}"), tokens_read)
        if "code" not in seen.answer or not seen.trip.location.startswith("http://broker.test"):
            return seen
        seen.tokens = rp.redeem(seen.trip)
        seen.slept = list(rp.slept)
        if seen.tokens.status_code == 200 and seen.tokens.is_json and whole(seen.tokens):
            seen.id_token = _signed_part(rp, seen.tokens)
            seen.userinfo = rp.userinfo(seen.tokens)
        return seen

    return _look


def _signed_part(rp, tokens):
    try:
        return rp.opened(tokens)
    except (JoseError, ValueError):
        return ""
