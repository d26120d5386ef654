"""Whose consultation it is: every address of the desk, asked by somebody whose it is not."""

import json
import secrets
from dataclasses import dataclass

import pytest
from sqlalchemy import select, text

from broker.advisor_desk import advisor_desk
from broker.audit.journal import JOURNAL
from broker.insured.desk.consultations import Why
from broker.insured.desk.hours import is_open
from broker.insured.desk.sessions import IDLE_SECONDS, LONGEST_SECONDS
from broker.insured.desk.tables import ACT, POST_CODE
from broker.insured.desk.words import Reason
from broker.insured.schema import ACCOUNT, CASE
from broker.insured.space.messages import send
from broker.insured.space.place import Tenant
from broker.insured.space.tables import MESSAGE
from sandbox.world import World
from tests.backchannel import CHEAP_PASSWORDS, Portal, named
from tests.service import Service, body

CHANGES = {
    "insured": {
        "passwords": CHEAP_PASSWORDS,
        "demonstration_persons": 5,
        "desk": {"consultations_per_hour": 10_000},
    },
    "clients": {"ameli_provider": {"identity_checks": True}},
}
WHY = {"reason": "fraud", "note": ""}
PROOF = {"questions": ["given_names", "birthdate", "postal_code"]}
ONE = "/desk/consultations/{file}"
ACTS = [
    ("GET", ONE, None),
    ("POST", f"{ONE}/proof", PROOF),
    ("POST", f"{ONE}/email", {"text": "voleur@exemple.fr"}),
    ("POST", f"{ONE}/mobile", {"text": "0639980048"}),
    ("POST", f"{ONE}/unlocking", {}),
    ("POST", f"{ONE}/post-code", {}),
    ("POST", f"{ONE}/replacement", {"text": "voleur@exemple.fr"}),
    ("POST", f"{ONE}/answer", {"message": "{message}", "text": "oui"}),
    ("POST", f"{ONE}/case-closing", {}),
    ("GET", "/desk/consultations/{case}", None),
    ("POST", "/desk/consultations/{case}/case-closing", {}),
    ("GET", "/desk/consultations/{search}", None),
    ("POST", "/desk/files", {"source": "{search}", "person": "{person}"}),
    ("POST", "/desk/files", {"source": "{case}", "person": "{person}"}),
]
LOOKS = [
    ("DELETE", "/desk/session", None),
    ("GET", "/desk/overview", None),
    ("GET", "/desk/refusals/B0401", None),
    ("POST", "/desk/searches", {**WHY, "nir": "1"}),
    ("POST", "/desk/cases", {**WHY, "number": "7K4M-2QXP"}),
    ("POST", "/desk/messages/{message}", WHY),
]
EVERY_ACT = pytest.mark.parametrize(("method", "path", "content"), ACTS)
EVERY = pytest.mark.parametrize(("method", "path", "content"), ACTS + LOOKS)


@dataclass
class Owned:
    """What one advisor opened, and how anybody may ask for it."""

    world: World
    desk: object
    names: dict

    def open_session(self, name):
        """A session of this advisor, opened now."""
        return self.desk.sessions.open(self.staff(name))

    def staff(self, name):
        return next(one for one in self.desk.directory.everyone() if one.name == name)

    def ask(self, session, call, portal=None):
        """One call with these numbers put in; (status, error)."""
        method, path, content = call
        filled = json.loads(json.dumps(content), object_hook=self._filled)
        headers = {"Idempotency-Key": secrets.token_urlsafe(16), "Staff-Session": session}
        portal = portal or Portal(self.world)
        answer = portal.call(method, path.format(**self.names), filled, headers)
        told = body(answer)
        return answer.status, told.get("error")

    def _filled(self, content):
        whole = {f"{{{name}}}": value for name, value in self.names.items()}
        return {
            key: whole.get(value, value) if isinstance(value, str) else value
            for key, value in content.items()
        }

    def kept(self):
        """Accounts, cases, messages, acts and codes: what an intruder would change."""
        tables = (ACCOUNT, CASE, MESSAGE, ACT, POST_CODE)
        with self.desk.ground.engine.connect() as connection:
            return [connection.execute(select(table)).all() for table in tables]

    def journalled(self):
        """The facts of the consultations in the journal."""
        engine = self.world.broker.app.extensions["parts"].engines["broker"]
        wanted = select(JOURNAL.c.facts).where(JOURNAL.c.event == "desk:consulted")
        with engine.connect() as connection:
            rows = connection.execute(wanted.order_by(JOURNAL.c.id)).scalars()
            return [json.loads(row) for row in rows]


