"""`passerelle client import`: many services from one file, each refused line with its reason."""

import json

import pytest
from joserfc.jwk import ECKey

from tests.broker.commands.conftest import CALLBACK, HEADER


def known(operator):
    return {row["client_id"] for row in operator("show", "--json").json}


def test_each_line_becomes_a_service(operator, file, browser):
    """With the secret that was made up for it, told this once; it works at once."""
    lines = (f"Un,un-service,{CALLBACK},email birth", f"Deux,deux-service,{CALLBACK},")
    told = operator("import", file(*lines), "--json")
    added = told.json["added"]
    service = operator.service(added[0])

    assert (told.status, told.json["refused"]) == (0, [])
    assert [one["client_id"] for one in added] == ["un-service", "deux-service"]
    assert service.redeem(service.login(browser, scope="openid")["code"]).status == 200
    shown = operator("show", "un-service", "--json").json
    assert shown["scopes"] == ["birth", "email", "openid"]


def test_a_refused_line_never_stops_the_others(operator, file):
    """Each is told with its number and its reason; status 1 says that there were some."""
    told = operator(
        "import",
        file(
            f"Good,good,{CALLBACK},email",
            "Plain,plain,http://clinique.example/,",
            f",nameless,{CALLBACK},",
            f"Wide,wide,{CALLBACK},everything",
            f"Portal,ameli-portal,{CALLBACK},",
            f"Good,good,{CALLBACK},",
            f"Long,long,{CALLBACK},email,more",
            "Nowhere,nowhere,,",
            f"Last,last,{CALLBACK},",
        ),
        "--json",
    )
    refused = {one["line"]: one["reason"] for one in told.json["refused"]}

    assert told.status == 1
    assert [one["client_id"] for one in told.json["added"]] == ["good", "last"]
    assert list(refused) == [3, 4, 5, 6, 7, 8, 9]
    for line, reason in {
        3: "must start with https://",
        4: "name: must have 1 to 120 characters",
        5: "scopes: 'everything'",
        6: "registered already",
        7: "registered already",
        8: "more values than columns",
        9: "redirect_uris: is required",
    }.items():
        assert reason in refused[line]


def test_a_dry_run_says_the_same_and_writes_nothing(operator, file):
    """Doubles within the file included; no secret is made for what is not registered."""
    before = known(operator)
    path = file(f"A,same,{CALLBACK},", f"B,same,{CALLBACK},", f"C,sample-service,{CALLBACK},")
    dry = operator("import", path, "--dry-run", "--json")

    assert dry.status == 1
    assert dry.json["added"] == [{"client_id": "same"}]
    assert [one["line"] for one in dry.json["refused"]] == [3, 4]
    assert dry.json["dry_run"] is True
    assert known(operator) == before
    wet = operator("import", path, "--json")
    assert wet.json["refused"] == dry.json["refused"]


def test_a_second_import_of_the_same_file_refuses_every_line(operator, file):
    """And changes no secret of those that are there."""
    path = file(f"A,first,{CALLBACK},")
    operator("import", path)
    again = operator("import", path, "--json")

    assert (again.status, again.json["added"]) == (1, [])
    assert "registered already" in again.json["refused"][0]["reason"]


def test_people_read_a_line_for_each_and_a_sum(operator, file):
    """What was registered on one side, what was refused on the other."""
    told = operator("import", file(f"A,first,{CALLBACK},", "B,second,ftp://x/,"))
    first, total = told.output.splitlines()

    assert first.startswith("first  ")
    assert total == "1 registered, 1 refused."
    assert told.refusal.startswith("line 3: ")
    dry = operator("import", file(f"C,third,{CALLBACK},"), "--dry-run")
    assert dry.output.splitlines() == ["third", "1 would be registered, 0 refused."]


