"""The broker's own cookies: unreadable for scripts, sent to this host alone."""

from dataclasses import dataclass, field

from flask import after_this_request, g, request
from werkzeug.wrappers import Response


@dataclass(frozen=True, slots=True)
class Cookies:
    """
    Sets and reads cookies; in production they are Secure and bear the `__Host-` prefix.

    A value that was set is readable at once in the same request.
    """

    secure: bool
    prefix: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "prefix", "__Host-passerelle_" if self.secure else "passerelle_")

    def names(self, kind: str) -> list[str]:
        """The names, without prefix, of the cookies of one kind that this browser sent."""
        start = self.prefix + kind
        return [name[len(self.prefix) :] for name in request.cookies if name.startswith(start)]

    def get(self, name: str) -> str | None:
        """The value this browser holds, or None."""
        fresh: dict[str, str | None] = g.get("fresh_cookies", {})
        return fresh[name] if name in fresh else request.cookies.get(self.prefix + name)

    def put(self, name: str, value: str, max_age: int | None = None) -> None:
        """Give this browser a value, for `max_age` seconds or until it closes."""
        self._note(name, value)

        @after_this_request
        def _set(response: Response) -> Response:
            response.set_cookie(
                self.prefix + name,
                value,
                max_age=max_age,
                secure=self.secure,
                httponly=True,
                samesite="Lax",
            )
            return response

    def drop(self, name: str) -> None:
        """Take a value back."""
        self._note(name, None)

        @after_this_request
        def _delete(response: Response) -> Response:
            response.delete_cookie(
                self.prefix + name, secure=self.secure, httponly=True, samesite="Lax"
            )
            return response

    def _note(self, name: str, value: str | None) -> None:
        if "fresh_cookies" not in g:
            g.fresh_cookies = {}
        g.fresh_cookies[name] = value
