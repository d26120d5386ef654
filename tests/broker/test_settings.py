"""What the settings of the broker refuse, and a command with them: one judge."""

import pytest
from click import ClickException

from broker.commands.registering import accepted, new_service
from broker.settings import SettingsError, load
from sandbox.document import read
from sandbox.registration import MetadataRefusedError, register

DEMONSTRATION = "demonstration-secret-0123456789abcdef"
GOOD = "a-secret-of-the-tests-0123456789abcdef"
CALLBACK = "https://clinic.example/callback"


@pytest.fixture
def load_with(root):
    """The settings of the demonstration, a table changed: `load_with("broker", listen="x")`."""

    def loaded(table, environ=None, **changed):
        document = read(root / "config.toml")
        within, names = document, table.split(".")
        for name in names[:-1]:
            within = within[name]
        within[names[-1]] = {**within[names[-1]], **changed}
        return load(document, environ or {})

    return loaded


def refused(load_with, table, **changed):
    with pytest.raises(SettingsError) as fault:
        load_with(table, **changed)
    return fault.value.problems


REFUSED = {
    "a name of two lines": ({"name": "Clinic\nof Lyon"}, "name: must stand on one line, without"),
    "a name with a NUL": ({"name": "Clinic\0"}, "name: must stand on one line, without"),
    "a purpose of two lines": ({"purpose_fr": "un\u2028deux"}, "purpose_fr: must stand on one"),
    "an unknown scope": ({"scopes": ["openid", "everything"]}, "scopes: 'everything' is none of"),
    "an unknown claim": (
        {"optional_claims": ["shoe_size"]},
        "optional_claims: 'shoe_size' is none",
    ),
    "a home that runs": (
        {"home_url": "javascript:alert(1)"},
        "home_url: javascript:alert(1): must",
    ),
    "a page that runs": ({"no_account_url": "javascript:0"}, "no_account_url: javascript:0: must"),
    "a home in clear": ({"home_url": "http://far.example/"}, "home_url: http://far.example/: must"),
    "a home that is none": ({"home_url": "https:///x"}, "home_url: https:///x: must"),
    "a bank allowed": ({"providers_allowed": ["bank"]}, "providers_allowed: 'bank' is none of tax"),
    "a bank denied": ({"providers_denied": ["bank"]}, "providers_denied: 'bank' is none of tax"),
    "a wildcard": (
        {"redirect_uris": ["https://*.example/"]},
        "redirect_uris: https://*.example/: ",
    ),
    "a fragment": (
        {"jwks_uri": "https://a.example/#k"},
        "jwks_uri: https://a.example/#k: must not",
    ),
}


@pytest.mark.parametrize(("given", "said"), REFUSED.values(), ids=REFUSED)
def test_a_file_and_a_command_refuse_the_same(load_with, world, given, said):
    """With the same sentence, which names the field and the rule."""
    problems = refused(load_with, "clients.sample", **given)
    service = new_service({"name": "Clinic", "redirect_uris": [CALLBACK], **given})
    with pytest.raises(ClickException) as fault:
        accepted(service, world.broker.app.extensions["parts"])

    assert all(one.startswith(f"clients.sample.{said}") for one in problems)
    told = (one.removeprefix("clients.sample.") for one in problems)
    assert fault.value.message == "; ".join(told)


def test_a_service_that_registers_itself_meets_the_same_judge(world):
    """A scope that opens nothing is told at once, and not at the first login."""
    parts = world.broker.app.extensions["parts"]
    with pytest.raises(MetadataRefusedError, match="scopes: 'everything' is none of") as fault:
        register(parts, {"redirect_uris": [CALLBACK], "scope": "openid everything"})

    assert fault.value.error == "invalid_client_metadata"


def test_a_page_of_a_service_may_hold_a_fragment(load_with):
    """Nobody compares it: it is where people are sent home."""
    home = "https://clinic.example/#/home"

    assert load_with("clients.sample", home_url=home).clients["sample"].home_url == home


OWN = {
    "a level that is not offered": (
        {"default_level": "eidas3"},
        "broker.default_level: is none of offered_levels",
    ),
    "no level at all": (
        {"offered_levels": []},
        "broker.offered_levels: tuple should have at least",
    ),
    "a hint of nobody": ({"idp_hints": ["bank"]}, "broker.idp_hints: 'bank' is no provider"),
    "a key a year ahead": (
        {"key_lead_seconds": 365 * 86_400},
        "broker.key_lead_seconds: input should be less than or equal to 2592000",
    ),
    "no port": ({"listen": "x"}, "broker.listen: 'x' is not host:port"),
    "a port in words": ({"listen": "x:http"}, "broker.listen: 'x:http' is not host:port"),
    "a port too high": ({"listen": "x:65536"}, "broker.listen: 'x:65536' is not host:port"),
    "no host": ({"listen": ":8000"}, "broker.listen: ':8000' is not host:port"),
    "no file": ({"database": "sqlite://"}, "broker.database: names no file"),
    "memory": ({"database": "sqlite:///:memory:"}, "broker.database: names no file"),
    "another engine": ({"database": "mysql://x/y"}, "broker.database: mysql is not supported"),
    "no database": ({"database": "broker.sqlite"}, "broker.database: is not a database URL"),
}


