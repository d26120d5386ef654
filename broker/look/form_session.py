"""The browser's form token and banner: Flask's signed cookie, at the price of one signer."""

from functools import lru_cache

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer


class FormSessions(SecureCookieSessionInterface):
    """Flask's own sessions, whose signer is made once for an application and not per request."""

    def __init__(self) -> None:
        self._signer = lru_cache(maxsize=2)(super().get_signing_serializer)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """The signer of this application; its key never changes while it runs."""
        return self._signer(app)
