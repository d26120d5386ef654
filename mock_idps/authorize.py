"""The authorization endpoint (OpenID Connect Core §3.1.2): ordered checks, then the page."""

import re
from collections.abc import Callable, Mapping

from flask import Blueprint, redirect, request
from werkzeug import Response
from werkzeug.datastructures import MultiDict

from mock_idps.answer import grant, send_back
from mock_idps.asked import Asked
from mock_idps.errors import SentBackError, ShownError
from mock_idps.hints import Choice, read_choice
from mock_idps.issuer import Issuer, here
from mock_idps.records import Pending, SignedIn

views = Blueprint("authorize", __name__)

Parameters = Mapping[str, str]
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_PROMPTS = {"none", "login", "consent", "select_account"}


@views.route("/authorize", methods=["GET", "POST"])
def authorize() -> Response:
    """Check the request; a silent choice is answered at once, anybody else sees the page."""
    issuer = here()
    sent = pushed_request(issuer, once_each(request.values))
    asked = checked(issuer, sent)
    try:
        for check in AFTER_REDIRECT_URI:
            check(issuer, sent)
        return _next(issuer, _complete(asked, sent))
    except SentBackError as refused:
        return send_back(issuer, asked, refused.answer)


def once_each(values: MultiDict[str, str]) -> Parameters:
    """The parameters, none of them repeated (RFC 6749 §3.1)."""
    for name, given in values.lists():
        if len(given) > 1:
            raise ShownError("A parameter is repeated:", name)
    return values.to_dict()


def pushed_request(issuer: Issuer, sent: Parameters) -> Parameters:
    """The parameters pushed before (RFC 9126 §4), used once, or those of the browser."""
    reference = sent.get("request_uri")
    if reference is None:
        if issuer.dialect.requires_par:
            raise ShownError("This provider only accepts pushed authorization requests.")
        return sent
    pushed = issuer.pushed.take(reference)
    if pushed is None:
        raise ShownError("The pushed request is unknown, used or too old.")
    if sent.get("client_id") != pushed.get("client_id"):
        raise ShownError("The pushed request belongs to another client.")
    return pushed


def checked(issuer: Issuer, sent: Parameters) -> Asked:
    """The part of a request that must be proven before anything may be sent back."""
    for check in BEFORE_REDIRECT_URI:
        check(issuer, sent)
    return Asked(
        redirect_uri=sent["redirect_uri"],
        state=sent.get("state"),
        nonce=sent.get("nonce"),
        scopes=tuple(sent.get("scope", "").split()),
    )


def _complete(asked: Asked, sent: Parameters) -> Asked:
    max_age = sent.get("max_age")
    return Asked(
        redirect_uri=asked.redirect_uri,
        state=asked.state,
        nonce=asked.nonce,
        scopes=asked.scopes,
        levels=tuple(sent.get("acr_values", "").split()),
        prompt=frozenset(sent.get("prompt", "").split()),
        max_age=int(max_age) if max_age else None,
        challenge=sent.get("code_challenge"),
        hint=sent.get("login_hint", "")[:300],
        locales=sent.get("ui_locales", "")[:50],
    )


def _next(issuer: Issuer, asked: Asked) -> Response:
    choice = read_choice(issuer, asked.hint, request.headers)
    if choice.persona and not choice.persona.locked:
        return grant(issuer, asked, issuer.signed_in(choice.persona), choice.fault)
    if "none" in asked.prompt:
        return _without_page(issuer, asked)
    return _show_page(issuer, asked, choice)


def _show_page(issuer: Issuer, asked: Asked, choice: Choice) -> Response:
    page = issuer.outside.token()
    issuer.pages.put(page, Pending(asked, choice.fault.name if choice.fault else ""))
    return redirect(f"/login/{page}")


def _without_page(issuer: Issuer, asked: Asked) -> Response:
    person = usable_session(issuer, asked)
    if person is None:
        raise SentBackError("login_required", "Nobody is signed in.")
    return grant(issuer, asked, person)


def usable_session(issuer: Issuer, asked: Asked) -> SignedIn | None:
    """The person signed in by this browser, if recently enough and not asked to prove it again."""
    person = issuer.sessions.get(request.cookies.get(issuer.cookie))
    if person is None or "login" in asked.prompt:
        return None
    too_old = asked.max_age is not None and issuer.now - person.auth_time > asked.max_age
    return None if too_old else person


def known_client(issuer: Issuer, sent: Parameters) -> None:
    """The client is the registered one."""
    if sent.get("client_id") != issuer.settings.client_id:
        raise ShownError("This service is not known here.")


def exact_redirect_uri(issuer: Issuer, sent: Parameters) -> None:
    """The redirect URI is a registered one, character by character (RFC 9700 §2.1)."""
    if sent.get("redirect_uri") not in issuer.settings.redirect_uris:
        raise ShownError("The return address of this service is not registered here.")


def code_flow_only(_issuer: Issuer, sent: Parameters) -> None:
    """The response type is `code`, delivered in the query."""
    if sent.get("response_type") != "code":
        raise SentBackError("unsupported_response_type", "Only response_type=code is served.")
    if sent.get("response_mode", "query") != "query":
        raise SentBackError("invalid_request", "Only response_mode=query is served.")
    if "request" in sent:
        raise SentBackError("request_not_supported", "Request objects are not served.")


def openid_scope(_issuer: Issuer, sent: Parameters) -> None:
    """The scope holds `openid`."""
    if "openid" not in sent.get("scope", "").split():
        raise SentBackError("invalid_scope", "The scope must hold openid.")


def nonce_and_state(_issuer: Issuer, sent: Parameters) -> None:
    """State and nonce are there, as France Connect's providers want them."""
    for name in ("state", "nonce"):
        if not sent.get(name):
            raise SentBackError("invalid_request", f"The parameter {name} is missing.")


def s256_challenge(issuer: Issuer, sent: Parameters) -> None:
    """A code challenge, where given or required, is an S256 one (RFC 7636 §4.3)."""
    challenge = sent.get("code_challenge")
    if challenge is None and not issuer.dialect.requires_pkce:
        return
    if sent.get("code_challenge_method") != "S256" or not _CHALLENGE.fullmatch(challenge or ""):
        raise SentBackError("invalid_request", "An S256 code challenge is required.")


def known_prompt(_issuer: Issuer, sent: Parameters) -> None:
    """`prompt` holds known words, `none` alone (OpenID Connect Core §3.1.2.1)."""
    words = set(sent.get("prompt", "").split())
    if not words <= _PROMPTS or ("none" in words and len(words) > 1):
        raise SentBackError("invalid_request", "The parameter prompt is not understood.")


def whole_max_age(_issuer: Issuer, sent: Parameters) -> None:
    """`max_age` is a whole number of seconds."""
    max_age = sent.get("max_age", "")
    if max_age and not (max_age.isascii() and max_age.isdigit() and len(max_age) < 10):  # noqa: PLR2004 - thirty years
        raise SentBackError("invalid_request", "The parameter max_age is not a number.")


Check = Callable[[Issuer, Parameters], None]
BEFORE_REDIRECT_URI: tuple[Check, ...] = (known_client, exact_redirect_uri)
AFTER_REDIRECT_URI: tuple[Check, ...] = (
    code_flow_only,
    openid_scope,
    nonce_and_state,
    s256_challenge,
    known_prompt,
    whole_max_age,
)
