"""The whole world in one process, as tests get it."""

from datetime import UTC, datetime

import pytest

from sandbox.browser import NotOnPageError
from sandbox.document import ConfigurationError
from sandbox.world import START, World


def test_every_application_answers(world):
    """Broker, providers, services and control room, each at its address."""
    browser = world.browser()
    statuses = {name: browser.open(f"{url}/healthz").status for name, url in world.urls.items()}

    assert set(statuses.values()) == {200}
    assert {"broker", "portal", "sample", "room", *world.providers} == set(statuses)
    assert {"tax", "postal", "msa", "mobile"} <= set(world.providers)


def test_a_world_begins_on_a_monday_when_advisors_answer(world):
    """Whatever day the tests run on."""
    assert 0 <= world.clock() - START.timestamp() < 60
    assert START.isoweekday() == 1


def test_a_world_may_begin_on_another_day(make_world):
    """A date that a test needs."""
    start = datetime(2027, 1, 4, 8, tzinfo=UTC)

    assert 0 <= make_world(start=start).clock() - start.timestamp() < 60


def test_two_worlds_share_nothing(make_world):
    """An account created in one does not exist in the other; a clock moved here stands there."""
    first, second = make_world(), make_world()
    first.browser().login(first.portal).accept()
    first.clock.advance(hours=48)
    again = second.browser().login(second.portal)

    assert again.has("consent-continue")
    assert second.clock() < START.timestamp() + 3600


def test_settings_can_be_changed_for_one_world(make_world):
    """Table by table, over the file."""
    world = make_world({"brand": {"name": "Trait d'union"}, "sample_service": None})

    assert "sample" not in world.sites
    assert world.broker.title == "Trait d'union"
    assert "Trait d'union" in world.browser().start(world.portal).title


def test_wrong_settings_are_refused_as_at_any_start(make_world):
    """With every problem."""
    with pytest.raises(ConfigurationError, match=r"broker\.code_seconds"):
        make_world({"broker": {"code_seconds": -1}})


def test_an_application_is_made_when_it_is_first_needed(world):
    """A test that visits one provider does not wait for the others."""
    world.browser().login(world.portal, via="tax")

    assert world.providers["tax"].made
    assert not world.providers["msa"].made


def test_a_closed_world_leaves_no_file():
    """A thousand tests leave nothing behind."""
    with World.build() as world:
        world.browser().start(world.portal)
        assert world.folder.exists()

    assert not world.folder.exists()


def test_the_clock_of_a_world_is_the_clock_of_its_applications(world, browser):
    """A session of thirty minutes is over when the tester says so."""
    browser.login(world.portal).accept()
    assert browser.login(world.sample).has("consent-continue")

    world.clock.advance(hours=48)
    assert browser.start(world.sample).has("provider-tax")


@pytest.mark.parametrize("via", ["tax", "postal", "msa", "mobile"])
def test_one_line_logs_in_through_any_provider(world, browser, via):
    """Up to the consent page, with the persona's name on it."""
    page = browser.login(world.portal, as_="claire", via=via)

    assert page.has("consent-continue")
    assert "DURAND" in page.text


def test_accepting_leads_to_the_service(world, browser):
    """Over the page about the account, to the space of the person."""
    page = browser.login(world.portal).accept()

    assert page.url.startswith(world.portal.url)
    assert page.sent_back["code"]
    assert page.sent_back["iss"] == f"{world.broker.url}/api/v2"


def test_accepting_ticks_the_box_of_explicit_consent(world, browser):
    """The sample service asks for it."""
    page = browser.login(world.sample)
    assert page.has("consent-agree")

    assert page.accept().url.startswith(world.sample.url)


@pytest.mark.parametrize("way", ["decline", "abandon"])
def test_declining_and_giving_up_lead_back_with_access_denied(world, browser, way):
    """The service learns that the person did not agree, and no code."""
    page = getattr(browser.login(world.portal), way)()

    assert page.url.startswith(world.portal.url)
    assert page.sent_back["error"] == "access_denied"
    assert "code" not in page.sent_back


def test_before_any_answer_nothing_was_sent_back(world, browser):
    """The dictionary is empty until the service is answered."""
    assert browser.login(world.portal).sent_back == {}


def test_a_persona_is_found_by_the_name_on_its_button(world, browser):
    """A test reads better with a name."""
    page = browser.login(world.portal, as_="claire anne durand")

    assert page.has("consent-continue")


def test_an_unknown_persona_is_answered_with_the_known_ones(world, browser):
    """Whoever mistypes a name reads the right ones."""
    with pytest.raises(NotOnPageError, match=r"no persona 'clair_'.*claire, marc"):
        browser.login(world.portal, as_="clair_")


def test_a_fault_is_chosen_for_one_login(world, browser):
    """The lying provider is refused; the next login is honest."""
    page = browser.login(world.portal, fault="wrong_nonce")
    assert page.has("provider-tax")

    assert browser.sign_in().has("consent-continue")


