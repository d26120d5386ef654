"""Why somebody was linked or refused: told in the timeline, never on a page."""

import pytest


def decision_of(world):
    """What the journal of the latest login says of the matching."""
    entries = world.logins()[0]["entries"]
    return next(one["facts"]["decision"] for one in entries if one.get("facts", {}).get("decision"))


@pytest.mark.parametrize(
    ("persona", "rule", "why"),
    [
        ("claire", "D1", {"match": "exact", "equivalences": {}}),
        ("toussaint", "D2", {"equivalences": {"birthplace": "renumbered_or_merged_place"}}),
        ("michel", "D3", {"differing": None}),
        ("usage_as_birth", "D4", {"differing": "family_name"}),
        ("dupond", "D5", {"differing": "family_name"}),
        ("victor", "D6", {"candidates": []}),
        ("henri", "D7", {"match": "exact"}),
    ],
)
def test_the_timeline_tells_the_rule_and_the_page_does_not(world, browser, persona, rule, why):
    """The tester reads the number of the rule and what differed; the person reads a sentence."""
    page = browser.login(world.portal, as_=persona).accept()
    decision = decision_of(world)

    assert decision["rule"] == rule
    assert {name: decision[name] for name in why} == why
    assert rule not in page.text
    assert "differing" not in page.text
