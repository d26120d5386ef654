"""A mock provider in a tester's hands: its people, its lies, its keys, what it was asked."""

from collections.abc import Mapping
from dataclasses import dataclass

from mock_idps.faults.fault import Where
from mock_idps.issuer import Issuer
from mock_idps.records import Received

_DOCUMENT_SECONDS = 3600.0


class UnknownNameError(ValueError):
    """No such persona or fault; the sentence lists those there are."""


@dataclass(frozen=True, slots=True)
class Upstream:
    """One mock provider of a world."""

    issuer: Issuer

    @property
    def personas(self) -> Mapping[str, str]:
        """Who can sign in: login -> why this person exists."""
        return {one.key: one.en for one in self.issuer.cast}

    @property
    def faults(self) -> Mapping[str, str]:
        """How it can lie: name -> what a broker must do about it."""
        return {name: fault.expects for name, fault in self.issuer.faults.items()}

    @property
    def requests(self) -> list[Received]:
        """What it was asked lately, secrets hidden, oldest first."""
        return self.issuer.received.all()

    def lie(self, fault: str, persona: str = "", times: int = 1) -> None:
        """
        Show the fault to the next logins, of anybody or of one persona.

        UnknownNameError. Without calling this, a fault may be chosen for one login by whoever
        signs in, which keeps parallel logins apart by itself.
        """
        known = self.issuer.faults.get(fault)
        if known is None:
            raise UnknownNameError(f"no fault {fault!r}; there are: {', '.join(self.faults)}")
        if persona and persona not in self.personas:
            raise UnknownNameError(f"no persona {persona!r}; there are: {', '.join(self.personas)}")
        for _ in range(times):
            if known.where is Where.DISCOVERY:
                self.issuer.arm(known, _DOCUMENT_SECONDS)
            else:
                self.issuer.queue.add((known, persona))

    def rotate_keys(self) -> None:
        """Publish another key, and sign with it from now on."""
        self.issuer.keys.publish()
        self.issuer.keys.use()
