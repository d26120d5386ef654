"""`passerelle client import`: a line that is spoilt says so alone, with its number and the rule."""

import pytest

from tests.broker.commands.conftest import CALLBACK, HEADER

GOOD = f"Good,good,{CALLBACK},".encode()
LAST = f"Last,last,{CALLBACK},".encode()
LONG, LINES = "x" * 200_000, "\na" * 9
SECRET = "a-secret-of-two\nlines-0123456789abcdef012345"
SPOILT = {
    "a line break in a name": (f'"Line\nbreak",spoilt,{CALLBACK},', "name: must stand on one line"),
    "a name of many lines": (f'"a{LINES}",spoilt,{CALLBACK},', "name: must stand on one line"),
    "another kind of line end": (f"A\u2028B,spoilt,{CALLBACK},", "name: must stand on one line"),
    "a NUL": (f"A\0B,spoilt,{CALLBACK},", "name: must stand on one line"),
    "a line break in an id": (f'A,"spo\nilt",{CALLBACK},', "client_id: must have 3 to 255"),
    "not UTF-8": (f"Clinique de l'Été,spoilt,{CALLBACK},".encode("latin-1"), "is not UTF-8"),
    "half a character": (b"A\xe2\x82,spoilt," + CALLBACK.encode(), "is not UTF-8"),
    "a value too long": (f"{LONG},spoilt,{CALLBACK},", "is not CSV: field larger than"),
    "a quote never closed": (f'"A,spoilt,{CALLBACK},', "is not CSV: unexpected end of data"),
    "a quote in the middle": (f'"A"B,spoilt,{CALLBACK},', "is not CSV: "),
    "an address of two": (f'A,spoilt,"{CALLBACK}\0",', "redirect_uris: "),
}


@pytest.mark.parametrize(("line", "reason"), SPOILT.values(), ids=SPOILT)
@pytest.mark.parametrize("ending", [b"\n", b"\r\n", b"\r"])
def test_a_spoilt_line_is_refused_alone(typist, tmp_path, line, reason, ending):
    """With the number of the line where it begins; those before and after it are read."""
    path = tmp_path / "services.csv"
    spoilt = line if isinstance(line, bytes) else line.encode()
    path.write_bytes(ending.join([HEADER.encode(), GOOD, spoilt, LAST, b""]))
    told = typist("import", path, "--dry-run", "--json")
    (refused,) = told.json["refused"]

    assert told.status == 1
    assert [one["client_id"] for one in told.json["added"]] == ["good", "last"]
    assert refused["line"] == 3
    assert refused["reason"].startswith(reason)


def test_a_secret_of_two_lines_is_refused_and_not_told(typist, file):
    """Joined in silence, it would be another secret than the one that the service knows."""
    line = f'A,spoilt,{CALLBACK},,"{SECRET}"'
    told = typist("import", file(line, header=f"{HEADER},client_secret"), "--dry-run")

    assert told.refusal.startswith("line 2: client_secret: must stand on one line")
    assert "lines-0123" not in told.refusal


def test_the_lines_below_a_value_of_several_lines_keep_their_numbers(typist, file):
    """Lists and keys may stand on several lines; what comes after is counted as in the file."""
    several = f'"{CALLBACK}\n{CALLBACK}/2"'
    lines = (f"A,several,{several},", "", "B,plain,http://clinique.example/,", "")
    told = typist("import", file(*lines), "--dry-run", "--json")

    assert told.json["added"] == [{"client_id": "several"}]
    assert [one["line"] for one in told.json["refused"]] == [5]


def test_several_addresses_in_one_cell_are_several(operator, file):
    """As a spreadsheet writes a cell with line breaks."""
    operator("import", file(f'A,several,"{CALLBACK}\n{CALLBACK}/2",'))

    assert operator("show", "several", "--json").json["redirect_uris"] == [
        CALLBACK,
        f"{CALLBACK}/2",
    ]
