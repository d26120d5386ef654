"""What each screen offers, and what it never lets through."""

import re
from dataclasses import replace

import pytest
from flask import Flask

from broker import errors
from broker.screens import (
    AccountNews,
    AccountScreen,
    Banner,
    ConsentKind,
    ConsentScreen,
    ErrorScreen,
    FormPostScreen,
    GoneOnScreen,
    Line,
    LogoutConfirmScreen,
    ProvidersScreen,
    RefusalScreen,
    Tile,
    TileState,
    render,
)

HOSTILE = "\"><script>alert(1)</script>'{{ 7*7 }}<img src=x onerror=alert(1)>"


@pytest.fixture
def draw(gallery: Flask):
    """The HTML of a screen, in French."""

    def drawn(screen) -> str:
        with gallery.test_request_context("/screen/any"):
            return render(screen).get_data(as_text=True)

    return drawn


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

    assert html.count("Source :") == 1


def test_each_line_says_its_origin_when_they_differ(draw):
    """Information from two sources is told apart."""
    html = draw(consent(ConsentKind.INFORMATION, line(), line("email", origin="La Poste")))

    assert html.count("Source :") == 2


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


# --- accounts, errors, the end ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("news", "told"),
    [
        (AccountNews.CREATED, "Votre compte est créé"),
        (AccountNews.LINKED, "Nous avons retrouvé votre compte et l&#39;avons relié"),
        (AccountNews.EXISTING, "Nous avons retrouvé votre compte"),
    ],
)
def test_the_account_page_says_what_was_done(draw, news, told):
    """Created, linked or found: in words, with one button."""
    html = draw(AccountScreen(service="Ameli", news=news, continue_url="/on"))

    assert f"<h1>{told}</h1>" in html
    assert 'data-testid="account-continue"' in html


def test_a_taken_e_mail_is_told(draw):
    """D12: the account exists, without the address."""
    html = draw(
        AccountScreen(
            service="Ameli", news=AccountNews.CREATED, continue_url="/", email_wanted=True
        )
    )

    assert "sert déjà à une autre personne" in html


def refusal(error, now=1_795_507_200.0, **facts) -> RefusalScreen:
    return RefusalScreen(service="Ameli", error=error, now=now, leave_url="/leave", **facts)


@pytest.mark.parametrize(
    ("error", "ways"),
    [
        (errors.NoAccountPossibleError, ["classic-way", "other-account"]),
        (errors.IdentityUnusableError, ["classic-way", "other-account"]),
        (errors.HolderDeceasedError, []),
        (errors.Under16Error, []),
        (errors.NoOpenRightsError, []),
        (errors.TemporaryNumberError, []),
        (errors.AlreadyLinkedError, []),
    ],
)
def test_a_refusal_offers_only_what_may_help(draw, error, ways):
    """The classic form and another account help when nothing was found; nothing else does."""
    html = draw(refusal(error, classic_url="/form", other_account_url="/providers", case="D-1"))

    assert re.findall(r'data-testid="(classic-way|other-account)"', html) == ways
    for testid in ("abandon", "case-number", "error-number"):
        assert f'data-testid="{testid}"' in html
    assert "36 46" in html


def test_no_refusal_tells_whether_a_file_exists(draw):
    """D0 and D3-D6 differ by their number only (none of them searches on a malformed trait)."""
    none = draw(refusal(errors.NoAccountPossibleError, case="D-1"))
    unusable = draw(refusal(errors.IdentityUnusableError, case="D-1"))

    assert none.replace(errors.NoAccountPossibleError.number, "N") == unusable.replace(
        errors.IdentityUnusableError.number, "N"
    )


def test_an_error_page_keeps_private_facts_to_itself(draw):
    """The reference leads to the log; the facts stay there."""
    error = errors.InvalidParameterError("rule", parameter="nonce", log={"seen": "secret-fact"})
    html = draw(ErrorScreen(error=error, reference="7K2M-9QXA"))

    assert "secret-fact" not in html
    assert "7K2M-9QXA" in html
    assert (
        '<code class="select-all" lang="en" data-testid="error-detail">nonce: rule</code>' in html
    )


def test_a_login_that_is_over_leads_home(draw):
    """Never a dead end, and not the words of giving up."""
    html = draw(GoneOnScreen(service="Ameli", abandon_url="/home"))

    assert 'href="/home" data-testid="home"' in html
    assert "sans me connecter" not in html


def test_the_way_back_to_a_service_needs_no_script(draw):
    """Form post: the fields are there, and a button sends them."""
    html = draw(FormPostScreen(action="https://s.example/cb", fields=(("state", "a&b"),)))

    assert 'name="state" value="a&amp;b"' in html
    assert 'data-testid="form-post-continue"' in html


def test_logging_out_without_a_session_asks_nothing(draw):
    """There is nothing to confirm."""
    html = draw(LogoutConfirmScreen(confirm_url="/logout", signed_in=False))

    assert "<form" not in html


# --- hostile values -----------------------------------------------------------------------------

HOSTILE_SCREENS = {
    "providers": ProvidersScreen(
        service=HOSTILE,
        abandon_url=HOSTILE,
        choose_url=HOSTILE,
        no_account_url=HOSTILE,
        tiles=(
            Tile(id=HOSTILE, label=HOSTILE, need=HOSTILE),
            Tile(id="b", label=HOSTILE, state=TileState.DISABLED, reason=HOSTILE),
        ),
        banner=Banner(HOSTILE, HOSTILE, (HOSTILE,), HOSTILE),
    ),
    "consent": ConsentScreen(
        service=HOSTILE,
        kind=ConsentKind.EXPLICIT,
        answer_url=HOSTILE,
        given_name=HOSTILE,
        purpose=HOSTILE,
        change_account_url=HOSTILE,
        lines=(
            Line(label=HOSTILE, value=HOSTILE, claim=HOSTILE, origin=HOSTILE, optional=True),
            Line(label="b", value="b", claim="b", origin="other"),
        ),
    ),
    "refusal": refusal(
        errors.NoAccountPossibleError, case=HOSTILE, classic_url=HOSTILE, other_account_url=HOSTILE
    ),
    "error": ErrorScreen(
        service=HOSTILE,
        error=errors.InvalidParameterError(HOSTILE, parameter=HOSTILE),
        reference=HOSTILE,
        home_url=HOSTILE,
        other_account_url=HOSTILE,
    ),
    "form post": FormPostScreen(
        service=HOSTILE, action=HOSTILE, fields=((HOSTILE, HOSTILE), ("state", HOSTILE))
    ),
}


@pytest.mark.parametrize("screen", HOSTILE_SCREENS.values(), ids=HOSTILE_SCREENS)
def test_hostile_values_are_text(draw, screen):
    """Row 14: HTML, quotes and template marks in names, states and addresses are only shown."""
    html = draw(screen)

    assert "<script>" not in html
    assert "<img" not in html
    assert "49" not in re.sub(r"&#\d+;|assets/\S+", "", html)
