"""
People who all sign in at once by NIR and password, as browsers on pages of the portal do.

Each has the page open; at a signal all send it. Whoever is told to wait sends the page that said
so again a few seconds later, as a person would, until everybody is in; and then as many come
again, until they are told to stop.
"""

import multiprocessing
import os
import random
import re
import secrets
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from itertools import islice
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from threading import Barrier

import requests
from servers import ELSEWHERE, GENERATED
from sqlalchemy import Connection as Transaction
from sqlalchemy import create_engine, insert

from broker.insured.accounts.protected import email_columns, nir_of
from broker.insured.credentials.accounts import set_password
from broker.insured.credentials.hashing import PasswordHashing
from broker.insured.registry.columns import Line
from broker.insured.registry.generate import persons
from broker.insured.schema import ACCOUNT
from broker.sealing import Sealer
from broker.settings.insured import InsuredTable, PasswordSettings

_FORK = multiprocessing.get_context("fork")
_HIDDEN = re.compile(r'name="(csrf_token|request_key)"[^>]* value="([^"]*)"')
_PATIENCE = 60
_PASSWORD = "Une-rafale-de-50!"  # noqa: S105 - of persons of this measurement
_COME_BACK = 2.0, 4.0
"""Seconds until somebody who was asked to wait "a few seconds" presses again, at random."""


@dataclass
class Told:
    """What happened to the people: seconds until each was in, and every answer by its kind."""

    seconds: list[float] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    waves: list[float] = field(default_factory=list)


def open_accounts(database: str, secret: str, count: int) -> list[str]:
    """
    Give so many generated persons of the registry an account with the password; their NIRs.

    `secret` is the broker's, under which accounts are sealed.
    """
    sealer, now = Sealer(secret, (), secrets.token_bytes), time.time()
    hashed = PasswordHashing(PasswordSettings()).hash(_PASSWORD)
    people = islice((one for one in _generated() if one.deceased == "0"), count)
    engine = create_engine(database)
    with engine.begin() as tx:
        nirs = [_open(tx, sealer, line, (hashed, now)) for line in people]
    engine.dispose()
    return nirs


def _generated() -> Iterator[Line]:
    today = datetime.now(UTC).date()
    return persons(GENERATED, InsuredTable(database="").demonstration_seed, today)


def _open(tx: Transaction, sealer: Sealer, line: Line, told: tuple[str, float]) -> str:
    hashed, now = told
    values = {
        "person_id": int(line.number),
        "status": "active",
        "origin": "classic",
        "created_at": now,
        **nir_of(sealer).columns(line.nir),
        **email_columns(sealer, f"compte.{line.number}@courriel.exemple.fr"),
    }
    account = tx.execute(insert(ACCOUNT).returning(ACCOUNT.c.id), values).scalar_one()
    set_password(tx, account, hashed, "fr", now)
    return line.nir


@dataclass
class Person:
    """One browser; `nir` is what its person types."""

    portal: str
    nir: str

    def sign_in(self, together: Barrier, until: float) -> tuple[float, Counter[str]]:
        """Seconds from the signal until the person is in (infinite: never), and the answers."""
        answers: Counter[str] = Counter()
        with requests.Session() as browser:
            page = browser.get(f"{self.portal}/connexion", timeout=_PATIENCE)
            together.wait()
            started = time.perf_counter()
            while time.perf_counter() < until:
                page = self._send(browser, page.text)
                answers[_kind(page)] += 1
                if page.status_code == HTTPStatus.SEE_OTHER:
                    return time.perf_counter() - started, answers
                time.sleep(random.uniform(*_COME_BACK))
        return float("inf"), answers

    def _send(self, browser: requests.Session, page: str) -> requests.Response:
        form = {
            **dict(_HIDDEN.findall(page)),
            "nir": self.nir,
            "password": _PASSWORD,
        }
        address = f"{self.portal}/connexion"
        headers = {"Referer": address, "Origin": self.portal}
        return browser.post(
            address, form, headers=headers, timeout=_PATIENCE, allow_redirects=False
        )


def _kind(answer: requests.Response) -> str:
    kinds = {HTTPStatus.SEE_OTHER: "in", HTTPStatus.SERVICE_UNAVAILABLE: "wait"}
    return kinds.get(HTTPStatus(answer.status_code), str(answer.status_code))


def wave(portal: str, nirs: list[str]) -> Told:
    """These people, all at once, until the last of them is in."""
    told = Told()
    together, until = Barrier(len(nirs)), time.perf_counter() + _PATIENCE
    crowd = [Person(portal, nir) for nir in nirs]
    with ThreadPoolExecutor(len(crowd)) as threads:
        for seconds, answers in threads.map(lambda one: one.sign_in(together, until), crowd):
            told.answers += answers
            told.seconds.append(seconds)
    told.waves.append(max(told.seconds))
    return told


@contextmanager
def crowding(portal: str, nirs: list[str]) -> Iterator[Told]:
    """Waves one after the other while this lasts; what is yielded is filled in at the end."""
    told, stop = Told(), _FORK.Event()
    ours, theirs = _FORK.Pipe()
    process = _FORK.Process(target=_keep_on, args=(portal, nirs, stop, theirs), daemon=True)
    process.start()
    yield told
    stop.set()
    if not ours.poll(2 * _PATIENCE):
        raise SystemExit("Nothing heard from the people who sign in.")
    for part in ours.recv():
        told.seconds += part.seconds
        told.answers += part.answers
        told.waves += part.waves
    process.join()


def _keep_on(portal: str, nirs: list[str], stop: Event, pipe: Connection) -> None:
    os.nice(ELSEWHERE)
    told = []
    while not stop.is_set():
        told.append(wave(portal, nirs))
    pipe.send(told)