def test_a_provider_that_is_down_breaks_nothing_else(world, browser):
    """The person goes back and takes another way."""
    world.network.take_down(world.providers["tax"].url)
    page = browser.login(world.portal, via="tax")
    if not page.has("provider-postal"):
        browser.back()

    assert browser.sign_in(via="postal").has("consent-continue")


def test_two_tabs_are_two_logins(world, browser):
    """Each tab finishes its own."""
    other = browser.tab()
    first, second = browser.login(world.portal), other.login(world.sample)

    assert second.accept().url.startswith(world.sample.url)
    assert first.accept().url.startswith(world.portal.url)


def test_a_login_is_told_hop_by_hop(world, browser):
    """Browser, broker, provider and service, with the journal between the hops."""
    browser.login(world.portal).accept()
    (login,) = world.logins()
    events = [entry["event"] for entry in login["entries"] if entry["kind"] == "event"]
    visited = {entry["to"] for entry in login["entries"] if entry["kind"] == "hop"}

    assert (login["service"], login["provider"]) == ("ameli-portal", "tax")
    assert login["outcome"] == "code"
    observed = {(one["at"], one["held"]) for one in login["observed"]}
    assert observed == {("broker", True), ("tax", True)}
    assert visited == {"portal", "broker", "tax"}
    assert events[0] == "login:started"
    assert "account:created" in events
    assert {token["name"] for entry in login["entries"] for token in entry.get("tokens", [])} >= {
        "id_token"
    }


def test_the_control_room_of_a_world_can_be_visited(world, browser):
    """The same pages as in the demonstration."""
    browser.login(world.portal).accept()
    page = browser.open(f"{world.sites['room'].url}/logins")
    (login,) = [testid for testid in page.testids if testid.startswith("login-")]
    timeline = page.click(login)

    assert "account:created" in timeline.text
    exported = timeline.click("export")
    assert exported.json["outcome"] == "code"
    assert "attachment" in exported.response.header("content-disposition")


@pytest.mark.parametrize(
    ("persona", "reason", "title"),
    [
        ("victor", "B0401 (D6 none)", "Votre situation ne permet pas la création d'un compte"),
        ("henri", "B0407 (D7 deceased)", "Nous avons besoin de vous parler"),
        ("bruno", "B0411 (D11 account_locked)", "Un conseiller doit vérifier votre compte"),
    ],
)
def test_a_refused_account_is_told_alike_in_the_list_and_on_the_timeline(
    world, browser, persona, reason, title
):
    """Its number, its rule and its title, before and after the person went back."""
    page = browser.login(world.portal, as_=persona).accept()
    room = world.browser()
    for end in ("La personne est encore sur cette page.", "Le service a reçu access_denied."):
        listed = room.open(f"{world.sites['room'].url}/logins")
        (login,) = [testid for testid in listed.testids if testid.startswith("login-")]
        opened = listed.click(login)
        told = opened.value("outcome").replace("\N{NO-BREAK SPACE}", " ")

        assert told.startswith(f"Refusée : {reason}, {title}, dossier ")
        assert told.endswith(end)
        assert told in listed.text.replace("\N{NO-BREAK SPACE}", " ")
        assert f"{world.logins()[0]['refusal']['case']}" in opened.text
        if page.has("abandon"):
            page = page.click("abandon")


def test_nothing_secret_is_exported(world, browser):
    """Neither what the service was answered nor what cookies hold."""
    page = browser.login(world.portal).accept()
    told = str(world.logins())

    for secret in (page.sent_back["code"], page.sent_back["state"]):
        assert secret not in told
    for cookie in browser.cookies:
        assert len(cookie.value) < 8 or cookie.value not in told
    assert "demonstration-secret" not in told


def test_upkeep_can_be_asked_for(world, browser):
    """What a served broker does in the background, a test does when it wants."""
    browser.login(world.portal).accept()
    world.keep_up()

    assert browser.refresh().status == 200


def test_mails_of_a_world_end_in_its_mailbox(world, browser):
    """Marc is told that his account was linked; nothing leaves the process."""
    browser.login(world.portal, as_="marc").accept()
    world.keep_up()

    letter = world.mailbox.last("marc@courriel.exemple.fr")
    assert letter.sender == "no-reply@ameli.fr"
    assert "Impots.gouv.fr" in letter.text


@pytest.mark.postgresql
def test_a_world_may_stand_on_postgresql(make_world, postgres):
    """The same world on the other engine."""
    databases = {"broker": postgres.fresh(), "insured": postgres.fresh()}
    world = make_world(databases=databases)

    page = world.browser().login(world.portal).accept()
    assert page.sent_back["code"]
    world.close()
    for url in databases.values():
        postgres.drop(url)
