"""Accounts, errors and the end of a login; and what no screen lets through."""

import re

import pytest

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
)

HOSTILE = "\"><script>alert(1)</script>'{{ 7*7 }}<img src=x onerror=alert(1)>"


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


def account(news, **facts) -> AccountScreen:
    return AccountScreen(service="Ameli", news=news, continue_url="/", **facts)


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({}, []),
        ({"email_wanted": True}, ["n&#39;a pas encore d&#39;adresse e-mail"]),
        ({"email_wanted": True, "email_taken": True}, ["sert déjà à une autre personne"]),
    ],
)
def test_a_taken_e_mail_is_told_apart_from_a_missing_one(draw, facts, told):
    """D12 keeps no address of somebody else; a provider that gives none accuses nobody."""
    html = draw(account(AccountNews.CREATED, **facts))
    sentences = ["n&#39;a pas encore d&#39;adresse e-mail", "sert déjà à une autre personne"]

    assert [sentence for sentence in sentences if sentence in html] == told


@pytest.mark.parametrize("has_password", [True, False])
def test_a_linked_account_has_the_password_that_it_has(draw, has_password):
    """Nobody is told of a password that was never chosen."""
    html = draw(account(AccountNews.LINKED, has_password=has_password))

    assert ("votre mot de passe marchent toujours" in html) is has_password
    assert ("pas de mot de passe à retenir" in html) is not has_password


@pytest.mark.parametrize(
    ("news", "lasting"),
    [
        (AccountNews.CREATED, "Votre compte reste ouvert"),
        (AccountNews.LINKED, "Votre compte reste relié"),
    ],
)
def test_leaving_now_undoes_nothing(draw, news, lasting):
    """Beside the way out stands that the account is there whatever one does."""
    assert lasting in draw(account(news))


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


@pytest.mark.parametrize(
    ("known", "button", "others"),
    [
        ({}, "help", []),
        ({"home_url": "/home"}, "home", []),
        ({"home_url": "/home", "again_url": "/again"}, "again", ["home"]),
        ({"continue_url": "/on", "abandon_url": "/abandon"}, "go-on", ["abandon"]),
        ({"continue_url": "/on", "other_account_url": "/list"}, "other-account", []),
    ],
)
def test_an_error_page_always_has_one_button(draw, known, button, others):
    """What is likeliest to help stands out; nobody is left with Back alone."""
    html = draw(ErrorScreen(error=errors.CallbackReplayedError(), reference="R", **known))
    ways = r'data-testid="(other-account|go-on|again|help|home|abandon)"'

    assert html.count("btn-primary") == 1
    assert re.search(rf'btn btn-primary" href="[^"]+" data-testid="{button}"', html)
    assert re.findall(ways, html) == [button, *others]


def test_the_number_of_france_connect_is_for_programs(draw):
    """A person reads one number; a test of an integrator finds the other beside it."""
    html = draw(ErrorScreen(error=errors.CallbackReplayedError(), reference="7K2M-9QXA"))
    read = re.sub(r"<[^>]+>", " ", html)

    assert 'data-testid="references" data-alias="Y020022"' in html
    assert "Y020022" not in read
    assert "FranceConnect" not in read


def test_what_is_for_developers_is_folded(draw):
    """The sentence in English about a parameter is not what a person must read."""
    html = draw(ErrorScreen(error=errors.PkceError("only S256"), reference="R"))

    assert html.index("<details") < html.index("only S256") < html.index("</details>")
    assert "<details" not in draw(ErrorScreen(error=errors.PkceError(), reference="R"))


def test_a_refusal_begins_with_what_to_do(draw):
    """Buttons, then whom to call with which number; advice and causes are for whoever reads on."""
    kind = errors.NoAccountPossibleError
    html = draw(refusal(kind, classic_url="/form", other_account_url="/list", case="D-1"))
    order = [
        html.index(told)
        for told in (
            "Ce que vous pouvez faire",
            'data-testid="classic-way"',
            'href="tel:3646"',
            'data-testid="case-number"',
            "Vérifiez dans votre compte",
            "Les causes les plus fréquentes",
            'data-testid="error-number"',
        )
    ]

    assert order == sorted(order)


def test_one_number_is_for_the_advisor(draw):
    """The case number stands in the box and can be copied; ours is small print."""
    html = draw(refusal(errors.AlreadyLinkedError, case="D-1"))
    box = html[html.index("<section") : html.index("</section>")]

    assert "Numéro de dossier à donner au conseiller" in box
    assert "B0411" not in box
    assert html.count("data-copy=") == 1
    assert "Service gratuit + prix d&#39;un appel." in box


def test_a_login_that_is_over_and_has_no_home_leads_to_the_help(draw):
    """A service without a page of its own is no reason for a dead end."""
    assert 'data-testid="help"' in draw(GoneOnScreen(service="Ameli"))


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
