"""The settings of the mocks are read once and refused all together."""

import tomllib
from pathlib import Path

import pytest
from joserfc.jwk import ECKey

from mock_idps.dialects import DIALECTS
from mock_idps.settings import SettingsError, load

ROOT = Path(__file__).parents[2]
PUBLIC = ECKey.generate_key("P-256", {"use": "sig"}, auto_kid=True).as_dict(private=False)
GOOD = {
    "issuer": "http://localhost:8001",
    "title": "Essai",
    "client_id": "passerelle",
    "client_secret": "a-secret-for-tests-only-0123456789abcdef",
    "redirect_uris": ["http://localhost:8000/callback/tax"],
}


def _document(**changes):
    return {"mock_idps": {"tax": {**GOOD, **changes}}}


def _problems(document):
    with pytest.raises(SettingsError) as refused:
        load(document)
    return refused.value.problems


def test_the_settings_of_the_demonstration_are_accepted():
    """The mocks of config.toml load, in its order, each with colours of its own."""
    mocks = load(tomllib.loads((ROOT / "config.toml").read_text(encoding="utf-8")))

    assert [mock.id for mock in mocks][:4] == ["tax", "postal", "msa", "mobile"]
    assert len({mock.accent for mock in mocks}) == len(mocks)


@pytest.mark.parametrize(
    ("document", "called"),
    [
        (_document(), "passerelle"),
        ({**_document(), "brand": {"name": "Passerelle"}}, "Passerelle"),
        ({**_document(client_name="Le Pont"), "brand": {"name": "Passerelle"}}, "Le Pont"),
    ],
)
def test_people_read_the_name_of_the_client(document, called):
    """Its own name here, else the brand of this file, else its id."""
    assert load(document)[0].called == called


def test_without_a_table_there_are_no_mocks():
    """A file for production has none."""
    assert load({}) == ()


def test_every_problem_is_reported_at_once():
    """Two tables with several faults each: every one is named with its key."""
    problems = _problems(
        {
            "mode": "production",
            "mock_idps": {
                "tax": {**GOOD, "issuer": "ftp://x", "client_secret": "short", "colour": "red"},
                "msa": {**GOOD, "control": True, "redirect_uris": []},
                "old": {**GOOD, "control": True},
            },
        }
    )

    assert [problem.split(":")[0] for problem in problems] == [
        "mock_idps.tax.issuer",
        "mock_idps.tax.client_secret",
        "mock_idps.tax.colour",
        "mock_idps.msa.redirect_uris",
        "mock_idps.old.control",
    ]


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"issuer": "http://localhost:8001/"}, "issuer"),
        ({"issuer": "http://localhost:8001/tax"}, "issuer"),
        ({"issuer": "http://localhost:8001?x"}, "issuer"),
        ({"issuer": "localhost:8001"}, "issuer"),
        ({"issuer": 8001}, "issuer"),
        ({"title": ""}, "title"),
        ({"client_id": ""}, "client_id"),
        ({"accent": "red"}, "accent"),
        ({"accent_dark": "#12345"}, "accent_dark"),
        ({"control": "perhaps"}, "control"),
        ({"dialect": "klingon"}, "dialect"),
        ({"client_secret": {"env": "NO_SUCH_VARIABLE_HERE"}}, "client_secret"),
        ({"client_secret": {"file": "/no/such/file"}}, "client_secret"),
        ({"dialect": "mobile"}, "client_jwks"),
        ({"dialect": "mobile", "client_jwks": [PUBLIC]}, "client_jwks"),
        ({"dialect": "mobile", "client_jwks": [{"use": "sig", "kty": "EC"}]}, "client_jwks"),
        ({"dialect": "attacker"}, "victims"),
        ({"victims": [{"issuer": "http://x"}]}, "victims"),
    ],
)
def test_a_wrong_value_is_refused_by_name(changes, key):
    """The problem names the key; nothing of the value is repeated."""
    problems = _problems(_document(**changes))

    assert all(key in problem for problem in problems)
    assert not any("0123456789abcdef" in problem for problem in problems)


def test_two_issuers_with_one_address_are_refused():
    """Each issuer is somebody."""
    problems = _problems({"mock_idps": {"tax": GOOD, "msa": GOOD}})

    assert problems == ("mock_idps.msa.issuer: is also the issuer of tax",)


def test_the_control_api_is_closed_in_production_and_open_in_demonstration():
    """By default; asking for it in production is a problem."""
    assert load(_document())[0].control is True
    assert load({"mode": "production", **_document()})[0].control is False
    assert "production" in _problems({"mode": "production", **_document(control=True)})[0]


@pytest.mark.parametrize("kind", ["env", "file"])
def test_a_secret_may_come_from_elsewhere(monkeypatch, tmp_path, kind):
    """From a variable, or from a file without its final line end."""
    secret = GOOD["client_secret"]
    monkeypatch.setenv("MOCK_SECRET", secret)
    path = tmp_path / "secret"
    path.write_text(f"{secret}\n", encoding="utf-8")
    source = {"env": "MOCK_SECRET"} if kind == "env" else {"file": str(path)}

    assert load(_document(client_secret=source))[0].client_secret == secret


def test_the_seven_dialects_are_there():
    """The names that the settings may use."""
    assert set(DIALECTS) == {"plain", "tax", "postal", "msa", "mobile", "ameli", "attacker"}
