"""What a tester needs at the desk of the advisors: name, password, the code of the moment."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pyotp
import segno

from broker.insured.desk.staff import enrolment_address
from broker.settings.insured import DemonstrationAdvisor
from sandbox.sites import PORTAL, Site


@dataclass(frozen=True, slots=True)
class AdvisorCard:
    """The advisor of the demonstration; `picture` is a QR code for an authenticator."""

    address: str
    name: str
    password: str
    code: str
    picture: str


def advisor_card(
    wanted: DemonstrationAdvisor | None, sites: Sequence[Site], clock: Callable[[], float]
) -> AdvisorCard | None:
    """The card of this world, None when it has no advisor of its own or no portal."""
    portal = next((site for site in sites if site.name == PORTAL), None)
    if wanted is None or portal is None:
        return None
    address = enrolment_address(wanted.name, wanted.totp_secret)
    return AdvisorCard(
        f"{portal.url}/conseiller",
        wanted.name,
        wanted.password,
        pyotp.TOTP(wanted.totp_secret).at(clock()),
        segno.make(address, error="m").svg_data_uri(scale=4),
    )