@pytest.fixture(scope="module")
def owned():
    """Camille opened a search, a case and Claire's file, and knows who calls; Claire wrote."""
    with World.build(CHANGES) as world:
        world.browser().login(world.portal, as_="claire").accept()
        refused = world.browser().login(world.portal, as_="dupond").accept()
        number = refused.element("case-number").text
        parts = world.broker.app.extensions["parts"]
        desk = advisor_desk(parts)
        desk.directory.add("dominique", "un mot de passe long", on_call=True)
        person = int(named("claire").line.number)
        with parts.engines["insured"].begin() as tx:
            found = text("SELECT id FROM account WHERE person_id = :person")
            account = tx.execute(found, {"person": person}).scalar_one()
            tenant = Tenant(account, person, "reference", "sector")
            message = send(tx, desk.space, tenant, "rights", "Bonjour ?")["number"]
        one = Owned(world, desk, {"person": person, "message": message, "number": number})
        camille, why = one.staff("camille"), Why(Reason.FRAUD)
        search = desk.search(camille, {"nir": named("claire").line.nir}, why)
        file = desk.open_shown(camille, search, person)
        desk.acts.verify_caller(camille, file, "the-key-of-the-proof", PROOF["questions"])
        case = desk.open_case(camille, number, why)
        one.names |= {"search": search, "file": file, "case": case}
        yield one


@EVERY_ACT
def test_what_an_advisor_opened_is_closed_to_another(owned, method, path, content):
    """Row 5: every number of a colleague's consultation, put in by hand, is unknown: 404."""
    before = owned.kept()

    told = owned.ask(owned.open_session("dominique"), (method, path, content))

    assert told == (404, "consultation_unknown")
    assert owned.kept() == before


@EVERY
def test_a_provider_of_identities_has_no_address_of_the_desk(owned, method, path, content):
    """Row 31: a client that only checks identities is refused, even with an advisor's session."""
    provider = Portal(owned.world, "ameli_provider")
    before, session = owned.kept(), owned.open_session("camille")

    told = owned.ask(session, (method, path, content), provider)

    assert told == (403, "access_denied")
    assert owned.kept() == before


@EVERY
def test_a_person_has_no_address_of_the_desk(owned, method, path, content):
    """Rows 19 and 30: the access token of a person, as the portal's or as an advisor's."""
    ameli = Service(owned.world, "ameli")
    code = ameli.login(owned.world.browser(), "claire")["code"]
    person = ameli.tokens(code)["access_token"]
    before = owned.kept()

    assert owned.ask(person, (method, path, content)) == (401, "staff_session")
    as_portal = Portal(owned.world, token=person)
    session = owned.open_session("camille")
    assert owned.ask(session, (method, path, content), as_portal)[0] in {401, 403}
    assert owned.kept() == before


@EVERY
def test_an_advisor_who_left_has_no_address_of_the_desk(owned, method, path, content):
    """A session does not outlive its advisor; neither does one that is written back by hand."""
    name = f"passage-{secrets.token_hex(4)}"
    owned.desk.directory.add(name, "un mot de passe long", on_call=True)
    staff, session = owned.staff(name), owned.open_session(name)
    owned.desk.directory.disable(name)
    again = owned.desk.sessions.open(staff)
    before = owned.kept()

    for token in (session, again):
        assert owned.ask(token, (method, path, content)) == (401, "staff_session")
    assert owned.kept() == before


WRONG_KIND = [
    ("POST", "/desk/consultations/{search}/proof", PROOF),
    ("POST", "/desk/consultations/{search}/email", {"text": "a@exemple.fr"}),
    ("POST", "/desk/consultations/{case}/mobile", {"text": "0639980048"}),
    ("POST", "/desk/consultations/{case}/unlocking", {}),
    ("POST", "/desk/consultations/{search}/post-code", {}),
    ("POST", "/desk/consultations/{case}/replacement", {"text": ""}),
    ("POST", "/desk/consultations/{search}/answer", {"message": "{message}", "text": "oui"}),
    ("POST", "/desk/consultations/{search}/case-closing", {}),
    ("POST", "/desk/consultations/{file}/case-closing", {}),
    ("POST", "/desk/files", {"source": "{file}", "person": "{person}"}),
    ("POST", "/desk/files", {"source": "{search}", "person": 4_000_000}),
]


