"""Levels of assurance in a request: a wish in `acr_values`, a condition when essential."""

from collections.abc import Iterable

from broker.errors import InvalidAcrError, LevelNotReachedError
from broker.openid.asked import Asked, Rules
from broker.openid.claims_request import ClaimsRequest, read_claims
from providers.levels import Level

_KNOWN = frozenset(level.value for level in Level)


def offered_level(asked: Asked) -> None:
    """
    Of the known levels in `acr_values`, one is offered by the platform.

    Values of other vocabularies are a voluntary request that nobody need meet (OIDC Core §3.1.2.1).
    """
    _check_offered(asked, _KNOWN.intersection(_wished(asked)))


def franceconnect_level(asked: Asked) -> None:
    """There, `acr_values` holds a level that the platform offers, whatever else it holds."""
    _check_offered(asked, _wished(asked))


def essential_level(asked: Asked) -> None:
    """An essential `acr` names a level that is offered (OIDC Core §5.5.1.1)."""
    essential = read_claims(asked.params.get("claims"))
    if essential.acr_essential and essential.levels and not _levels(essential.levels, asked.rules):
        raise LevelNotReachedError(parameter="claims", detail="acr asks for no level offered here")


def least_level(asked: Asked, wanted: ClaimsRequest) -> Level:
    """The lowest level that is good enough for the service."""
    names = [*_wished(asked), *wanted.levels]
    found = _levels(wanted.levels if wanted.acr_essential else names, asked.rules)
    return min(found, key=lambda level: level.rank, default=asked.rules.default_level)


def _check_offered(asked: Asked, wanted: Iterable[str]) -> None:
    if wanted and not _levels(wanted, asked.rules):
        raise InvalidAcrError(parameter="acr_values", detail="holds no level offered here")


def _wished(asked: Asked) -> list[str]:
    return asked.params.get("acr_values", "").split()


def _levels(names: Iterable[str], rules: Rules) -> list[Level]:
    wanted = set(names)
    return [level for level in rules.offered_levels if level.value in wanted]
