"""The page of providers: who is shown, in which state, and that no hurry breaks it."""

from urllib.parse import parse_qs, urlsplit

import pytest

from tests.service import Service

DECLARED = ["tax", "postal", "msa", "mobile"]


def tiles(page):
    """The ids of the tiles, in the order of the page."""
    found = [name.removeprefix("provider-") for name in page.testids if "provider-" in name]
    return [name for name in found if name in DECLARED]


def is_button(page, provider):
    return page.testids[f"provider-{provider}"].tag == "button"


def started(world, browser=None, **asked):
    """The page of providers of the private service."""
    return Service(world, "sample").start(browser or world.browser(), **asked)


def test_providers_stand_in_the_order_of_the_settings(make_world):
    """As written, unless `order` says otherwise."""
    world = make_world({"providers": {"tax": {"order": 5}, "mobile": {"order": -1}}})

    assert tiles(started(world)) == ["mobile", "postal", "msa", "tax"]


def test_a_hidden_provider_is_reached_by_hint_only(make_world):
    """No tile; a service that names it is led there."""
    world = make_world({"providers": {"msa": {"hidden": True}}})

    assert "msa" not in tiles(started(world))
    assert started(world, idp_hint="msa").url.startswith(world.providers["msa"].url)


def test_a_disabled_provider_is_greyed_and_refused(make_world):
    """Its tile is no button, and a hint to it ends on a numbered page."""
    world = make_world({"providers": {"msa": {"disabled": True}}})
    page = started(world)

    assert not is_button(page, "msa")
    assert "Indisponible" in page.testids["provider-msa"].text
    refused = started(world, idp_hint="msa")
    assert refused.status == 403
    assert refused.has("error-number")


def test_a_beta_says_so(world):
    """The mark stands on its tile and on no other."""
    page = started(world)

    assert [name for name in DECLARED if "bêta" in page.testids[f"provider-{name}"].text] == [
        "mobile"
    ]


def test_a_provider_with_a_notice_asks_once_more(make_world):
    """The notice, then the provider; the way back shows the providers."""
    notice = {"confirm": True, "notice_fr": "Gardez votre téléphone près de vous."}
    world = make_world({"providers": {"postal": notice}})
    browser = world.browser()
    started(world, browser)

    asked = browser.click("provider-postal")
    assert "Gardez votre téléphone près de vous." in asked.text
    assert browser.click("leave-continue").url.startswith(world.providers["postal"].url)
    browser.back()
    assert tiles(browser.back()) == DECLARED


@pytest.mark.parametrize(
    ("lists", "shown"),
    [
        ({"providers_allowed": ["msa", "tax"]}, ["tax", "msa"]),
        ({"providers_denied": ["tax"]}, ["postal", "msa", "mobile"]),
        ({"providers_allowed": ["tax", "msa"], "providers_denied": ["tax"]}, ["msa"]),
    ],
)
def test_a_service_chooses_its_providers(make_world, lists, shown):
    """By allowing or by denying; the others have no tile and are refused by hint."""
    world = make_world({"clients": {"sample": lists}})
    denied = next(name for name in DECLARED if name not in shown)

    assert tiles(started(world)) == shown
    visitor = world.browser()
    started(world, visitor, idp_hint=denied)
    assert visitor.sent_back()["error"] == "invalid_idp_hint"
    assert is_button(world.browser().start(world.portal), denied)


def test_a_provider_too_weak_is_greyed_with_the_reason(world):
    """A service that asks for eidas2 gets the providers that reach it; the others say why not."""
    page = started(world, acr_values="eidas2")

    open_ones = [name for name in DECLARED if is_button(page, name)]
    assert open_ones == ["postal", "mobile"]
    for name in ("tax", "msa"):
        assert "l'identité a été mieux vérifiée" in page.testids[f"provider-{name}"].text


def fail(world, times, via="tax"):
    """So many logins at a provider whose token endpoint fails."""
    for _ in range(times):
        browser = world.browser()
        started(world, browser)
        browser.sign_in("claire", via, fault="token_500")


def test_a_troubled_provider_is_marked_and_still_open(world):
    """After two failures the tile warns; it is still a button."""
    fail(world, 2)
    page = started(world)

    assert is_button(page, "tax")
    assert "Perturbé en ce moment" in page.testids["provider-tax"].text
    assert "Perturbé en ce moment" not in page.testids["provider-postal"].text


def test_an_unavailable_provider_says_when_it_is_back(world):
    """After five failures the tile is closed with the hour; after the rest it is a button again."""
    fail(world, 5)
    page = started(world)

    assert not is_button(page, "tax")
    assert "Indisponible, retour prévu à 09:31" in page.testids["provider-tax"].text
    world.clock.advance(31)
    assert is_button(started(world), "tax")


