"""`passerelle client`: services registered and changed while the broker runs."""

import json
import re
from dataclasses import replace

import pytest
from click.testing import CliRunner
from joserfc.jwk import ECKey
from sqlalchemy import select

from broker.audit.journal import JOURNAL
from broker.clients.store import CLIENT
from broker.commands.clients import client_group
from sandbox.command import main
from tests.broker.commands.conftest import CALLBACK

OWN = "http://localhost:8081"


def events(world, client_id):
    with world.broker.app.extensions["parts"].engines["broker"].connect() as connection:
        wanted = select(JOURNAL.c.event).where(JOURNAL.c.client_id == client_id)
        return list(connection.execute(wanted.order_by(JOURNAL.c.id)).scalars())


def test_a_service_that_was_added_logs_people_in(operator, browser):
    """Registered while the broker runs, it completes a login with what was told once."""
    added = operator.add("--scope", "email")
    service = operator.service(added)
    code = service.login(browser, scope="openid email")["code"]

    assert service.id_token(service.tokens(code))["aud"] == added["client_id"]


def test_what_is_told_once_is_an_id_and_a_secret(operator):
    """An id made up, a secret nobody can guess; and nothing else to lose."""
    first, second = operator.add(), operator.add()

    assert set(first) == {"client_id", "client_secret"}
    assert re.fullmatch(r"[0-9a-f]{32}", first["client_id"])
    assert len(first["client_secret"]) >= 43
    assert len({first["client_id"], second["client_id"]}) == 2
    assert first["client_secret"] != second["client_secret"]


def test_without_json_the_same_is_written_for_people(operator):
    """A name and a value on each line."""
    told = operator("add", "Clinique", "--client-id", "clinique", "--redirect-uri", CALLBACK)

    assert told.status == 0
    lines = dict(line.split(": ") for line in told.output.splitlines())
    assert lines["client_id"] == "clinique"
    assert len(lines["client_secret"]) >= 43


def test_the_secret_is_kept_hashed_and_never_shown_again(operator, world):
    """Neither the database, nor `show`, nor the journal holds it."""
    added = operator.add()
    with world.broker.app.extensions["parts"].engines["broker"].connect() as connection:
        stored = str(connection.execute(select(CLIENT)).all())
        journal = str(connection.execute(select(JOURNAL)).all())

    assert added["client_secret"] not in stored + journal
    assert added["client_secret"] not in operator("show", added["client_id"]).output
    assert added["client_secret"] not in operator("show", "--json").output


def test_every_option_is_kept_as_it_was_given(operator, tmp_path):
    """What `add` was told, `show` tells; the scope openid is always among them."""
    keys = tmp_path / "keys.json"
    public = ECKey.generate_key("P-256").as_dict(private=False)
    keys.write_text(json.dumps({"keys": [public]}))
    told = {
        "--post-logout-redirect-uri": ("post_logout_redirect_uris", [f"{OWN}/"]),
        "--backchannel-logout-uri": ("backchannel_logout_uri", f"{OWN}/logout"),
        "--auth-method": ("client_auth", "private_key_jwt"),
        "--profile": ("profile", "franceconnect"),
        "--scope": ("scopes", ["email", "openid"]),
        "--consent": ("consent", "information"),
        "--optional-claim": ("optional_claims", ["email"]),
        "--purpose-fr": ("purpose_fr", "vous soigner"),
        "--purpose-en": ("purpose_en", "treat you"),
        "--home-url": ("home_url", f"{OWN}/"),
        "--id-token-alg": ("id_token_signed_alg", "RS256"),
        "--id-token-encryption": ("id_token_encrypted_alg", "ECDH-ES"),
        "--userinfo-alg": ("userinfo_signed_alg", "RS256"),
        "--userinfo-encryption": ("userinfo_encrypted_alg", "ECDH-ES"),
        "--allow-provider": ("providers_allowed", ["tax"]),
        "--deny-provider": ("providers_denied", ["postal"]),
        "--sector-identifier": ("sector_identifier", "clinique.example"),
        "--cors-origin": ("cors_origins", [OWN]),
    }
    words = []
    for option, (_, value) in told.items():
        words += [option, value[0] if isinstance(value, list) else value]
    added = operator.add(*words, "--jwks", keys, "--require-pkce", "--require-par")
    shown = operator("show", added["client_id"], "--json").json
    expected = dict(told.values()) | {"require_pkce": True, "require_par": True}
    expected |= {"client_id": added["client_id"], "name": "Clinique", "redirect_uris": [CALLBACK]}

    assert shown == expected | {"jwks": {"keys": [public]}}
    assert "client_secret" not in added


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post", "none"])
def test_each_method_of_proof_is_the_only_one_that_opens(operator, browser, method):
    """A service that proves itself by a secret gets one; one that has none to keep, none."""
    added = operator.add("--auth-method", method)
    service = operator.service(added, method)
    code = service.login(browser, scope="openid")["code"]
    form = {"client_id": added["client_id"]} if method == "none" else {}

    assert ("client_secret" in added) is (method != "none")
    assert service.redeem(code, **form).status == 200


