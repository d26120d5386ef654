"""The table of the negative suite tells the truth about the tests."""

import importlib.util

import pytest


@pytest.fixture(scope="module")
def security(root):
    """The maker of the table, `tests/security/table.py`."""
    path = root / "tests" / "security" / "table.py"
    spec = importlib.util.spec_from_file_location("security_table", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_table_is_the_one_the_tests_make(security, root):
    """Whoever adds a test for a row writes the table again: python tests/security/table.py."""
    written = (root / "tests" / "security" / "README.md").read_text()

    assert written == security.table(root / "tests")


def test_a_test_is_counted_under_the_rows_it_names(security, tmp_path):
    """The rows of a file, of a class and of a test add up; a test of no row is not counted."""
    (tmp_path / "test_forged.py").write_text(
        '"""Rows 1 and 3-5."""\n'
        "class TestIt:\n"
        '    """Row 40."""\n'
        "    def test_a(self):\n"
        '        """Rows 7, 8."""\n'
        "def test_b(): ...\n"
        "def helper(): ...\n"
    )
    (tmp_path / "test_other.py").write_text('def test_c():\n    """Nothing about a table."""\n')
    found = security.tests_by_row(tmp_path)

    assert sorted(found) == [1, 3, 4, 5, 7, 8, 40]
    assert {row: next(iter(cells)).split(": ")[1] for row, cells in found.items()} == {
        1: "2 tests",
        3: "2 tests",
        4: "2 tests",
        5: "2 tests",
        7: "1 test",
        8: "1 test",
        40: "1 test",
    }
