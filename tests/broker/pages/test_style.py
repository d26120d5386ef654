"""The part of Bootstrap that is kept, and colours that can be read."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from broker.look.bootstrap import bootstrap_css, trimmed
from broker.look.brand import brand_css, brand_problems, contrast
from broker.look.templates import TEMPLATES

STYLE = Path(TEMPLATES).parent / "static" / "style.css"


@pytest.fixture
def style_address(visitor) -> str:
    """The address of the stylesheet."""
    return re.search(r"/assets/style-\w+\.css", visitor.get("/help").text)[0]


# --- Bootstrap ----------------------------------------------------------------------------------


def test_bootstrap_is_cut_to_what_the_templates_use():
    """A tenth of it, its licence included."""
    pages = [path.read_text(encoding="utf-8") for path in TEMPLATES.rglob("*.html")]
    kept = trimmed(bootstrap_css(), pages)

    assert len(kept) < 24_000
    assert kept.startswith("/*!")
    assert "MIT" in kept.partition("*/")[0]
    assert ".btn-primary{" in kept
    assert ".carousel" not in kept


CSS = (
    "/*! Licence */:root{--bs-a:1px;--bs-b:var(--bs-a);--bs-c:2px}*,::after{box-sizing:border-box}"
    "p,table{margin:0}.used,.other{top:var(--bs-b)}.used .other{left:0}.used:not(.gone){right:0}"
    ".used{background:url(data:x)}@media (min-width:1px){.used{a:b}.other{c:d}}"
    "@media print{.other{e:f}}@keyframes spin{to{g:h}}#id{i:j}[data-x]{k:l}"
)


@pytest.mark.parametrize(
    ("rule", "kept"),
    [
        ("*,::after{box-sizing:border-box}", True),
        ("p{margin:0}", True),
        ("table", False),
        (".used{top:var(--bs-b)}", True),
        (".used .other", False),
        (".used:not(.gone){right:0}", True),
        ("url(", False),
        ("@media (min-width:1px){.used{a:b}}", True),
        ("print", False),
        ("@keyframes", False),
        ("#id", False),
        ("[data-x]", False),
        (":root{--bs-a:1px;--bs-b:var(--bs-a)}", True),
        ("--bs-c", False),
        ("/*! Licence */", True),
    ],
)
def test_a_rule_stays_when_all_of_it_is_used(rule, kept):
    """Each way a rule of Bootstrap is written, kept or left."""
    assert (rule in trimmed(CSS, ['<p class="used"></p>'])) is kept


# --- colours ------------------------------------------------------------------------------------


def test_the_colours_of_the_brand_are_in_the_style(visitor, style_address):
    """Light and dark, from the settings."""
    style = visitor.get(style_address).text

    assert style.rstrip().endswith(
        ":root{--accent:#0b5563;--on-accent:#ffffff}@media(prefers-color-scheme:dark)"
        "{:root{--accent:#7cc6d6;--on-accent:#10181b}}"
    )


def test_a_good_brand_has_no_problem(brand):
    """The demonstration's own colours can be read."""
    assert list(brand_problems(brand)) == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"accent": "teal"}, "brand.accent: must be a colour"),
        ({"accent": "#0b5563;}body{display:none"}, "brand.accent: must be a colour"),
        ({"accent": "#9ad0dc"}, "brand.accent: has a contrast of 1.7"),
        ({"accent_dark": "#0b5563"}, "brand.accent_dark: has a contrast"),
    ],
)
def test_a_brand_nobody_can_read_is_refused(brand, change, problem):
    """WCAG 2.2 §1.4.3, and no style can be smuggled in by a colour."""
    [told] = brand_problems(replace(brand, **change))

    assert told.startswith(problem)


def test_every_problem_of_a_brand_is_told_at_once(brand):
    """So that both can be corrected in one go."""
    assert len(list(brand_problems(replace(brand, accent="x", accent_dark="y")))) == 2


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#ffffff", 21), ("#ffffff", "#ffffff", 1), ("#767676", "#ffffff", 4.54)],
)
def test_contrast_is_the_one_of_wcag(one, other, ratio):
    """The three values everybody knows."""
    assert round(contrast(one, other), 2) == ratio


def palette() -> dict[str, dict[str, str]]:
    style = STYLE.read_text(encoding="utf-8")
    light, dark = style.split("@media (prefers-color-scheme: dark)", 1)
    found = re.compile(r"--([\w-]+): (#[0-9a-f]{3,6});")
    lights = dict(found.findall(light))
    return {"light": lights, "dark": {**lights, **dict(found.findall(dark.split("html {")[0]))}}


def long_form(colour: str) -> str:
    return colour if len(colour) == 7 else "#" + "".join(c * 2 for c in colour[1:])


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    ("ink", "paper", "least"),
    [
        ("text", "page", 4.5),
        ("muted", "page", 4.5),
        ("muted", "soft", 4.5),
        ("text", "soft", 4.5),
        ("warning-text", "warning-soft", 4.5),
        ("error", "page", 4.5),
        ("good", "page", 4.5),
        ("good", "soft", 4.5),
        ("control", "page", 3),
    ],
)
def test_colours_can_be_read(theme, ink, paper, least):
    """4.5 for texts, 3 for the borders of controls, on light and dark pages."""
    colours = {name: long_form(value) for name, value in palette()[theme].items()}

    assert contrast(colours[ink], colours[paper]) >= least


def test_a_brand_is_only_colours(brand):
    """The end of the stylesheet holds nothing but custom properties."""
    assert brand_css(brand).count("--accent:") == 2
