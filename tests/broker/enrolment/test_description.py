"""docs/back-channel.openapi.json says what the back channel does, address by address."""

import json
import re

import pytest

from broker.enrolment import classic_bodies as bodies
from sandbox.world import World
from tests.backchannel import CHEAP_PASSWORDS, PATH, Portal, form_of, named
from tests.service import body

BODIES = {
    "/creations": bodies.CreationBody,
    "/activations/read": bodies.TokenBody,
    "/activations": bodies.ActivationBody,
    "/sign-ins": bodies.SignInBody,
    "/sign-ins/code": bodies.CodeBody,
    "/sign-ins/code/again": bodies.ChallengeBody,
    "/recoveries": bodies.RecoveryBody,
    "/recoveries/code": bodies.RecoveryCodeBody,
    "/identity-checks": bodies.IdentityBody,
}


@pytest.fixture(scope="module")
def document(root):
    return json.loads((root / "docs/back-channel.openapi.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def world():
    """A world that these tests share."""
    with World.build({"insured": {"passwords": CHEAP_PASSWORDS}}) as world:
        yield world


def resolved(document, node):
    while "$ref" in node:
        target = document
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        node = target
    return node


def test_every_address_of_the_classic_way_is_described(document, world):
    """And those of accounts; nothing that is described is missing."""
    rules = [
        (re.sub(r"<(\w+)>", r"{\1}", rule.rule).removeprefix(PATH), method.lower())
        for rule in world.broker.app.url_map.iter_rules()
        if rule.endpoint.split(".")[0] in {"classic", "backchannel"}
        for method in rule.methods - {"HEAD", "OPTIONS"}
    ]
    described = {(path, method) for path, item in document["paths"].items() for method in item}

    assert len(rules) == 10
    assert set(rules) <= described


@pytest.mark.parametrize("path", BODIES)
def test_a_body_is_described_as_it_is_read(document, path):
    """The same members, the same ones required, nothing else let in."""
    operation = document["paths"][path]["post"]
    schema = resolved(document, operation["requestBody"]["content"]["application/json"]["schema"])
    read = BODIES[path].model_json_schema()

    assert schema["properties"].keys() == read["properties"].keys()
    assert set(schema["required"]) == set(read["required"])
    assert schema["additionalProperties"] is read["additionalProperties"] is False
    for name, member in read["properties"].items():
        told = resolved(document, schema["properties"][name])
        for rule in ("type", "maxLength", "minLength", "enum"):
            if rule in member:
                assert told[rule] == member[rule], f"{name}: {rule}"


def test_every_reference_leads_somewhere(document):
    """No part of the document is missing."""
    text = json.dumps(document)
    named_parts = set(re.findall(r'"\$ref": "#/components/([^"]+)"', text))
    kinds = ("schemas", "parameters", "responses")
    parts = {f"{kind}/{name}" for kind in kinds for name in document["components"][kind]}

    assert named_parts <= parts


def fits(document, schema, value):
    """Whether a value fits a schema, as far as this document goes."""
    schema = resolved(document, schema)
    if "oneOf" in schema:
        return sum(fits(document, one, value) for one in schema["oneOf"]) == 1
    if "const" in schema:
        return value == schema["const"]
    if schema.get("type") == "null":
        return value is None
    if "enum" in schema and value not in schema["enum"]:
        return False
    if schema.get("type") != "object" or not isinstance(value, dict):
        return not isinstance(value, dict) or "properties" not in schema
    known = schema["properties"]
    strict = schema.get("additionalProperties", True) is False
    return (
        set(schema["required"]) <= value.keys()
        and not (strict and value.keys() - known.keys())
        and all(fits(document, known[name], one) for name, one in value.items() if name in known)
    )


def test_answers_are_as_described(document, world):
    """A journey whose every answer is held against the document."""
    portal, claire, said = Portal(world), named("claire"), []

    def say(path, content):
        answer = portal.say(path, content)
        operation = document["paths"][path]["post"]
        schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
        said.append(fits(document, schema, answer))
        return answer

    def letter():
        return portal.letters("claire.paper@exemple.fr")[-1]

    form = form_of(claire, "claire.paper@exemple.fr")
    typed = {"nir": claire.line.nir, "password": "Un-mot-2-passe!", "origin": "192.0.2.1"}
    for changes in ({"birth_name": "X"}, {"iban": "x"}, {}):
        say("/creations", {**form, **changes})
    token = {"token": letter().links[0].rpartition("/")[2]}
    say("/activations/read", token)
    for password in ("x", "Un-mot-2-passe!", "again"):
        say("/activations", {**token, "password": password, "language": "fr"})
    say("/sign-ins", {**typed, "password": "x"})
    challenge = say("/sign-ins", typed)["challenge"]
    challenge = say("/sign-ins/code/again", {"challenge": challenge})["challenge"]
    code = letter().code
    for one in (f"{(int(code) + 1) % 10**6:06d}", code, code):
        reply = say("/sign-ins/code", {"challenge": challenge, "code": one})
    say("/sign-ins/code/again", {"challenge": challenge})
    asked = {**form, "channel": "email"}
    asked = {name: asked[name] for name in ("nir", "birthdate", "channel", "origin", "language")}
    for changes in ({"nir": "1"}, {}):
        reply = say("/recoveries", {**asked, **changes})
    redeemed = {"recovery": reply["recovery"], "code": "x", "password": "x"}
    say("/recoveries/code", redeemed)
    for _ in range(10):
        say("/sign-ins", {**typed, "password": "x"})

    assert said == [True] * 27


def test_an_account_is_as_described(document, world):
    """What the portal reads of Marc's account."""
    portal, marc = Portal(world), named("marc").line
    typed = {"nir": marc.nir, "password": "Compte-demo-2026!", "origin": "192.0.2.77"}
    reference = portal.say("/sign-ins", typed)["account_id"]
    account = body(portal.call("GET", f"/accounts/{reference}"))

    assert fits(document, {"$ref": "#/components/schemas/Account"}, account)


def test_a_refusal_is_as_described(document, world):
    """Whatever is refused has the members of Error."""
    answer = Portal(world).post("/creations", {})

    assert fits(document, {"$ref": "#/components/schemas/Error"}, body(answer))
