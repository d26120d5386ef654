"""Accounts that the form opened, before anybody signs in."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, insert

from broker.insured.accounts.protected import email_columns, nir_of, phone_of
from broker.insured.registry.columns import Line
from broker.insured.schema import ACCOUNT
from broker.sealing import Sealer


@pytest.fixture
def classic(engine: Engine, sealer: Sealer, claire: Line) -> Callable[..., int]:
    """Open an account as the form does, of Claire or of another `line`; returns its row number."""

    def open_one(
        status: str = "active",
        *,
        line: Line = claire,
        email: str | None = "form@exemple.fr",
        phone: str | None = None,
        **values: Any,
    ) -> int:
        row = {
            "person_id": int(line.number),
            "status": status,
            "origin": "classic",
            "created_at": 1.0,
            **nir_of(sealer).columns(line.nir),
            **email_columns(sealer, email),
            **phone_of(sealer).columns(phone),
            **values,
        }
        with engine.begin() as tx:
            return int(tx.execute(insert(ACCOUNT).returning(ACCOUNT.c.id), row).scalar_one())

    return open_one
