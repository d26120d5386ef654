"""docs/back-channel.openapi.json describes the desk as it answers."""

import json
import re

import pytest

from broker.enrolment import desk_bodies as bodies
from broker.errors import advisor
from broker.errors.catalogue import kinds
from broker.insured.desk.words import Question, Reason
from sandbox.world import World
from tests.backchannel import PATH

BODIES = {
    "/desk/sessions": bodies.SignInBody,
    "/desk/searches": bodies.SearchBody,
    "/desk/cases": bodies.CaseBody,
    "/desk/files": bodies.ShownBody,
    "/desk/messages/{number}": bodies.WhyBody,
    "/desk/consultations/{number}/proof": bodies.ProofBody,
    "/desk/consultations/{number}/email": bodies.TextBody,
    "/desk/consultations/{number}/answer": bodies.AnswerBody,
    "/post-codes/redemption": bodies.RedemptionBody,
}


@pytest.fixture(scope="module")
def document(root):
    return json.loads((root / "docs/back-channel.openapi.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def rules():
    """Every address of the desk: (path, method)."""
    with World.build() as world:
        yield {
            (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule).removeprefix(PATH), method.lower())
            for rule in world.broker.app.url_map.iter_rules()
            if rule.endpoint.split(".")[0] == "advisor_desk"
            for method in rule.methods - {"HEAD", "OPTIONS"}
        }


def test_every_address_of_the_desk_is_described(document, rules):
    """Nothing is missing, and nothing is described that does not exist."""
    described = {
        (path, method)
        for path, item in document["paths"].items()
        for method in item
        if path.startswith(("/desk/", "/post-codes/"))
    }

    assert len(rules) == 18
    assert rules == described


def test_every_address_of_the_desk_wants_both_proofs(document):
    """But the sign-in itself, and what a person does without an advisor."""
    alone = {
        path
        for path, item in document["paths"].items()
        for operation in item.values()
        if path.startswith(("/desk/", "/post-codes/"))
        and operation.get("security") != [{"clientCredentials": ["insured"], "staffSession": []}]
    }

    assert alone == {"/desk/sessions", "/post-codes/redemption"}


@pytest.mark.parametrize("path", BODIES)
def test_a_body_is_described_as_it_is_read(document, path):
    """The same members, the same ones required, nothing else let in."""
    content = document["paths"][path]["post"]["requestBody"]["content"]["application/json"]
    name = content["schema"]["$ref"].rpartition("/")[2]
    schema, read = document["components"]["schemas"][name], BODIES[path].model_json_schema()

    assert schema["properties"].keys() == read["properties"].keys()
    assert schema["required"] == read.get("required", [])
    assert schema["additionalProperties"] is read["additionalProperties"] is False
    for member, told in read["properties"].items():
        for rule in ("type", "maxLength", "minLength", "minimum", "maxItems"):
            assert schema["properties"][member].get(rule) == told.get(rule), f"{member}: {rule}"


def test_the_reasons_are_listed(document):
    """Whoever writes a portal finds the closed vocabulary."""
    schemas = document["components"]["schemas"]
    for name in ("DeskWhy", "DeskSearch", "DeskCase"):
        assert schemas[name]["properties"]["reason"]["enum"] == [*Reason]


def test_the_questions_are_listed(document):
    """And the ways of making sure who calls."""
    schema = document["components"]["schemas"]["DeskProof"]

    assert schema["properties"]["questions"]["items"]["enum"] == [*Question]


def test_every_reference_of_the_desk_leads_somewhere(document):
    """No part of the document is missing."""
    for found in re.findall(r'"\$ref": "#/components/(\w+)/([^"]+)"', json.dumps(document)):
        assert found[1] in document["components"][found[0]]


def test_every_refusal_of_the_desk_is_json():
    """The desk answers programs, never a page."""
    ours = [kind for kind in kinds() if kind.__module__ == advisor.__name__]

    assert len(ours) == 11
    for kind in ours:
        assert kind.fate == "json"
        assert kind.status in {400, 401, 403, 404, 409, 429}
