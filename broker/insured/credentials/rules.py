"""The figures of the classic way, each from the rules of the portal (S and X numbers)."""

from dataclasses import dataclass

from broker.insured.periods import DAY, HOUR


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` uses in any `seconds`."""

    name: str
    most: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Rules:
    """
    How long things live, in seconds, and how often they may be tried.

    S49 activation link; S58 code of a first sign-in; S93 provisional code; S109 working days until
    a recorded IBAN serves.
    """

    portal_url: str
    iban_working_days: int = 3
    link_seconds: int = 48 * HOUR
    code_seconds: int = 10 * 60
    recovery_seconds: int = DAY
    # The password behind a code was proven this long ago at most.
    code_again_seconds: int = HOUR
    creation_by_origin: Limit = Limit("creation:origin", 5, HOUR)
    creation_by_nir: Limit = Limit("creation:nir", 10, DAY)
    creation_told: Limit = Limit("creation:told", 1, DAY)
    recovery_by_nir: Limit = Limit("recovery:nir", 3, HOUR)
    recovery_by_nir_daily: Limit = Limit("recovery:nir:day", 5, DAY)
    recovery_by_origin: Limit = Limit("recovery:origin", 10, HOUR)
    code_by_account: Limit = Limit("code:account", 5, HOUR)
    code_by_account_daily: Limit = Limit("code:account:day", 10, DAY)
    failures_by_origin: Limit = Limit("sign-in:origin", 50, HOUR)