@pytest.mark.parametrize(
    ("uri", "reason"),
    [
        ("http://clinique.example/callback", "must start with https://"),
        ("https://clinique.example/#part", "must not hold a fragment"),
        ("https://*.clinique.example/", "wildcards are not allowed"),
        ("https://clinique.example/*", "wildcards are not allowed"),
        ("https://user@clinique.example/", "without a user name"),
        ("https://user:pass@clinique.example/", "without a user name"),
        ("https:///callback", "must be an absolute address"),
        ("/callback", "must start with https://"),
        ("callback", "must start with https://"),
        ("", "must start with https://"),
        ("javascript:alert(1)", "must start with https://"),
        ("data:text/html,x", "must start with https://"),
        ("https://clinique.example/a b", "blanks"),
        ("https://clinique.example/\\evil", "backslashes"),
        ("https://clinique.example/\n", "in ASCII"),
        ("https://clinique.example/\x00", "in ASCII"),
        ("https://clin\u00efque.example/", "in ASCII"),
        ("https://[half/", "is not a URI"),
        ("http://127.0.0.1.evil.example/", "must start with https://"),
        ("http://localhost.evil.example/", "must start with https://"),
    ],
)
@pytest.mark.parametrize("option", ["--redirect-uri", "--post-logout-redirect-uri"])
def test_an_address_that_could_be_abused_is_refused(typist, option, uri, reason):
    """The sentence names the rule, and nothing is registered."""
    before = typist("show").output
    told = typist("add", "Clinique", "--redirect-uri", CALLBACK, option, uri)

    assert told.status == 2
    assert reason in told.refusal
    assert typist("show").output == before


@pytest.mark.parametrize(
    "uri",
    [
        "https://clinique.example/callback",
        "https://clinique.example:8443/a/b?c=d",
        "http://localhost:3000/callback",
        "http://127.0.0.1/callback",
        "http://[::1]:3000/callback",
    ],
)
def test_an_address_over_tls_or_of_this_machine_is_taken(typist, uri):
    """As it is, character by character."""
    added = typist.add(uri=uri)

    assert typist("show", added["client_id"], "--json").json["redirect_uris"] == [uri]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ((), "redirect_uris: is required: where are codes sent?"),
        (("--redirect-uri", CALLBACK, "--client-id", "a b"), "client_id: must have 3 to 255"),
        (("--redirect-uri", CALLBACK, "--home-url", "javascript:alert(1)"), "home_url: javascript"),
        (("--redirect-uri", CALLBACK, "--optional-claim", "nir"), "optional_claims: 'nir' is none"),
        (("--redirect-uri", CALLBACK, "--sector-identifier", "a host"), "the name of a host"),
        (("--redirect-uri", CALLBACK, "--cors-origin", f"{OWN}/page"), "and nothing more"),
        (("--redirect-uri", CALLBACK, "--client-id", "ab"), "client_id: "),
        (("--redirect-uri", CALLBACK, "--scope", "everything"), "scopes: 'everything' is none of"),
        (("--redirect-uri", CALLBACK, "--allow-provider", "bank"), "'bank' is none of tax,"),
        (("--redirect-uri", CALLBACK, "--deny-provider", "bank"), "'bank' is none of tax,"),
        (("--redirect-uri", CALLBACK, "--auth-method", "private_key_jwt"), "need the keys"),
        (("--redirect-uri", CALLBACK, "--id-token-encryption", "ECDH-ES"), "need the keys"),
        (("--redirect-uri", CALLBACK, "--profile", "franceconnect"), "client_auth: the france"),
        (("--redirect-uri", CALLBACK, "--jwks-uri", "ftp://keys.example"), "must start with https"),
        (("--redirect-uri", CALLBACK, "--cors-origin", "*"), "wildcards are not allowed"),
        (("--redirect-uri", CALLBACK, "--client-id", "ameli-portal"), "declared in the settings"),
    ],
)
def test_a_service_that_could_not_work_is_refused_with_the_reason(typist, words, reason):
    """One sentence without the jargon of a library, status 2, no stack trace."""
    told = typist("add", "Clinique", *words)

    assert told.status == 2
    assert reason in told.refusal
    assert not [word for word in ("Value error", "String should", "Field") if word in told.refusal]
    assert (told.output, told.refusal.count("\n")) == ("", 1)


