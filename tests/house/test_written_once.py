"""What several rooms must agree on is written in one place, and read from there."""

import re

import pytest

ONCE = {
    "the length of a month": (r"\b30\.44\b", "broker/insured/periods.py"),
    "the purpose of a sealed ID token": (r'"id-token"', "broker/federation/arrival.py"),
    "the end of an account": (
        r'status": "replaced"',
        "broker/insured/accounts/ending.py",
    ),
    "the name of an account": (r"\binsert\(REFERENCE\)", "broker/insured/accounts/references.py"),
}


@pytest.mark.parametrize(("written", "place"), ONCE.values(), ids=ONCE)
def test_it_is_written_once(root, written, place):
    """Two copies would part some day."""
    found = [
        file.relative_to(root).as_posix()
        for file in sorted((root / "broker").rglob("*.py"))
        if re.search(written, file.read_text("utf-8"))
    ]

    assert found == [place]
