"""The table of modules and the tests tell the same story."""

import ast
import re
from pathlib import Path

from tests.broker.openid.conformance.modules import NOT_APPLICABLE, PLANS

_NAME = re.compile(r"\boidcc-[a-z0-9-]*[a-z0-9]\b")


def named():
    """The modules that the docstrings of this folder name."""
    found = set()
    for file in Path(__file__).parent.glob("test_*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                found |= set(_NAME.findall(ast.get_docstring(node) or ""))
    return found


def test_every_module_of_the_five_plans_has_a_test():
    """Each name of the table stands in the docstring of a test, unless it cannot apply."""
    wanted = {module for modules in PLANS.values() for module in modules}

    assert named() == wanted - set(NOT_APPLICABLE)


def test_what_does_not_apply_is_not_promised(op):
    """The one module left out is about a grant that discovery does not offer."""
    assert "refresh_token" not in op.metadata()["grant_types_supported"]
