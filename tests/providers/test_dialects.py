"""Every dialect passes the same suite, against an upstream that speaks it."""

from typing import ClassVar

import pytest

from providers.kinds import KINDS
from tests.providers.conformance import ProviderConformance
from tests.providers.stage import on_stage


class Dialect(ProviderConformance):
    """A provider of that kind on the stage of our own tests."""

    kind = "oidc"
    changes: ClassVar[dict[str, object]] = {}

    @pytest.fixture
    def stage(self):
        return on_stage(self.kind, **self.changes)


class TestOrdinary(Dialect):
    """An ordinary provider, known by its settings alone."""


class TestTax(Dialect):
    kind = "tax"


class TestPostal(Dialect):
    kind = "postal"


class TestMsa(Dialect):
    kind = "msa"


class TestMobile(Dialect):
    kind = "mobile"


class TestAmeli(Dialect):
    kind = "ameli"


class TestEncryptedUserinfo(Dialect):
    """Nobody built in encrypts the user information, but a provider may."""

    kind = "mobile"
    changes: ClassVar[dict[str, object]] = {
        "userinfo": "jwt",
        "userinfo_encrypted": True,
        "userinfo_alg": "RS256",
    }


def test_every_kind_passes_the_suite():
    """A dialect added to the table is added here."""
    tested = {suite.kind for suite in Dialect.__subclasses__()}

    assert tested == set(KINDS)