@pytest.mark.parametrize("delimiter", [",", ";"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_file_from_a_spreadsheet_is_read(typist, file, delimiter, encoding, ending):
    """Semicolons, the mark in front and the line ends of another system change nothing."""
    line = f"Clinique de l'Été,,{CALLBACK},email".replace(",", delimiter)
    header = HEADER.replace(",", delimiter)
    told = typist("import", file(line, header=header, encoding=encoding, ending=ending), "--json")
    (added,) = told.json["added"]

    assert typist("show", added["client_id"], "--json").json["name"] == "Clinique de l'Été"


def test_every_kind_of_column_is_read(operator, file):
    """Lists by blanks, booleans in words, keys in JSON, a secret the service knows already."""
    public = json.dumps({"keys": [ECKey.generate_key("P-256").as_dict(private=False)]})
    quoted = '"' + public.replace('"', '""') + '"'
    columns = "require_pkce,providers_allowed,optional_claims,client_secret,jwks"
    secret = "a-secret-that-the-service-knows-already"
    line = f"A,full,{CALLBACK},email,true,tax postal,email,{secret},{quoted}"
    told = operator("import", file(line, header=f"{HEADER},{columns}"), "--json")
    shown = operator("show", "full", "--json").json

    assert told.json["added"] == [{"client_id": "full"}]
    assert shown["require_pkce"] is True
    assert shown["providers_allowed"] == ["tax", "postal"]
    assert shown["optional_claims"] == ["email"]
    assert shown["jwks"] == json.loads(public)


def test_an_id_left_out_is_made_up(operator, file):
    """One for each line, told with its secret."""
    told = operator("import", file(f"A,,{CALLBACK},", f"B,,{CALLBACK},"), "--json")
    ids = {one["client_id"] for one in told.json["added"]}

    assert len(ids) == 2
    assert ids < known(operator)


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("", "must name the columns name and redirect_uris"),
        ("name,client_id", "must name the columns name and redirect_uris"),
        ("name,redirect_uris,colour", "unknown columns: colour; there are: name,"),
        ("Name,Redirect_URIs", "must name the columns name and redirect_uris"),
        ("name,redirect_uris,name", "columns named twice: name"),
        ("name,redirect_uris,a,a", "columns named twice: a; unknown columns: a, a; there are: "),
        ("name,redirect_uris,", "unknown columns: ; there are: name,"),
        ("name,redirect_uris,\x1b[2J", "unknown columns: '\\x1b[2J'; there are: name,"),
        (f"name,redirect_uris,{'x' * 9999}", f"unknown columns: {'x' * 40}; there are: name,"),
        ('name,redirect_uris,"', "the first line is not CSV: "),
    ],
)
def test_a_file_of_something_else_is_refused_whole(typist, file, header, reason):
    """Before any line is registered."""
    told = typist("import", file("A,b,c", header=header))

    assert (told.status, reason in told.refusal) == (1, True)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"name,redirect_uris\n\xff\xfe,x\n", "not UTF-8"),
        (b'name,redirect_uris\n"open,x\n', "is not CSV"),
        (b'name,redirect_uris\n"a"b,x\n', "is not CSV"),
        (b"", "must name the columns"),
    ],
)
def test_a_file_that_is_no_csv_is_one_sentence(typist, tmp_path, content, reason):
    """Not a stack trace."""
    path = tmp_path / "services.csv"
    path.write_bytes(content)
    told = typist("import", path)

    assert (told.status, reason in told.refusal) == (1, True)


def test_keys_that_are_no_json_are_a_refused_line(typist, file):
    """With its number, as any other fault."""
    told = typist("import", file(f"A,a-service,{CALLBACK},,{{", header=f"{HEADER},jwks"), "--json")

    assert told.json["refused"] == [{"line": 2, "reason": "jwks: is not JSON"}]


def test_the_file_may_come_from_a_pipe(operator):
    """`-` reads what another program writes."""
    told = operator("import", "-", "--json", input=f"{HEADER}\nA,piped,{CALLBACK},\n")

    assert [one["client_id"] for one in told.json["added"]] == ["piped"]