@pytest.mark.parametrize(("given", "said"), OWN.values(), ids=OWN)
def test_what_a_login_would_stumble_over_is_refused_at_start(load_with, given, said):
    """One problem, that names its key."""
    (problem,) = refused(load_with, "broker", **given)

    assert problem.startswith(said)


def test_a_node_may_listen_on_ipv6(load_with):
    """In the brackets of an address."""
    assert load_with("broker", listen="[::1]:8000").broker.listen == "[::1]:8000"


@pytest.mark.parametrize("smtp", ["mail:abc", "mail:", "mail:0", "a:b:25"])
def test_a_mail_server_has_a_port_that_is_a_number(load_with, smtp):
    """Else no mail would ever leave."""
    assert refused(load_with, "mail", smtp=smtp) == [f"mail.smtp: {smtp!r} is not host:port"]


def test_a_mail_server_needs_no_port(load_with):
    """The usual one is taken."""
    assert load_with("mail", smtp="mail.example").mail.smtp == "mail.example"


def test_a_service_and_a_provider_of_data_never_share_an_id(load_with):
    """One would be taken for the other."""
    said = refused(load_with, "data_providers.example", client_id="sample-service")

    assert said == ["data_providers.example.client_id: is already that of clients.sample"]


def test_the_published_secret_is_refused_in_production_however_old(root):
    """Whoever knows it opens what it sealed: it must never have been anybody's."""
    document = read(root / "config.toml")
    own = {**document["broker"], "older_secrets": [GOOD, DEMONSTRATION]}
    with pytest.raises(SettingsError) as fault:
        load({**document, "mode": "production", "broker": own}, {})

    said = [one for one in fault.value.problems if one.startswith("broker.older_secrets.")]
    assert said == [
        "broker.older_secrets.1: a secret of the demonstration is refused in production"
    ]


def test_older_secrets_may_come_from_files_and_the_environment(load_with, tmp_path):
    """As every other secret."""
    (tmp_path / "old").write_text(GOOD + "\n")
    places = [{"file": str(tmp_path / "old")}, {"env": "OLDER"}]
    settings = load_with("broker", {"OLDER": GOOD[::-1]}, older_secrets=places)

    assert settings.broker.older_secrets == (GOOD, GOOD[::-1])


def test_an_older_secret_that_is_nowhere_is_named_by_its_place(load_with):
    """Which one of the list, and what is missing."""
    said = refused(load_with, "broker", older_secrets=[GOOD, {"env": "OLDER"}])

    assert said == ["broker.older_secrets.1: the environment has no OLDER"]


def test_one_fault_hides_no_other(root):
    """A wrong mode, an unknown key, no address: whoever repairs a file does it once."""
    document = read(root / "config.toml")
    document["mode"] = "holiday"
    document["broker"] |= {"colour": "red", "listen": "nowhere", "secret": "short"}
    document["providers"]["tax"]["issuer"] = "ftp://taxes"
    document["clients"]["sample"]["scopes"] = ["openid", "everything"]
    del document["clients"]["ameli"]["redirect_uris"]
    with pytest.raises(SettingsError) as fault:
        load(document, {})
    told = dict(problem.split(": ", 1) for problem in fault.value.problems)

    assert set(told) == {
        "mode",
        "broker.colour",
        "broker.secret",
        "broker.listen",
        "providers.tax.issuer",
        "clients.sample.scopes",
        "clients.ameli.redirect_uris",
    }
    assert told["broker.colour"] == "is no key that is known here"
    assert told["broker.listen"] == "'nowhere' is not host:port"
    assert told["clients.ameli.redirect_uris"] == "is missing"


def test_what_was_set_aside_is_blamed_once(load_with, root):
    """A provider whose table is wrong is no stranger to the services that name it."""
    allowed = refused(load_with, "providers.attacker", label=3, client_auth="none")
    document = read(root / "config.toml")
    document["insured"] = "yes"
    with pytest.raises(SettingsError) as fault:
        load(document, {})

    assert [problem.partition(":")[0] for problem in allowed] == [
        "providers.attacker.label",
        "providers.attacker.client_auth",
    ]
    assert fault.value.problems == ["insured: must be a table"]


@pytest.mark.parametrize(
    "document", [{}, {"mode": 3, "broker": 3}, {"mode": "production", "broker": {}}]
)
def test_a_file_that_says_next_to_nothing_is_refused_without_a_trace(document):
    """What is missing is named, and nothing that a stand-in would be guilty of."""
    with pytest.raises(SettingsError) as fault:
        load(document, {})
    keys = {problem.partition(":")[0] for problem in fault.value.problems}

    assert keys
    assert keys <= {
        "mode",
        "broker",
        *(f"broker.{n}" for n in ("public_url", "database", "secret")),
    }
