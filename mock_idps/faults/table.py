"""The table of faults, in the order of a login; `/faults` shows it and tests read it."""

from mock_idps.dialects import Dialect
from mock_idps.faults.attacks import ATTACKS
from mock_idps.faults.documents import DISCOVERY, JWKS
from mock_idps.faults.endpoints import TOKEN, USERINFO
from mock_idps.faults.fault import Fault
from mock_idps.faults.id_token import CLAIMS_AND_SIGNATURE, ENCRYPTION, SIGNED_USERINFO
from mock_idps.faults.identity import CLAIMS, SUBJECT
from mock_idps.faults.redirect import REDIRECT

FAULTS: tuple[Fault, ...] = (
    *REDIRECT,
    *TOKEN,
    *CLAIMS_AND_SIGNATURE,
    *ENCRYPTION,
    *SUBJECT,
    *USERINFO,
    *SIGNED_USERINFO,
    *CLAIMS,
    *JWKS,
    *DISCOVERY,
    *ATTACKS,
)


def faults_of(dialect: Dialect) -> dict[str, Fault]:
    """The faults an issuer of that dialect can show, by name."""
    return {fault.name: fault for fault in FAULTS if fault.spoken_in(dialect)}
