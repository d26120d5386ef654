"""Nobody is ever linked to a stranger's file: rows 1 to 11, driven through the pages."""

import json
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import pytest
from sqlalchemy import func, select, text, update

from broker.federation.switches import Switches
from broker.insured.schema import ACCOUNT, LINK, REFERENCE
from tests.service import Service, body


def insured(world):
    return world.broker.app.extensions["parts"].engines["insured"]


def count(world, table):
    with insured(world).connect() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar()


def test_an_email_is_never_a_key(world):
    """Row 1 (CVE-2024-21632): Thomas sends the address of another account and gets his own."""
    ameli = Service(world, "ameli")
    before = count(world, ACCOUNT)

    answer = ameli.login(world.browser(), "thomas")

    claims = body(ameli.userinfo(ameli.tokens(answer["code"])["access_token"]))
    assert claims["account_status"] == "created"
    assert count(world, ACCOUNT) == before + 1


def test_a_linked_account_absorbs_nobody(world):
    """Rows 2 and 6 (CVE-2026-53516, CVE-2022-46145): Sophie's file is linked to somebody else."""
    links = count(world, LINK)

    page = world.browser().login(world.portal, as_="sophie").accept()

    assert page.status == 403
    assert count(world, LINK) == links


def test_no_form_field_overrides_a_trait(world, browser, ameli):
    """Rows 3 and 5 (CVE-2025-7365, CVE-2026-105215): traits posted by hand are dust."""
    ameli.start(browser)
    page = browser.sign_in("claire")
    token = next(e.get("value") for e in page.root.all("input") if e.get("name") == "csrf_token")
    forged = {"family_name": "MARTIN", "birthdate": "1979-11-08", "sub": "x", "iss": "y"}
    answer = urlencode({"csrf_token": token, "answer": "continue", **forged})

    browser.post(page.url, answer.encode()).click("account-continue")

    tokens = ameli.tokens(browser.sent_back()["code"])
    assert body(ameli.userinfo(tokens["access_token"]))["family_name"] == "DURAND"


def test_the_consent_of_one_identity_serves_no_other(world, browser, ameli):
    """Row 4 (CVE-2026-9087): a page agreed to as Claire is dead once Marc has signed in."""
    ameli.start(browser)
    browser.sign_in("claire")
    claire = browser.page.url
    old = browser.tab()
    old.open(claire)
    browser.click("change-account")
    browser.sign_in("marc")

    browser.page.accept()

    tokens = ameli.tokens(browser.sent_back()["code"])
    assert body(ameli.userinfo(tokens["access_token"]))["family_name"] == "MARTIN"


def test_an_unsolicited_answer_is_refused(world, browser):
    """Row 7 (CVE-2026-104627): a callback that this browser did not start links nothing."""
    victim, attacker = world.browser(), browser
    attacker.start(world.portal)
    attacker.sign_in("marc")
    stolen = next(hop.url for hop in attacker.hops if "/callback/" in hop.url)

    page = victim.open(stolen)

    assert page.status == 403
    assert not victim.sent_back()
    assert victim.open(world.portal.url + "/mon-compte").path != "/mon-compte"


BAD_SUBJECTS = ["no_sub", "null_sub", "number_sub", "long_sub"]


@pytest.mark.parametrize("fault", BAD_SUBJECTS)
def test_a_missing_subject_is_never_coerced(world, browser, fault):
    """Row 8 (CVE-2026-82968): no subject, no login; the person may use another account."""
    names = {one.split(".")[-1] for one in fault_names(world)}
    chosen = next(name for name in names if all(word in name for word in fault.split("_")))

    page = browser.login(world.portal, as_="claire", via="tax", fault=chosen)

    assert page.path.endswith("/providers")
    assert page.has("error-number")


def fault_names(world):
    page = world.browser().open(world.providers["tax"].url + "/faults")
    return [word for word in page.text.replace(",", " ").split() if "_" in word]


def test_the_same_subject_at_two_providers_is_two_links(world, ameli):
    """Row 9 (GHSA-9wqv-qhrh-87f4): the key is the issuer and the subject."""
    for via in ("tax", "postal"):
        ameli.login(world.browser(), "claire", via)

    with insured(world).connect() as connection:
        rows = connection.execute(select(LINK.c.issuer, LINK.c.subject, LINK.c.account_id)).all()
    mine = [row for row in rows if row.issuer.startswith("http://localhost")]
    assert len({row.issuer for row in mine}) == 2
    assert len({row.account_id for row in mine}) == 1


