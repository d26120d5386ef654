"""The checks of an authorization request, in their order: one check, one function, one reason."""

import re
from collections.abc import Callable

from broker.clients.scopes import claims_of
from broker.errors import (
    AmrNotGrantedError,
    InvalidIdpHintError,
    InvalidParameterError,
    InvalidScopeError,
    MissingParameterError,
    OverlongParameterError,
    PkceError,
    RepeatedParameterError,
    ResponseModeError,
    ResponseTypeError,
    UnknownParameterError,
)
from broker.login.request import AuthorizationRequest
from broker.openid.asked import Asked
from broker.openid.claims_request import read_claims
from broker.openid.levels import (
    essential_level,
    franceconnect_level,
    least_level,
    offered_level,
)
from broker.openid.received import NOT_TEXT

MAX_LENGTH = {
    "state": 2048,
    "nonce": 512,
    "scope": 1024,
    "login_hint": 256,
    "claims": 4096,
    "id_token_hint": 8192,
}
DEFAULT_MAX_LENGTH = 1024
FRANCECONNECT_NONCE = 22
FRANCECONNECT_PARAMETERS = frozenset(
    {
        "client_id",
        "redirect_uri",
        "response_type",
        "scope",
        "state",
        "nonce",
        "acr_values",
        "claims",
        "idp_hint",
        "prompt",
        "ui_locales",
    }
)
PROMPTS = frozenset({"none", "login", "consent", "select_account"})
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_DIGITS = re.compile(r"[0-9]{1,9}")
_UNPRINTABLE = re.compile(rf"[\x00-\x1f\x7f{NOT_TEXT}]")


def single_values(asked: Asked) -> None:
    """Each parameter comes once (RFC 6749 §3.1)."""
    for name in sorted(asked.repeated):
        raise RepeatedParameterError(parameter=name, detail="must come once")


def bounded_values(asked: Asked) -> None:
    """Values are printable and within the documented lengths."""
    for name, value in asked.params.items():
        limit = MAX_LENGTH.get(name, DEFAULT_MAX_LENGTH)
        if len(value) > limit:
            raise OverlongParameterError(parameter=name, detail=f"is longer than {limit}")
        if _UNPRINTABLE.search(value):
            raise InvalidParameterError(parameter=name, detail="must be printable text in UTF-8")


def code_flow_only(asked: Asked) -> None:
    """Only the authorization code flow exists here."""
    kind = asked.params.get("response_type")
    if not kind:
        raise MissingParameterError(parameter="response_type", detail="is required")
    if kind != "code":
        raise ResponseTypeError(parameter="response_type", detail="must be code")


def known_response_mode(asked: Asked) -> None:
    """The answer travels in the query or in a form post."""
    if asked.params.get("response_mode", "query") not in {"query", "form_post"}:
        raise ResponseModeError(parameter="response_mode", detail="must be query or form_post")


def openid_scope(asked: Asked) -> None:
    """`openid` is asked for, and nothing this service was not granted."""
    if "openid" not in asked.scopes:
        raise InvalidScopeError(parameter="scope", detail="must hold openid")
    for scope in asked.scopes:
        if scope not in asked.client.settings.scopes:
            kind = AmrNotGrantedError if scope == "amr" else InvalidScopeError
            raise kind(parameter="scope", detail=f"{scope} is not granted to this service")


def pkce_s256(asked: Asked) -> None:
    """A challenge, when there is one or must be one, is an S256 challenge (RFC 7636 §4.3)."""
    challenge = asked.params.get("code_challenge")
    method = asked.params.get("code_challenge_method")
    settings = asked.client.settings
    if challenge is None and method is None:
        if settings.require_pkce or settings.client_auth == "none":
            raise PkceError(parameter="code_challenge", detail="is required for this service")
        return
    if method != "S256":
        raise PkceError(parameter="code_challenge_method", detail="must be S256")
    if not _CHALLENGE.fullmatch(challenge or ""):
        raise PkceError(parameter="code_challenge", detail="must be 43 base64url characters")


def known_prompt(asked: Asked) -> None:
    """`prompt` holds known values, and `none` stands alone (OIDC Core §3.1.2.1)."""
    for value in asked.prompts:
        if value not in PROMPTS:
            raise InvalidParameterError(parameter="prompt", detail="holds an unknown value")
    if "none" in asked.prompts and len(asked.prompts) > 1:
        raise InvalidParameterError(parameter="prompt", detail="none must stand alone")


