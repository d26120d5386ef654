"""The page of providers and the consent page: what they offer."""

import re
from dataclasses import replace

import pytest

from broker import errors
from broker.screens import (
    Banner,
    ConsentKind,
    ConsentScreen,
    Line,
    ProvidersScreen,
    Tile,
    TileState,
)

HOSTILE = "\"><script>alert(1)</script>'{{ 7*7 }}<img src=x onerror=alert(1)>"


def providers(*tiles: Tile, **facts) -> ProvidersScreen:
    return ProvidersScreen(choose_url="/choose", tiles=tiles, **{"service": "Ameli", **facts})


# --- the page of providers ----------------------------------------------------------------------


@pytest.mark.parametrize("state", list(TileState))
def test_only_open_and_troubled_tiles_are_buttons(draw, state):
    """What cannot be chosen is no control at all, and says why in text."""
    html = draw(providers(Tile(id="tax", label="Impots.gouv.fr", state=state)))
    chosen = state in {TileState.OPEN, TileState.TROUBLED}

    assert ('name="provider" value="tax"' in html) is chosen
    assert 'data-testid="provider-tax"' in html
    assert ("tile-state" in html) is (state is not TileState.OPEN)


def test_a_tile_may_give_its_own_reason(draw):
    """A planned return is told in place of the usual sentence."""
    reason = "Indisponible, retour prévu à 15:00"
    html = draw(providers(Tile(id="a", label="A", state=TileState.DISABLED, reason=reason)))

    assert reason in html


def test_the_account_used_last_time_comes_first(draw):
    """The others keep the order of the settings."""
    tiles = [Tile(id=name, label=name, last_used=name == "c") for name in "abcd"]
    html = draw(providers(*tiles))

    assert re.findall(r'value="(\w)" data-testid="provider-', html) == ["c", "a", "b", "d"]
    assert html.count("Dernier utilisé") == 1


def test_the_account_used_last_time_stands_apart(draw):
    """A heading of its own above it, another above the others; none when there is no such one."""
    tiles = [Tile(id=name, label=name, last_used=name == "c") for name in "abcd"]
    marks = r'<h2 class="tile-flag">[^<]+|value="\w" data-testid="provider-'
    found = [
        mark[-1] if "h2" in mark else mark[7] for mark in re.findall(marks, draw(providers(*tiles)))
    ]

    assert found == ["é", "c", "s", "a", "b", "d"]
    assert "tile-flag" not in draw(providers(*[replace(tile, last_used=False) for tile in tiles]))


def test_the_disc_of_an_account_is_the_same_every_time():
    """People find a tile by its colour and letter."""
    tile = Tile(id="postal", label="  la Poste")

    assert tile.initial == "L"
    assert tile.tint == replace(tile, label="Autre").tint
    assert Tile(id="x", label=" ").initial == "?"


def test_a_beta_account_is_marked(draw):
    """Beta is a word, not a colour."""
    assert ">bêta<" in draw(providers(Tile(id="m", label="M", beta=True)))


def test_the_banner_names_the_account_and_says_what_to_do(draw):
    """Back from a provider that failed: what happened, what next, the number."""
    banner = Banner.about(errors.ProviderSlowError, "Impots.gouv.fr", "fr")
    html = draw(providers(banner=banner))

    for told in ("Impots.gouv.fr", "Ce compte ne répond pas", "Choisissez un autre compte."):
        assert told in html
    assert errors.ProviderSlowError.number in html


def test_the_way_out_names_the_service(draw):
    """Leaving without logging in is a link on the page."""
    html = draw(providers(abandon_url="/out"))

    assert re.search(r'href="/out" data-testid="abandon".*Revenir à Ameli sans me connecter', html)


def test_a_login_says_until_when_it_is_valid(draw):
    """By the clock of Paris, summer or winter; a page without an end says nothing."""
    assert "valable jusqu&#39;à 14:32" in draw(providers(valid_until=1_795_527_120.0))
    assert "valable" not in draw(providers())


def test_people_without_any_account_have_a_way(draw):
    """The service's own way, when it has one."""
    assert "Je n&#39;ai aucun de ces comptes" in draw(providers(no_account_url="/form"))
    assert "aucun de ces comptes" not in draw(providers())


# --- consent ------------------------------------------------------------------------------------


def consent(kind=ConsentKind.INFORMATION, *lines: Line, **facts) -> ConsentScreen:
    return ConsentScreen(service="Ameli", kind=kind, answer_url="/answer", lines=lines, **facts)


def line(claim="family_name", **facts) -> Line:
    return Line(claim=claim, label="Nom", value="DURAND", **{"origin": "MSA", **facts})


def test_the_origin_is_said_once_when_it_is_one(draw):
    """Six times the same source would hide the information."""
    html = draw(consent(ConsentKind.INFORMATION, line(), line("email")))

    assert html.count("Source\N{NO-BREAK SPACE}:") == 1


def test_each_line_says_its_origin_when_they_differ(draw):
    """Information from two sources is told apart."""
    html = draw(consent(ConsentKind.INFORMATION, line(), line("email", origin="La Poste")))

    assert html.count("Source\N{NO-BREAK SPACE}:") == 2


@pytest.mark.parametrize("ticked", [True, False])
def test_only_optional_lines_have_a_box(draw, ticked):
    """What the service needs cannot be unticked; what it would like can."""
    html = draw(
        consent(ConsentKind.INFORMATION, line(), line("email", optional=True, ticked=ticked))
    )

    assert re.findall(r'name="claim" value="(\w+)"', html) == ["email"]
    assert (' value="email" checked>' in html) is ticked


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        (ConsentKind.INFORMATION, False),
        (ConsentKind.EXPLICIT, True),
        (ConsentKind.ANONYMOUS, False),
    ],
)
def test_only_explicit_consent_has_its_box(draw, kind, asked):
    """A public service informs, a private one asks; the box is never ticked in advance."""
    html = draw(consent(kind))

    assert ('name="agree" value="yes"' in html) is asked
    assert "checked" not in html


def test_a_missing_agreement_is_told_at_the_top_and_at_the_box(draw):
    """The summary leads to the box, the box names its error."""
    html = draw(consent(ConsentKind.EXPLICIT, agreement_missing=True))

    assert 'href="#agree"' in html
    assert 'aria-describedby="agree-error"' in html
    assert 'id="agree-error"' in html


def test_the_account_is_announced_before_it_is_created(draw):
    """Nobody discovers afterwards that an account exists."""
    assert "il sera créé" in draw(consent(will_create_account=True))
    assert "il sera créé" not in draw(consent())


def test_both_answers_are_buttons_of_one_form(draw):
    """Declining is as protected as accepting."""
    html = draw(consent())

    assert re.findall(r'name="answer" value="(\w+)"', html) == ["continue", "decline"]
