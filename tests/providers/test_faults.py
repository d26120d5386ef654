"""The catalogue of refusals: stable names and numbers, nothing that a log must not hold."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers import call_faults, token_faults
from providers.faults import ProviderFault, catalogue, plain

ALL = catalogue()


def test_every_check_has_its_own_name_and_number():
    """No two checks share a name or a number."""
    assert len({fault.check for fault in ALL}) == len(ALL)
    assert len({fault.number for fault in ALL}) == len(ALL)
    assert len(ALL) > 80


@pytest.mark.parametrize("fault", ALL, ids=lambda fault: fault.check)
def test_a_check_is_named_numbered_and_explained(fault):
    """Each check has a snake_case name, a number and a sentence for the documentation."""
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", fault.check)
    assert re.fullmatch(r"P[0-9]{3}", fault.number)
    assert fault.__doc__.strip().endswith(".")
    assert issubclass(fault, ProviderFault)


def test_the_names_of_the_main_checks_do_not_change():
    """The journal, the documentation and the broker's messages know checks by these names."""
    names = {fault.check for fault in ALL}

    assert names >= {
        "issuer_mismatch",
        "provider_error",
        "no_code",
        "token_unreachable",
        "token_slow",
        "token_status",
        "token_redirect",
        "token_not_json",
        "token_too_large",
        "id_token_malformed",
        "alg_refused",
        "unknown_key",
        "bad_signature",
        "unknown_crit",
        "wrong_issuer",
        "wrong_audience",
        "azp",
        "expired",
        "not_yet_valid",
        "issued_in_future",
        "wrong_nonce",
        "missing_nonce",
        "at_hash",
        "subject_invalid",
        "level_too_low",
        "level_not_allowed",
        "level_missing",
        "auth_time_too_old",
        "userinfo_unsigned",
        "subject_mismatch",
        "trait_invalid",
        "jwks_empty",
        "discovery_issuer",
        "par_malformed",
        "jwe_undecryptable",
    }


@pytest.mark.parametrize("family", ["TOKEN", "USERINFO", "JWKS", "DISCOVERY", "PAR"])
def test_an_endpoint_has_a_check_for_each_way_to_fail(family):
    """The seven checks of an endpoint are classes of its own, and kinds of call faults."""
    kinds = getattr(call_faults, family)

    for problem in ("unreachable", "slow", "forbidden", "redirect", "not_json", "too_large"):
        kind = getattr(kinds, problem)
        assert kind.check == f"{family.lower()}_{problem}"
        assert issubclass(kind, call_faults.CallFault)
    assert kinds.slow.__name__ == f"{family.capitalize()}Slow"


@given(st.one_of(st.text(), st.integers(), st.floats(), st.none(), st.lists(st.text())))
def test_a_fact_for_the_log_is_a_plain_word_or_a_number(value):
    """Nothing that comes from outside can break a line of the log or carry a name into it."""
    fact = plain(value)

    assert isinstance(fact, int) or re.fullmatch(r"[A-Za-z0-9._+/()-]{0,64}", fact)


def test_a_fault_tells_its_check_and_its_facts():
    """What a fault says of itself is its check and its facts."""
    fault = token_faults.AlgRefused(alg="none", agreed="ES256")

    assert str(fault) == "('alg_refused', {'alg': 'none', 'agreed': 'ES256'})"
