"""
How an answer leaves for a service: by the query, by a form, or as the JSON of an endpoint.

The success of a login and its refusals take the same road, so that `state` and `iss` (RFC 9207)
are in all of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlencode, urlsplit

from flask import jsonify
from werkzeug.wrappers import Response

from broker.errors import AbandonedError, PasserelleError
from broker.screens import FormPostScreen, render

_REALM = "broker"
_LONGEST_DESCRIPTION = 300


@dataclass(frozen=True, slots=True)
class ReturnPath:
    """
    The proven way back to a service; on `flask.g.return_path` once client and address are good.

    `issuer` is ours; `state` is returned untouched, None when there was none.
    """

    redirect_uri: str
    state: str | None
    issuer: str
    response_mode: str = "query"
    profile: Literal["openid", "franceconnect"] = "openid"

    def takes(self, error: PasserelleError) -> bool:
        """Whether the service receives this error; FranceConnect shows a bad parameter instead."""
        return not (error.refused_on_page and self.profile == "franceconnect")

    def refusal(self, error: PasserelleError) -> dict[str, str]:
        """The parameters of an error response (RFC 6749 §4.1.2.1)."""
        return {"error": error.oauth or "server_error", "error_description": described(error)}

    def url(self, answer: Mapping[str, str]) -> str:
        """The address of the service with an answer in its query."""
        joint = "&" if "?" in self.redirect_uri else "?"
        return f"{self.redirect_uri}{joint}{urlencode(self._complete(answer))}"

    def abandon_url(self) -> str:
        """The address that tells the service that the person gave up."""
        return self.url(self.refusal(AbandonedError()))

    def fields(self, answer: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
        """The same answer, as the fields of a form."""
        return tuple(self._complete(answer).items())

    @property
    def origin(self) -> str:
        """Scheme, host and port of the service, for the policy of a page."""
        return origin_of(self.redirect_uri)

    def _complete(self, answer: Mapping[str, str]) -> dict[str, str]:
        state = {} if self.state is None else {"state": self.state}
        return {**answer, **state, "iss": self.issuer}


def return_to_service(
    path: ReturnPath, answer: Mapping[str, str], service: str | None = None
) -> Response:
    """Send the browser back to the service with an answer, `state` and `iss`."""
    if path.response_mode == "form_post":
        return render(
            FormPostScreen(
                service=service,
                action=path.redirect_uri,
                fields=path.fields(answer),
                form_targets=(path.origin,),
            )
        )
    # 303: a browser never repeats the form it has just sent (RFC 9700 §4.12).
    return Response(status=303, headers={"Location": path.url(answer)})


def api_answer(error: PasserelleError) -> Response:
    """The JSON of a refusal, with `WWW-Authenticate` where the RFC wants it."""
    document: dict[str, str | int] = {
        "error": error.oauth or "unauthorized",
        "error_description": described(error),
    }
    if error.retry_after is not None:
        document["retry_after"] = error.retry_after
    answer: Response = jsonify(document)
    answer.status_code = error.status
    answer.headers["Cache-Control"] = "no-store"
    challenge = _challenge(error)
    if challenge:
        answer.headers["WWW-Authenticate"] = challenge
    if error.retry_after is not None:
        answer.headers["Retry-After"] = str(error.retry_after)
    return answer


def described(error: PasserelleError) -> str:
    """`error_description` in the characters RFC 6749 §5.2 allows, with our number at the end."""
    text = error.explanation[:_LONGEST_DESCRIPTION].replace('"', "'")
    kept = "".join(c if " " <= c <= "~" and c != "\\" else "?" for c in text)
    return f"{kept} ({error.number})"


def origin_of(url: str) -> str:
    """Scheme, host and port; the scheme alone for an application's own scheme."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else f"{parts.scheme}:"


def _challenge(error: PasserelleError) -> str | None:
    if error.challenge is None:
        return None
    attributes = [f'{error.challenge} realm="{_REALM}"']
    # Without any credentials the challenge tells nothing else (RFC 6750 §3.1).
    if error.challenge == "Bearer" and error.oauth:
        attributes += [f'error="{error.oauth}"', f'error_description="{described(error)}"']
    return ", ".join(attributes)
