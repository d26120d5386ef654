"""Lets the browser of the sandbox, which opens no socket, visit what listens on this machine."""

import http.client
from dataclasses import dataclass
from urllib.parse import urlsplit

from sandbox.journeys import Visitor
from sandbox.network import Network

_OF_THE_CONNECTION = {"connection", "transfer-encoding", "keep-alive"}


@dataclass(frozen=True)
class Relay:
    """A WSGI application that asks another server what to answer."""

    origin: str

    def __call__(self, environ, start_response):
        parts = urlsplit(self.origin)
        path = environ["PATH_INFO"] + ("?" if environ["QUERY_STRING"] else "")
        length = int(environ.get("CONTENT_LENGTH") or 0)
        line = http.client.HTTPConnection(parts.hostname, parts.port, timeout=30)
        line.request(
            environ["REQUEST_METHOD"],
            path + environ["QUERY_STRING"],
            environ["wsgi.input"].read(length) or None,
            dict(_headers(environ)),
        )
        reply = line.getresponse()
        body = reply.read()
        line.close()
        kept = [(k, v) for k, v in reply.getheaders() if k.lower() not in _OF_THE_CONNECTION]
        start_response(f"{reply.status} {reply.reason}", kept)
        return [body]


def _headers(environ):
    for name, value in environ.items():
        if name.startswith("HTTP_"):
            yield name[5:].replace("_", "-").title(), value
    if environ.get("CONTENT_TYPE"):
        yield "Content-Type", environ["CONTENT_TYPE"]


def visitor(origins, clock):
    """The browser of a person nobody has met, who may visit these origins."""
    network = Network()
    for origin in origins:
        network.attach(origin, Relay(origin))
    return Visitor(network, clock)
