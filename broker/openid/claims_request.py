"""The `claims` parameter: individual claims, essential or voluntary (OIDC Core §5.5)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from broker.errors import InvalidParameterError

_DOCUMENT_MEMBERS = ("userinfo", "id_token")


@dataclass(frozen=True, slots=True)
class ClaimsRequest:
    """
    What was asked one by one.

    `names` are all claims asked for, `voluntary` those not essential, `in_id_token` those wanted
    in the ID token; `levels` the values asked for `acr`, known or not, `acr_essential` whether one
    must be met;
    `sub` the one person the service means.
    """

    names: tuple[str, ...] = ()
    voluntary: tuple[str, ...] = ()
    in_id_token: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    acr_essential: bool = False
    sub: str | None = None

    def person(self, hinted: str | None) -> str | None:
        """The one person the service means, here or by the `sub` of its hint."""
        if None not in (self.sub, hinted) and self.sub != hinted:
            raise _malformed("sub is not the person of id_token_hint")
        return self.sub or hinted


def read_claims(text: str | None) -> ClaimsRequest:
    """The request as values; InvalidParameterError names what is malformed."""
    if text is None:
        return ClaimsRequest()
    members = [_member(_document(text), name) for name in _DOCUMENT_MEMBERS]
    userinfo, id_token = members
    essential = {name for member in members for name, ask in member.items() if _essential(ask)}
    names = tuple(dict.fromkeys([*userinfo, *id_token]))
    acr = id_token.get("acr") or {}
    subjects = _values(id_token.get("sub") or userinfo.get("sub") or {})
    return ClaimsRequest(
        names=names,
        voluntary=tuple(name for name in names if name not in essential),
        in_id_token=tuple(id_token),
        levels=tuple(_values(acr)),
        acr_essential=_essential(acr),
        sub=subjects[0] if len(subjects) == 1 else None,
    )


def _document(text: str) -> Mapping[str, Any]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as fault:
        raise _malformed("must be a JSON object") from fault
    if not isinstance(document, dict):
        raise _malformed("must be a JSON object")
    return document


def _member(document: Mapping[str, Any], name: str) -> dict[str, dict[str, Any] | None]:
    member = document.get(name) or {}
    if not isinstance(member, dict):
        raise _malformed(f"{name} must be an object")
    for claim, ask in member.items():
        if ask is not None and not isinstance(ask, dict):
            raise _malformed(f"{name}.{claim[:40]} must be null or an object")
    return member


def _essential(ask: Mapping[str, Any] | None) -> bool:
    return bool(ask) and (ask or {}).get("essential") is True


def _values(ask: Mapping[str, Any]) -> list[str]:
    """What would do; a value that is no text is one that nothing has."""
    several = ask.get("values")
    listed = several if isinstance(several, list) else [ask.get("value")]
    return [str(value) for value in listed if value is not None]


def _malformed(rule: str) -> InvalidParameterError:
    return InvalidParameterError(parameter="claims", detail=rule)