def test_a_service_needs_a_name(typist):
    """It is what people read on the page of consent."""
    for name in ("", "n" * 121):
        told = typist("add", name, "--redirect-uri", CALLBACK)
        assert told.refusal == "Error: name: must have 1 to 120 characters\n"


@pytest.mark.parametrize(
    "words",
    [
        ("--auth-method", "password"),
        ("--profile", "oauth"),
        ("--consent", "never"),
        ("--id-token-alg", "none"),
        ("--id-token-alg", "HS256"),
        ("--userinfo-encryption", "dir"),
        ("--jwks", "nowhere.json"),
    ],
)
def test_a_word_that_is_none_is_refused_with_those_there_are(typist, words):
    """A usage error, before any database is opened."""
    told = typist("add", "Clinique", "--redirect-uri", CALLBACK, *words)

    assert told.status == 2
    assert words[0] in told.refusal


def test_every_fault_is_told_at_once(typist):
    """So that all can be mended in one go."""
    bad = ("--redirect-uri", "http://a.example/", "--scope", "all", "--deny-provider", "bank")
    told = typist("add", "Clinique", *bad)

    assert all(word in told.refusal for word in ("https://", "'all'", "'bank'"))


def test_private_keys_are_not_taken(operator, tmp_path):
    """Nobody's private key belongs here; a file without keys is told."""
    keys = tmp_path / "keys.json"
    private = ECKey.generate_key("P-256").as_dict(private=True)
    keys.write_text(json.dumps({"keys": [private]}))
    told = operator("add", "C", "--redirect-uri", CALLBACK, "--jwks", keys)
    keys.write_text("-----BEGIN")

    assert "private" in told.refusal
    assert operator("add", "C", "--redirect-uri", CALLBACK, "--jwks", keys).status == 2


def test_an_id_is_taken_once(operator):
    """The second service of that id is refused, the first stays as it was."""
    operator.add("--client-id", "clinique", name="First")
    told = operator("add", "Second", "--client-id", "clinique", "--redirect-uri", CALLBACK)

    assert (told.status, "registered already" in told.refusal) == (2, True)
    assert operator("show", "clinique", "--json").json["name"] == "First"


def test_an_edit_changes_what_is_named_and_leaves_the_rest(operator, browser):
    """Another address and another name; the secret and the scopes are the same."""
    added = operator.add("--scope", "email")
    told = operator("edit", added["client_id"], "--name", "Hôpital", "--consent", "information")
    shown = operator("show", added["client_id"], "--json").json
    service = operator.service(added)

    assert told.status == 0
    assert (shown["name"], shown["consent"]) == ("Hôpital", "information")
    assert (shown["scopes"], shown["redirect_uris"]) == (["email", "openid"], [CALLBACK])
    assert service.redeem(service.login(browser, scope="openid")["code"]).status == 200


def test_a_list_given_to_an_edit_replaces_the_one_there_was(operator):
    """And openid stays among the scopes."""
    added = operator.add("--scope", "email", "--scope", "birth")
    changed = operator("edit", added["client_id"], "--scope", "gender", "--json").json

    assert changed["scopes"] == ["gender", "openid"]


def test_an_edit_that_would_be_refused_at_registration_changes_nothing(operator):
    """The same rules, the same sentences."""
    added = operator.add()
    told = operator("edit", added["client_id"], "--redirect-uri", "http://evil.example/")

    assert told.status == 2
    assert operator("show", added["client_id"], "--json").json["redirect_uris"] == [CALLBACK]


def test_a_service_that_begins_to_use_a_secret_gets_one(operator, browser):
    """Told once, as at registration."""
    added = operator.add("--auth-method", "none")
    told = operator(
        "edit", added["client_id"], "--auth-method", "client_secret_basic", "--json"
    ).json
    service = operator.service(told)

    assert service.redeem(service.login(browser, scope="openid")["code"]).status == 200
    again = operator("edit", added["client_id"], "--name", "Other", "--json").json
    assert "client_secret" not in again


def test_a_new_secret_replaces_the_old_one(operator, world, browser):
    """Within five seconds the old one opens nothing and the new one does."""
    added = operator.add()
    service = operator.service(added)
    code = service.login(browser, scope="openid")["code"]
    rotated = operator("rotate-secret", added["client_id"], "--json").json
    world.clock.advance(5)
    old = service.redeem(code)
    service.secret = rotated["client_secret"]

    assert rotated["client_id"] == added["client_id"]
    assert rotated["client_secret"] != added["client_secret"]
    assert (old.status, service.redeem(code).status) == (401, 200)