def whole_max_age(asked: Asked) -> None:
    """`max_age` is a whole number of seconds."""
    value = asked.params.get("max_age")
    if value is not None and not _DIGITS.fullmatch(value):
        raise InvalidParameterError(parameter="max_age", detail="must be a number of seconds")


def readable_claims(asked: Asked) -> None:
    """`claims` is a well-formed request (OIDC Core §5.5); `amr` must have been granted."""
    wanted = read_claims(asked.params.get("claims"))
    if "amr" in wanted.names and "amr" not in asked.client.settings.scopes:
        raise AmrNotGrantedError(parameter="claims", detail="amr is not granted to this service")


def allowed_hint(asked: Asked) -> None:
    """`idp_hint` names a provider this service may send people to."""
    hint = asked.params.get("idp_hint")
    settings = asked.client.settings
    if hint is None:
        return
    allowed = settings.providers_allowed is None or hint in settings.providers_allowed
    if hint not in asked.rules.idp_hints or not allowed or hint in settings.providers_denied:
        raise InvalidIdpHintError(parameter="idp_hint", detail="is not allowed")


def listed_parameters_only(asked: Asked) -> None:
    """FranceConnect refuses every parameter it does not list, PKCE included."""
    for name in asked.params:
        if name not in FRANCECONNECT_PARAMETERS:
            raise UnknownParameterError(parameter=name[:40], detail="is not accepted")


def franceconnect_requirements(asked: Asked) -> None:
    """`state`, `nonce` and `acr_values` are required there, the nonce 22 characters or more."""
    for name in ("state", "nonce", "acr_values"):
        if not asked.params.get(name):
            raise MissingParameterError(parameter=name, detail="is required")
    if len(asked.params["nonce"]) < FRANCECONNECT_NONCE:
        rule = f"must have {FRANCECONNECT_NONCE} characters or more"
        raise InvalidParameterError(parameter="nonce", detail=rule)


def franceconnect_prompt(asked: Asked) -> None:
    """Only `login` and `consent` are known there."""
    if not set(asked.prompts) <= {"login", "consent"}:
        raise InvalidParameterError(parameter="prompt", detail="must be login or consent")


Check = Callable[[Asked], None]

CHECKS: tuple[Check, ...] = (
    single_values,
    bounded_values,
    code_flow_only,
    known_response_mode,
    openid_scope,
    pkce_s256,
    known_prompt,
    whole_max_age,
    readable_claims,
    offered_level,
    essential_level,
    allowed_hint,
)

FRANCECONNECT_CHECKS: tuple[Check, ...] = (
    single_values,
    bounded_values,
    listed_parameters_only,
    franceconnect_requirements,
    code_flow_only,
    openid_scope,
    franceconnect_prompt,
    readable_claims,
    franceconnect_level,
    essential_level,
    allowed_hint,
)


def accepted(asked: Asked, hinted_sub: str | None = None) -> AuthorizationRequest:
    """The request once every check of the list has passed; raises the first refusal."""
    for check in FRANCECONNECT_CHECKS if asked.client.settings.franceconnect else CHECKS:
        check(asked)
    params, wanted = asked.params, read_claims(asked.params.get("claims"))
    may_have = frozenset(claims_of(asked.client.settings.scopes))
    max_age = params.get("max_age")
    return AuthorizationRequest(
        client_id=asked.client.client_id,
        redirect_uri=params["redirect_uri"],
        scopes=asked.scopes,
        level=least_level(asked, wanted),
        state=params.get("state"),
        nonce=params.get("nonce"),
        code_challenge=params.get("code_challenge"),
        prompt=asked.prompts,
        max_age=int(max_age) if max_age is not None else None,
        login_hint=params.get("login_hint"),
        ui_locales=params.get("ui_locales"),
        idp_hint=params.get("idp_hint"),
        response_mode=params.get("response_mode", "query"),
        claims=tuple(name for name in wanted.names if name in may_have),
        voluntary=tuple(name for name in wanted.voluntary if name in may_have),
        in_id_token=tuple(name for name in wanted.in_id_token if name in may_have),
        hinted_sub=wanted.person(hinted_sub),
    )
