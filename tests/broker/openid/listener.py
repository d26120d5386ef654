"""A service that is told of logouts: it remembers what it received and answers as it is told."""

from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt

EVENT = "http://schemas.openid.net/event/backchannel-logout"


@dataclass
class Listener:
    """
    Listens at one address of a world's network.

    `status` is what it answers, `then` what runs while it does; `calls` holds what came:
    (content type, fields).
    """

    address: str
    status: str = "200 OK"
    then: object = None
    calls: list = field(default_factory=list)

    def listen(self, world):
        parts = urlsplit(self.address)
        world.network.attach(f"{parts.scheme}://{parts.netloc}", self)
        return self

    def __call__(self, environ, start_response):
        text = environ["wsgi.input"].read().decode()
        self.calls.append((environ["CONTENT_TYPE"], parse_qs(text)))
        assert environ["REQUEST_METHOD"] == "POST"
        assert environ["PATH_INFO"] == urlsplit(self.address).path
        if self.then:
            self.then()
        start_response(self.status, [("Location", "http://localhost:8098/")])
        return [b""]

    def tokens(self):
        """The logout tokens received, as they came."""
        return [fields["logout_token"][0] for _, fields in self.calls]

    def read(self, service, token=None):
        """Header and claims of the last token, its signature verified."""
        given = token or self.tokens()[-1]
        opened = jwt.decode(given, service.keys(), algorithms=["ES256", "RS256"])
        return opened.header, opened.claims