def test_a_service_without_secret_has_none_to_rotate(operator):
    """A sentence, and no secret that would never be asked for."""
    added = operator.add("--auth-method", "none")
    told = operator("rotate-secret", added["client_id"])

    assert (told.status, "without a secret" in told.refusal) == (1, True)


def test_a_disabled_service_opens_nothing_until_it_is_enabled(operator, world, browser):
    """No login begins, no code is redeemed; `edit --enable` opens it again."""
    added = operator.add()
    service = operator.service(added)
    code = service.login(browser, scope="openid")["code"]
    told = operator("disable", added["client_id"], "--json")
    world.clock.advance(5)
    closed = (service.start(world.browser(), scope="openid").status, service.redeem(code).status)
    operator("edit", added["client_id"], "--enable")
    world.clock.advance(5)

    assert told.json == {"client_id": added["client_id"], "disabled": True}
    assert closed == (400, 401)
    assert "code" in service.login(world.browser(), scope="openid")


def test_every_node_knows_within_five_seconds(operator, world):
    """A node that had asked for the service before it existed, and one that knew it before."""
    other = world.broker.make().extensions["parts"].clients
    assert other.find("clinique") is None
    operator.add("--client-id", "clinique", name="First")
    world.clock.advance(4.9)
    first = other.find("clinique")
    operator("edit", "clinique", "--name", "Second")
    operator("disable", "clinique")
    world.clock.advance(4.9)
    closed = other.find("clinique")
    operator("edit", "clinique", "--enable")
    world.clock.advance(4.9)

    assert (first.settings.name, closed) == ("First", None)
    assert other.find("clinique").settings.name == "Second"


@pytest.mark.parametrize(
    "words", [("edit", "--name", "Other"), ("disable",), ("rotate-secret",)], ids=lambda w: w[0]
)
def test_a_service_of_the_settings_is_changed_in_the_settings(typist, words):
    """The file is the truth for those it declares; the sentence says where to go."""
    told = typist(words[0], "sample-service", *words[1:])

    assert (told.status, "declared in the settings" in told.refusal) == (1, True)


@pytest.mark.parametrize("word", ["show", "edit", "disable", "rotate-secret"])
def test_a_service_nobody_knows_is_told(typist, word):
    """With the command that lists them."""
    told = typist(word, "nobody")

    assert (told.status, "No service is called nobody" in told.refusal) == (1, True)


def test_services_are_listed_with_their_names(operator):
    """Those of the settings first, then those of the database."""
    added = operator.add(name="Clinique")
    lines = operator("show").output.splitlines()

    assert "ameli-portal  Ameli (démonstration)" in lines
    assert lines[-1] == f"{added['client_id']}  Clinique"


def test_every_change_is_in_the_journal_with_the_service(operator, world):
    """What was done to which service, and never with which secret."""
    client_id = operator.add()["client_id"]
    operator("edit", client_id, "--name", "Other")
    operator("rotate-secret", client_id)
    operator("disable", client_id)

    assert events(world, client_id) == [
        "client:added",
        "client:changed",
        "client:secret:rotated",
        "client:changed",
    ]


def test_without_options_the_commands_act_on_the_state_of_the_demonstration(
    tmp_path, monkeypatch, root
):
    """`make demo` and `passerelle client` in one folder speak of one database."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PASSERELLE_CONFIG", raising=False)
    text = (root / "config.toml").read_text()
    (tmp_path / "config.toml").write_text(
        text.replace("demonstration_persons = 3000", "demonstration_persons = 0")
    )
    words = ["client", "add", "Clinique", "--redirect-uri", CALLBACK, "--client-id", "clinique"]
    told = CliRunner().invoke(main, words)
    shown = CliRunner().invoke(main, ["client", "show", "clinique", "--json"])

    assert told.exit_code == 0, told.output
    assert json.loads(shown.stdout)["name"] == "Clinique"
    assert (tmp_path / "var" / "demo" / "broker.sqlite").is_file()


def test_production_takes_no_address_of_this_machine(world):
    """http://localhost is for a demonstration."""
    parts = world.broker.app.extensions["parts"]
    real = replace(parts, settings=parts.settings.model_copy(update={"mode": "production"}))
    words = ["add", "Clinique", "--redirect-uri", CALLBACK]
    told = CliRunner().invoke(client_group(lambda: real), words)

    assert (told.exit_code, "must start with https://" in told.output) == (2, True)