def test_leaving_for_an_unavailable_provider_ends_on_the_page_again(world):
    """By a hint or by an old page: the banner, and the other providers."""
    browser = world.browser()
    started(world, browser)
    fail(world, 5)
    page = browser.click("provider-tax")

    assert page.path.endswith("/providers")
    assert "Impots.gouv.fr" in page.text
    assert page.testids["error-number"].text == "B0315"
    assert is_button(page, "postal")


def test_the_provider_used_last_in_this_browser_comes_first(world):
    """With its mark, in this browser and in no other; never when it cannot be used."""
    browser = world.browser()
    started(world, browser)
    browser.sign_in("claire", "msa").accept()
    again = started(world, browser, prompt="login")

    assert tiles(again) == ["msa", "tax", "postal", "mobile"]
    assert "Dernier utilisé" in again.text
    assert tiles(started(world)) == DECLARED
    strong = started(world, browser, acr_values="eidas2", prompt="login")
    assert tiles(strong) == DECLARED


@pytest.mark.parametrize("how", ["refused", "failed"])
def test_a_provider_that_vouched_for_nobody_was_not_used(world, how):
    """Chosen and refused, or chosen and failed: it is not put first the next time."""
    browser = world.browser()
    started(world, browser)
    if how == "failed":
        back = browser.sign_in("claire", "msa", fault="token_500")
    else:
        browser.click("provider-msa")
        back = browser.click("refuse")

    assert tiles(back) == DECLARED
    assert "Dernier utilisé" not in back.text


def test_who_refuses_there_reads_no_error(world):
    """It was their choice: no number, no alarm, and the same account may be tried at once."""
    browser = world.browser()
    started(world, browser)
    browser.click("provider-msa")
    back = browser.click("refuse")

    assert back.has("cancelled")
    assert not back.has("error-number")
    assert "tout de suite" in back.text
    assert "quelques minutes" not in back.text


@pytest.mark.parametrize(
    ("chosen", "asked", "word"),
    [
        ("lang-en", None, "Sign in"),
        ("lang-en", "fr", "Sign in"),
        (None, "en", "Sign in"),
        (None, None, "Se connecter"),
    ],
)
def test_the_provider_is_told_the_language_of_our_pages(world, chosen, asked, word):
    """What the person chose here wins over what the service asked for; both travel on."""
    browser = world.browser()
    started(world, browser, ui_locales=asked)
    if chosen:
        browser.click(chosen)

    assert browser.click("provider-tax").h1 == word


def test_a_language_we_do_not_speak_is_still_passed_on(world):
    """The provider may speak it: it comes after ours, and its own spelling is kept."""
    browser = world.browser()
    started(world, browser, ui_locales="de fr-CA")
    browser.click("provider-tax")
    departure = next(
        hop.url for hop in browser.hops if "/authorize" in hop.url and ":8001" in hop.url
    )

    assert parse_qs(urlsplit(departure).query)["ui_locales"] == ["fr-CA de"]


def test_a_double_click_on_a_tile_is_one_trip(world):
    """The second press leads to the same sign-in, and the login ends once."""
    browser = world.browser()
    started(world, browser)
    page = browser.double_click("provider-tax")
    page.click("persona-claire")

    assert browser.page.accept().url.startswith(world.sample.url)


def test_a_double_click_at_the_provider_is_no_dead_end(world):
    """Two answers come back at once: one serves, the other changes nothing."""
    browser = world.browser()
    started(world, browser)
    browser.click("provider-tax")
    last = browser.double_click("persona-claire")

    assert last.has("consent-continue")
    assert last.accept().url.startswith(world.sample.url)


def test_back_from_a_provider_leads_to_another_one(world):
    """Back shows the page of providers again, and any of them can be chosen."""
    browser = world.browser()
    started(world, browser)
    browser.click("provider-tax")
    page = browser.back()

    assert tiles(page) == ["tax", "postal", "msa", "mobile"]
    assert browser.sign_in("agnes", "postal").accept().url.startswith(world.sample.url)


def test_a_second_tab_with_another_provider_changes_nothing(world):
    """The answer that comes last is refused on a numbered page; the login ends as it was going."""
    browser = world.browser()
    providers = started(world, browser).url
    browser.click("provider-tax")
    other = browser.tab()
    other.open(providers)
    other.click("provider-postal")
    consent = other.click("persona-claire")

    late = browser.click("persona-claire")
    assert late.status in {400, 409}
    assert late.has("error-number")
    assert consent.accept().url.startswith(world.sample.url)
