"""
Two documents that every service reads and nobody changes often: discovery and the key set.

Their answers are remembered as the application gave them, headers included, and given again before
Flask is asked, as long as their version stays the same.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

App = Callable[[dict[str, Any], Any], Iterable[bytes]]
Version = Callable[[], Hashable]
_OK = 200


@dataclass(frozen=True, slots=True)
class _Answer:
    version: Hashable
    status: str
    headers: list[tuple[str, str]]
    body: bytes


class Remembered:
    """`app`, asked for the paths of `versions` only when what they tell has another version."""

    def __init__(self, app: App, versions: Mapping[str, Version]) -> None:
        self._app, self._versions = app, versions
        self._answers: dict[str, _Answer] = {}

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request (PEP 3333)."""
        path = environ.get("PATH_INFO", "")
        version_of = self._versions.get(path)
        if version_of is None or environ["REQUEST_METHOD"] != "GET":
            return self._app(environ, start_response)
        try:
            version = version_of()
        except SQLAlchemyError:
            # The application says in its own words that its database is away.
            return self._app(environ, start_response)
        known = self._answers.get(path)
        if known is None or known.version != version:
            answer = Response.from_app(self._app, environ, buffered=True)
            if answer.status_code != _OK:
                return answer(environ, start_response)
            known = _Answer(version, answer.status, list(answer.headers), answer.data)
            self._answers[path] = known
        start_response(known.status, known.headers)
        return [known.body]