@pytest.mark.parametrize(("method", "path", "content"), WRONG_KIND)
def test_a_consultation_serves_what_it_opened_and_nothing_else(owned, method, path, content):
    """Row 45: a search or a case is no file, and a file shows nobody else."""
    before = owned.kept()

    told = owned.ask(owned.open_session("camille"), (method, path, content))

    assert told == (404, "consultation_unknown")
    assert owned.kept() == before


def test_a_message_of_somebody_else_is_not_answered_from_a_file(owned):
    """Row 4: a number of a message that this person did not write."""
    session, before = owned.open_session("camille"), owned.kept()
    strange = {"message": owned.names["message"] + 1, "text": "oui"}

    told = owned.ask(session, ("POST", f"{ONE}/answer", strange))

    assert told == (404, "consultation_unknown")
    assert owned.kept() == before


SEARCH = "/desk/searches"
CONSULTATIONS = [
    (SEARCH, {"nir": named("claire").line.nir}, "search"),
    (SEARCH, {"nir": named("marc").line.nir}, "search"),
    (SEARCH, {"family_name": "Durand", "given_names": "Claire"}, "search"),
    (SEARCH, {"family_name": "Nobody", "given_names": "Zz", "birthdate": "1901-01-01"}, "search"),
    ("/desk/cases", {"number": "{number}"}, "case"),
    ("/desk/messages/{message}", {}, "file"),
]


@pytest.mark.parametrize("reason", list(Reason))
@pytest.mark.parametrize(("path", "content", "kind"), CONSULTATIONS)
def test_every_look_leaves_its_reason_in_the_journal(owned, path, content, kind, reason):
    """Whatever is searched or opened, found or not: one line more, with who and why."""
    session, before = owned.open_session("camille"), owned.journalled()
    said = {**content, "reason": reason, "note": "vérification"}

    assert owned.ask(session, ("POST", path, said))[0] == 200

    (line,) = owned.journalled()[len(before) :]
    assert (line["kind"], line["reason"]) == (kind, reason)
    assert line["staff"] == owned.staff("camille").id
    assert "vérification" not in json.dumps(line, ensure_ascii=False)


@pytest.mark.parametrize("reason", ["", "curiosity", "other"])
@pytest.mark.parametrize(("path", "content", "kind"), CONSULTATIONS)
def test_no_look_without_a_reason_of_the_list(owned, path, content, kind, reason):
    """`other` without words is none; nothing is shown and nothing counted."""
    session, before = owned.open_session("camille"), owned.journalled()

    told = owned.ask(session, ("POST", path, {**content, "reason": reason, "note": ""}))

    assert told == (400, "invalid_field"), kind
    assert owned.journalled() == before


def test_a_file_that_is_opened_is_journalled_by_the_number_of_its_person(owned):
    """Opening somebody who was shown is a look of its own, for the reason of the search."""
    session, before = owned.open_session("camille"), owned.journalled()
    shown = {"source": "{search}", "person": "{person}"}

    assert owned.ask(session, ("POST", "/desk/files", shown))[0] == 200

    (line,) = owned.journalled()[len(before) :]
    assert (line["kind"], line["reason"]) == ("file", "fraud")
    assert line["record"] == owned.names["person"]


@EVERY
def test_a_closed_desk_has_no_address(owned, method, path, content):
    """S98, S165: an advisor who is not on call is out half an hour after closing time."""
    name = f"jour-{secrets.token_hex(4)}"
    owned.desk.directory.add(name, "un mot de passe long")
    clock = owned.world.clock
    while not is_open(clock()):
        clock.advance(seconds=1800)
    while is_open(clock()):
        clock.advance(seconds=600)
    session = owned.open_session(name)
    clock.advance(seconds=1000)
    assert owned.ask(session, ("GET", "/desk/overview", None))[0] == 200
    before = owned.kept()
    clock.advance(seconds=1000)

    assert owned.ask(session, (method, path, content)) == (403, "desk_closed")
    assert owned.ask(session, (method, path, content)) == (401, "staff_session")
    assert owned.kept() == before


@EVERY
@pytest.mark.parametrize("seconds", [IDLE_SECONDS, LONGEST_SECONDS])
def test_a_session_that_ran_out_opens_no_address(owned, method, path, content, seconds):
    """Twenty idle minutes, or ten hours: whatever is asked, the advisor signs in again."""
    session, before = owned.open_session("camille"), owned.kept()
    owned.world.clock.advance(seconds=seconds)

    assert owned.ask(session, (method, path, content)) == (401, "staff_session")
    assert owned.kept() == before
