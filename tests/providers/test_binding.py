"""What a secret was agreed for."""

import pytest

from providers.binding import binding, secret_kept_elsewhere
from tests.providers.stage import SECRET, settings

ELSEWHERE = "https://elsewhere.example"


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({}, False),
        ({"label": "Another name"}, False),
        ({"scope": "openid"}, False),
        ({"issuer": ELSEWHERE}, True),
        ({"token_endpoint": f"{ELSEWHERE}/token"}, True),
        ({"jwks_uri": f"{ELSEWHERE}/jwks"}, True),
        ({"end_session_endpoint": f"{ELSEWHERE}/logout"}, True),
        ({"issuer": ELSEWHERE, "client_secret": SECRET[::-1]}, False),
        ({"client_secret": SECRET[::-1]}, False),
    ],
)
def test_an_address_moves_with_a_new_secret_or_not_at_all(changes, refused):
    """An address that changed while every secret stayed is refused; all else is a free choice."""
    assert secret_kept_elsewhere(binding(settings()), binding(settings(**changes))) is refused


def test_a_binding_tells_nothing_of_the_secret():
    """Two providers with one secret have different bindings, and none of them holds it."""
    one, other = binding(settings()), binding(settings(id="there"))

    assert one.secrets != other.secrets
    assert SECRET not in repr(one)
    assert len(one.addresses) == len(one.secrets) == 64
