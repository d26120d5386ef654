"""
Every fault a provider can show, through the whole broker, against the table that `/faults` shows.

Rows 8, 35 and 37-42: whatever a provider answers, the person is told which one it
was, nothing is kept of the login, and another provider still leads to the end.
"""

import json

import pytest
from sqlalchemy import func, select

from broker.audit.journal import JOURNAL
from broker.consent.ledger import CONSENT
from broker.database import reading
from broker.errors.lookup import declared
from broker.insured.schema import ACCOUNT, LINK
from broker.openid.grants import GRANT
from broker.sessions.store import SESSION
from broker.subjects.persons import PERSON, PERSON_KEY, UPSTREAM
from mock_idps.faults.fault import Ends, Where
from mock_idps.faults.table import FAULTS
from providers.faults import catalogue
from sandbox.world import World
from sandbox.wsgi import Request
from tests.service import Service

STORED = {
    "broker": (PERSON, PERSON_KEY, UPSTREAM, SESSION, CONSENT, GRANT),
    "insured": (ACCOUNT, LINK),
}
PROVIDERS = {"encrypted_id_token": "mobile", "signed_userinfo": "postal", "attacks": "attacker"}
CHECKS = {kind.check for kind in catalogue()}
NUMBERS = {kind.number for kind in declared()}
REFUSED = ("login:provider:refused", "login:answer:refused")


@pytest.fixture(scope="module")
def world():
    """One world for all the faults: what one leaves behind would disturb the next."""
    with World.build() as built:
        yield built


@pytest.fixture
def login(world):
    """A login at the private service, on a day when nothing of the last one is remembered."""
    world.clock.advance(hours=3)
    return Login(world)


class Login:
    """One browser that meets one fault."""

    def __init__(self, world):
        self.world = world
        self.browser = world.browser()
        self.engines = world.broker.app.extensions["parts"].engines

    def prepare(self, fault, via):
        """A lie about keys is told to whoever knows the keys of a moment ago."""
        if fault.where is Where.JWKS:
            other = self.world.browser()
            Service(self.world, "sample").start(other)
            other.sign_in("marc", via)

    def meet(self, fault, via, **asked):
        """Log in through that provider up to where the fault leads."""
        Service(self.world, "sample").start(self.browser, **asked)
        self.providers = self.browser.page.url
        if fault.where is Where.DISCOVERY:
            self.queue(fault, via)
        return self.browser.sign_in("claire", via, fault=fault.name)

    def queue(self, fault, via):
        """The next document of the provider lies, whoever asks for it."""
        url = f"{self.world.providers[via].url}/_control/faults"
        body = json.dumps({"fault": fault.name}).encode()
        request = Request("POST", url, {"Content-Type": "application/json"}, body)
        answer, _ = self.world.network.send(request)
        assert answer.status == 201, answer.body

    def label(self, via):
        """What people call the provider."""
        return self.world.configuration.broker.providers[via].label

    def stored(self):
        """How much there is of everything a login may leave behind."""
        counts = {}
        for bind, tables in STORED.items():
            with reading(self.engines[bind]) as connection:
                for table in tables:
                    counts[table.name] = connection.execute(
                        select(func.count()).select_from(table)
                    ).scalar()
        return counts

    def refusals(self):
        """What the journal says was refused: the provider and the check."""
        wanted = select(JOURNAL).where(JOURNAL.c.event.in_(REFUSED)).order_by(JOURNAL.c.id)
        with reading(self.engines["broker"]) as connection:
            rows = connection.execute(wanted).all()
        return [(row.provider, json.loads(row.facts)["check"]) for row in rows]

    def reaches_the_service(self, page):
        """Agree where that is asked; whether the service gets a code."""
        if page.has("consent-continue"):
            page.accept()
        return "code" in self.browser.sent_back()

    def seconds(self):
        """The virtual time that the browser waited, for all its pages together."""
        return sum(hop.seconds for hop in self.browser.hops)


def banner(page):
    """What the page of providers says first: aloud, unless it was the person's own choice."""
    roles = ("alert", "status")
    return next(one for one in page.root.everything() if one.get("role") in roles)


def offered_by(fault):
    """A provider whose dialect can show the fault."""
    return PROVIDERS.get(fault.only, "tax")


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_ends_as_its_table_says(login, fault):
    """On the page of providers or a numbered page, soon, nothing stored, another one usable."""
    via, asked = offered_by(fault), {}
    ends = fault.ends
    if ends is Ends.AS_ASKED:
        ends, asked = Ends.BANNER, {"max_age": "600"}
    login.prepare(fault, via)
    before, told = login.stored(), login.refusals()
    page = login.meet(fault, via, **asked)

    assert login.seconds() < 10
    if ends is Ends.GOES_ON:
        assert login.reaches_the_service(page)
        return
    assert login.stored() == before
    assert not login.browser.sent_back()
    (refused,) = login.refusals()[len(told) :]
    if ends is Ends.BANNER:
        assert page.path.endswith("/providers")
        assert page.status == 200
        assert login.label(via) in banner(page).text
        assert refused[0] == via
        assert refused[1] in CHECKS
    else:
        assert page.status >= 400
        assert refused[1] in NUMBERS
        login.browser.open(login.providers)
    assert page.has("cancelled") or page.testids["error-number"].text in NUMBERS
    other = "tax" if via == "postal" else "postal"
    assert login.reaches_the_service(login.browser.sign_in("claire", other))


def test_an_old_sign_in_is_accepted_by_who_did_not_ask_for_a_new_one(login):
    """The one fault that depends on the request."""
    fault = next(one for one in FAULTS if one.ends is Ends.AS_ASKED)

    assert login.reaches_the_service(login.meet(fault, "tax"))


def test_the_table_is_the_one_that_the_mocks_show(world):
    """Each fault of these tests stands on the page of its provider, with what is expected."""
    for via in {offered_by(fault) for fault in FAULTS}:
        page = world.browser().open(f"{world.providers[via].url}/faults?lang=en")
        for fault in FAULTS:
            if offered_by(fault) == via:
                assert fault.name in page.text
                assert fault.expects in page.text