def disable_tax(world):
    """What `passerelle provider disable tax` does, seen by every node within five seconds."""
    parts = world.broker.app.extensions["parts"]
    operator = Switches(parts.settings.providers, parts.engines["broker"], world.clock)
    operator.close("tax", parts.journal)
    world.clock.advance(5)


def test_a_provider_disabled_meanwhile_logs_nobody_in(world, browser, sample):
    """Row 10 (CVE-2026-3009, CVE-2026-2603): disabled between the departure and the arrival."""
    sample.start(browser)
    browser.click("provider-tax")
    disable_tax(world)

    page = browser.click("persona-claire")

    assert page.status == 403
    assert not browser.sent_back()


def test_a_closed_provider_is_no_dead_end(world, browser, sample):
    """Row 10: closed while the consent page is open, the person picks another account."""
    sample.start(browser)
    consent = browser.sign_in("claire")
    disable_tax(world)

    refused = consent.accept()
    browser.open(providers(browser))

    assert refused.status == 403
    assert browser.sign_in("claire", "postal").accept().url.startswith(world.sample.url)


def providers(browser):
    """The address of the page of providers of this login."""
    return next(hop.url for hop in browser.hops if "/providers?" in hop.url)


def test_a_disabled_provider_serves_neither_by_session_nor_by_hint(world, browser, sample):
    """Row 10 (CVE-2026-1486): a session that came from it is not enough, a hint is refused."""
    code = sample.login(browser)["code"]
    disable_tax(world)

    assert sample.start(browser).path.endswith("/providers")
    assert sample.start(browser, idp_hint="tax").status == 403
    assert body(sample.redeem(code))["error"] == "invalid_grant"


def test_a_deactivated_account_gets_no_token(world, browser, ameli):
    """Row 11 (CVE-2025-64521): closed after the code: no token, no userinfo, inactive."""
    code = ameli.login(browser, "claire")["code"]
    tokens = ameli.tokens(code)
    account = body(ameli.userinfo(tokens["access_token"]))["account_id"]
    second = ameli.login(browser, "claire")["code"]

    own = select(REFERENCE.c.account_id).where(REFERENCE.c.reference == account)
    with insured(world).begin() as tx:
        closed = update(ACCOUNT).where(ACCOUNT.c.id.in_(own)).values(status="deactivated")
        assert tx.execute(closed).rowcount == 1

    assert ameli.userinfo(tokens["access_token"]).status == 401
    assert ameli.redeem(second).status == 400
    assert body(ameli.post("/introspect", token=tokens["access_token"])) == {"active": False}


def test_a_blocked_person_gets_no_token(world, browser, sample):
    """Row 11 (CVE-2024-46999): blocked after consent: the code is worth nothing."""
    code = sample.login(browser)["code"]
    parts = world.broker.app.extensions["parts"]
    with parts.engines["broker"].begin() as tx:
        person = tx.execute(text("SELECT id FROM person")).scalar_one()
        parts.persons.block(tx, person)

    assert body(sample.redeem(code))["error"] == "invalid_grant"


@pytest.mark.parametrize(
    "kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
)
def test_a_hundred_simultaneous_logins_give_one_account(request, make_world, kind):
    """Row 6: one person, a hundred browsers at once: one account, and everybody gets in."""
    databases = {}
    if kind == "postgresql":
        postgres = request.getfixturevalue("postgres")
        databases = {name: postgres.fresh() for name in ("broker", "insured")}
    world = make_world(None, databases or None)
    before = count(world, ACCOUNT)

    def login(number):
        via = ("tax", "postal", "msa", "mobile")[number % 4]
        return Service(world, "ameli").login(world.browser(), "claire", via)

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(login, range(100)))

    assert all("code" in answer for answer in answers)
    assert count(world, ACCOUNT) == before + 1


def test_the_journal_holds_no_name_number_or_token(world, browser, ameli):
    """Row 44: after a whole journey every column of the journal is read for what must not be."""
    tokens = ameli.tokens(ameli.login(browser, "claire")["code"])
    parts = world.broker.app.extensions["parts"]
    with parts.engines["broker"].connect() as connection:
        rows = [dict(row._mapping) for row in connection.execute(text("SELECT * FROM journal"))]

    written = json.dumps(rows, default=str)
    for secret in ("DURAND", "Claire", "1985", "courriel", "69383", tokens["access_token"]):
        assert secret not in written, secret
