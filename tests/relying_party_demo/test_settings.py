"""Settings: the file of the demonstration is right, and a wrong one is refused all at once."""

import copy
import tomllib

import pytest
from pydantic import ValidationError

from relying_party_demo.outside import Outside
from relying_party_demo.portal.app import create_app as create_portal
from relying_party_demo.sample.app import create_app as create_sample
from relying_party_demo.settings import SettingsError, load


@pytest.fixture(scope="module")
def document(root):
    """The config.toml of the project."""
    return tomllib.loads((root / "config.toml").read_text())


def changed(document, table, **values):
    copied = copy.deepcopy(document)
    copied[table] |= values
    return copied


def test_the_demonstration_is_accepted(document):
    """The file that documents the settings loads, and agrees with what the broker knows of us."""
    settings = load(document, {})

    for service, client in ((settings.portal, "ameli"), (settings.sample_service, "sample")):
        known = document["clients"][client]
        assert service.client_id == known["client_id"]
        assert service.client_secret == known["client_secret"]
        assert service.client_auth == known["client_auth"]
        assert service.redirect_uri in known["redirect_uris"]
        assert service.home_uri in known["post_logout_redirect_uris"]
        assert set(service.scope.split()) <= set(known["scopes"])


def test_nothing_can_be_changed_afterwards(document):
    """Settings are read once; nobody rewrites them."""
    settings = load(document, {})

    with pytest.raises(ValidationError):
        settings.portal.client_id = "other"


@pytest.mark.parametrize(
    ("table", "values", "problem"),
    [
        ("portal", {"public_url": "http://localhost:8080/"}, "must not end with a slash"),
        ("portal", {"public_url": "http://portal.example"}, "must start with https://"),
        ("portal", {"broker_issuer": "ftp://localhost"}, "must start with https://"),
        ("portal", {"back_channel_url": "//localhost"}, "must start with https://"),
        ("portal", {"scope": "profile"}, "must hold openid"),
        ("portal", {"acr_values": "eidas9"}, "must name one or more of"),
        ("portal", {"acr_values": ""}, "must name one or more of"),
        ("portal", {"secret": "short"}, "at least 32 characters"),
        ("portal", {"client_auth": "none"}, "client_secret_basic"),
        ("portal", {"idle_seconds": 60}, "greater than or equal to 180"),
        ("portal", {"database": "not a url"}, "is not a database URL"),
        ("portal", {"colour": "red"}, "extra inputs are not permitted"),
        ("sample_service", {"accent": "red"}, "pattern"),
        ("brand", {"accent": "red"}, "pattern"),
    ],
)
def test_a_wrong_value_is_named_with_its_rule(document, table, values, problem):
    """The message names the key, the fault and the rule."""
    with pytest.raises(SettingsError) as refused:
        load(changed(document, table, **values), {})

    (found,) = refused.value.problems
    assert found.startswith(f"{table}.{next(iter(values))}: ")
    assert problem.lower() in found.lower()


def test_every_problem_comes_at_once(document):
    """Faults of several tables, of several kinds, in one message."""
    wrong = changed(document, "portal", scope="profile", acr_values="x", secret={"env": "ABSENT"})
    wrong = changed(wrong, "sample_service", public_url="http://far.example")
    del wrong["portal"]["client_id"]

    with pytest.raises(SettingsError) as refused:
        load(wrong, {})

    keys = [problem.partition(":")[0] for problem in refused.value.problems]
    assert sorted(keys) == [
        "portal.acr_values",
        "portal.client_id",
        "portal.scope",
        "portal.secret",
        "sample_service.public_url",
    ]


def test_a_problem_never_repeats_a_secret(document):
    """A secret that is too short is not printed."""
    with pytest.raises(SettingsError) as refused:
        load(changed(document, "portal", secret="hush-hush"), {})

    assert "hush-hush" not in str(refused.value)


def test_a_secret_may_come_from_elsewhere(document, tmp_path):
    """From the environment or from a file, as the file of settings says."""
    kept = tmp_path / "secret"
    kept.write_text("a-secret-from-a-file-0123456789abcdef\n")
    read = changed(
        document, "portal", secret={"env": "PORTAL_SECRET"}, client_secret={"file": str(kept)}
    )

    settings = load(read, {"PORTAL_SECRET": "a-secret-of-the-environment-0123456789"})

    assert settings.portal.secret == "a-secret-of-the-environment-0123456789"
    assert settings.portal.client_secret == "a-secret-from-a-file-0123456789abcdef"


def test_a_secret_that_cannot_be_read_is_a_problem(document, tmp_path):
    """A missing file and an unset name are told by name."""
    read = changed(
        document, "portal", secret={"env": "ABSENT"}, client_secret={"file": f"{tmp_path}/none"}
    )

    with pytest.raises(SettingsError) as refused:
        load(read, {})

    assert refused.value.problems == (
        "portal.secret: the environment has no ABSENT",
        f"portal.client_secret: {tmp_path}/none cannot be read",
    )


def test_production_refuses_the_demonstration(document):
    """Plain http and the secrets of the demonstration are refused by name."""
    with pytest.raises(SettingsError) as refused:
        load({**document, "mode": "production"}, {})

    problems = refused.value.problems
    assert "portal.secret: a secret of the demonstration is refused in production" in problems
    assert "portal.back_channel_url: must start with https:// in production" in problems
    assert len([p for p in problems if p.startswith("sample_service.")]) == 4


@pytest.mark.parametrize(
    ("table", "create"), [("portal", create_portal), ("sample_service", create_sample)]
)
def test_a_service_without_its_table_does_not_start(document, table, create):
    """The reason is one sentence."""
    read = {key: value for key, value in document.items() if key != table}

    with pytest.raises(SettingsError, match=f"{table}: the table is missing"):
        create(load(read, {}), Outside())
