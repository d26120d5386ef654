"""After every journey of this folder the logs are read for what must not be in them."""

import pytest

PEOPLE = ("DURAND", "Claire Anne", "claire@", "1985-03-27", "MARTIN", "Marc")


@pytest.fixture(autouse=True)
def discreet(request):
    """No code, token, secret, number or name, whoever logged or printed it (rule 12)."""
    if request.node.get_closest_marker("browser") is None:
        request.getfixturevalue("no_secret_in_logs").never(*PEOPLE)
