"""A portal written for tests: calls the back channel by hand, for named persons and others."""

import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from broker.insured.registry.demonstration import Persona, personas
from sandbox.world import START, World
from sandbox.wsgi import Answer, Request, call, environment
from tests.service import Service, body

PATH = "/api/insured/v1"
CHEAP_PASSWORDS = {"memory_kib": 8, "passes": 1, "at_once": 8, "waiting": 200}
"""For `[insured.passwords]`: tests do not wait for argon2."""


@dataclass
class Portal:
    """One service of the world with a token of the back channel."""

    world: World
    key: str = "ameli"
    token: str = field(default="", repr=False)

    def __post_init__(self):
        service = Service(self.world, self.key)
        answer = service.post("/token", grant_type="client_credentials", scope="insured")
        self.token = self.token or body(answer)["access_token"]

    def call(
        self, method: str, path: str, content: Any = None, headers: dict[str, str] | None = None
    ) -> Answer:
        """One call with the token; a header of value "" is left out."""
        sent = {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/json",
            **(headers or {}),
        }
        data = content if isinstance(content, bytes) else json.dumps(content).encode()
        url = self.world.broker.url + PATH + path
        kept = {name: value for name, value in sent.items() if value}
        return call(self.world.broker, environment(Request(method, url, kept, data)))

    def post(self, path: str, content: Any, key: str | None = None) -> Answer:
        """A POST with a request key, new unless one is given."""
        key = secrets.token_urlsafe(24) if key is None else key
        return self.call("POST", path, content, {"Idempotency-Key": key})

    def say(self, path: str, content: Any, key: str | None = None) -> dict[str, Any]:
        """The JSON of an answer that is good."""
        answer = self.post(path, content, key)
        assert answer.status == 200, answer.body
        return body(answer)

    def create(self, persona: Persona, email: str, **changes: str) -> dict[str, Any]:
        """Ask for an account with the six fields of a named person."""
        return self.say("/creations", {**form_of(persona, email), **changes})

    def letters(self, address: str) -> list[Any]:
        """What the mailbox holds for an address, after a round of the post."""
        self.world.keep_up()
        return self.world.mailbox.to(address)


def named(key: str) -> Persona:
    """The named person of this key, as a world begins."""
    return next(one for one in personas(START.date()) if one.key == key)


def form_of(persona: Persona, email: str) -> dict[str, str]:
    """The six fields as this person fills them in, from an address of their own."""
    line = persona.line
    return {
        "birth_name": line.family_name,
        "nir": line.nir,
        "birthdate": line.birthdate,
        "postal_code": line.postal_code,
        "iban": line.iban,
        "email": email,
        "origin": f"192.0.2.{line.number}",
        "language": "fr",
    }
