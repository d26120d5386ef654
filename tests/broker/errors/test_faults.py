"""Every check of the providers' adapter ends in a sentence a person can read."""

import importlib
import pkgutil

import pytest

import providers
from broker.errors import (
    ProviderBusyError,
    ProviderCancelledError,
    ProviderRefusedError,
    ProviderSlowError,
    ProviderTooWeakError,
    ProviderUnreachableError,
    TokenCallError,
    UpstreamError,
    UpstreamNonceError,
    error_of,
)
from broker.errors.faults import BY_CHECK
from providers.call_faults import TOKEN
from providers.faults import CircuitOpen, LevelNotOffered, ProviderError, ProviderFault, catalogue
from providers.token_faults import TraitInvalid, WrongNonce


def declared() -> list[type[ProviderFault]]:
    for module in pkgutil.walk_packages(providers.__path__, "providers."):
        importlib.import_module(module.name)
    # Other tests may declare faults of their own.
    return [kind for kind in catalogue() if kind.__module__.startswith("providers.")]


def test_every_check_has_an_error_of_its_own():
    """A check added to the adapter and forgotten here would only say that it did not work."""
    forgotten = {kind.check for kind in declared()} - set(BY_CHECK) - {"provider_error"}

    assert forgotten == set()


def test_no_line_of_the_table_is_for_a_check_that_is_gone():
    """The table names checks that exist."""
    assert set(BY_CHECK) - {kind.check for kind in declared()} == set()


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (WrongNonce(), UpstreamNonceError),
        (CircuitOpen(), ProviderUnreachableError),
        (LevelNotOffered(), ProviderTooWeakError),
        (TOKEN.slow(), ProviderSlowError),
        (TOKEN.status(400), TokenCallError),
        (ProviderError("access_denied"), ProviderCancelledError),
        (ProviderError("temporarily_unavailable"), ProviderBusyError),
        (ProviderError("server_error"), ProviderBusyError),
        (ProviderError("login_required"), ProviderRefusedError),
        (ProviderError("<script>"), ProviderRefusedError),
    ],
    ids=lambda value: getattr(value, "check", getattr(value, "__name__", "")),
)
def test_a_fault_becomes_its_error(fault, error):
    """One table leads from the check to the class."""
    assert type(error_of(fault)) is error


def test_a_fault_nobody_knows_gets_the_general_error():
    """A provider of somebody else's may raise checks we have never heard of."""

    class Strange(ProviderFault, number="P999", check="strange"):
        pass

    assert type(error_of(Strange())) is UpstreamError


def test_the_facts_of_a_fault_go_to_the_log_only():
    """Which trait was wrong is for the operator of the provider, not for the public."""
    error = error_of(TraitInvalid("birthplace", "must be a five-character COG code"))

    assert error.log["check"] == "trait_invalid"
    assert error.log["trait"] == "birthplace"
    assert "birthplace" not in error.explanation
