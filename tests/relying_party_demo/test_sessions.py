"""Sessions: made at login, renewed at each, over after a while; and the way out."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import create_engine, text

CONTENT = re.compile(r"passerelle_portal=([0-9a-f]+);")


def cookie_of(answer):
    """The text of the session's cookie, as set by an answer."""
    return next(
        match[1]
        for header in answer.headers.getlist("Set-Cookie")
        if (match := CONTENT.match(header))
    )


def rows(settings, table):
    engine = create_engine(settings.portal.database)
    with engine.connect() as connection:
        count = connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
    engine.dispose()
    return count


def test_nothing_is_a_session_before_a_login(portal, settings):
    """Pages, buttons and departures make no session: there is none to fix (row 24)."""
    answers = [portal.get("/"), portal.get("/connexion")]
    portal.start()

    assert all("passerelle_portal=" not in str(answer.headers) for answer in answers)
    assert rows(settings, "signed_in") == 0


def test_a_planted_cookie_is_never_adopted(portal, another_browser):
    """The login makes a new text; whoever knew the old one has nothing (row 24)."""
    planted = "f" * 64
    portal.client.set_cookie("passerelle_portal", planted)
    answer = portal.sign_in()

    another_browser.client.set_cookie("passerelle_portal", planted)
    stranger = another_browser.get("/mon-compte")

    assert cookie_of(answer) != planted
    assert portal.get("/mon-compte").status_code == 200
    assert stranger.headers["Location"].endswith("session-terminee")


def test_each_login_renews_the_session(portal, another_browser, settings):
    """A second login of a browser ends the session of the first."""
    first = cookie_of(portal.sign_in())
    second = cookie_of(portal.sign_in())
    another_browser.client.set_cookie("passerelle_portal", first)

    assert first != second
    assert another_browser.get("/mon-compte").status_code == 303
    assert rows(settings, "signed_in") == 1


def test_the_cookie_is_opaque_and_out_of_reach(portal, settings, tmp_path):
    """Not readable by scripts, not sent from other sites, and not stored as it is."""
    answer = portal.sign_in()
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("portal.sqlite*"))
    header = next(h for h in answer.headers.getlist("Set-Cookie") if CONTENT.match(h))

    assert len(cookie_of(answer)) == 64
    assert cookie_of(answer).encode() not in stored
    assert "HttpOnly" in header
    assert "SameSite=Lax" in header
    assert "Max-Age" not in header


def test_the_portal_keeps_the_least_of_what_it_received(portal, tmp_path):
    """Neither the e-mail nor the birth date is stored: the pages do not need them."""
    portal.sign_in()
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("portal.sqlite*"))

    assert b"acc-1" in stored
    assert b"claire@exemple.fr" not in stored
    assert b"1985-03-27" not in stored


@pytest.mark.parametrize(("minutes", "alive"), [(19.99, True), (20, False), (60, False)])
def test_a_session_ends_after_twenty_idle_minutes(portal, clock, minutes, alive):
    """The limit is exact, and what comes after it is a page that says so."""
    portal.sign_in()
    clock.advance(minutes * 60)

    answer = portal.get("/mon-compte")

    assert (answer.status_code == 200) is alive
    if not alive:
        page = portal.ended(answer)
        assert page.status_code == 401
        assert "Votre session est terminée" in page.text
        assert "DURAND" not in page.text


def test_any_page_counts_as_activity(portal, clock):
    """Reading the help keeps the session open: an hour in steps of 19 minutes."""
    portal.sign_in()
    for _ in range(4):
        clock.advance(19 * 60)
        portal.get("/aide")

    assert portal.get("/mon-compte").status_code == 200


def test_the_page_says_when_the_session_ends_and_how_to_stay(portal):
    """Without any script, the hour stands on the page beside a link that extends (WCAG 2.2.1)."""
    portal.sign_in()
    page = portal.get("/mon-compte").text

    assert "votre session se termine à 12:20" in page
    assert '<a href="/mon-compte">Rester connecté</a>' in page


def test_the_script_can_ask_without_extending_and_extend(portal, clock):
    """Asking leaves the idle time running; the button of the warning starts it again."""
    portal.sign_in()
    token = portal.token("/mon-compte")
    clock.advance(1000)
    assert portal.get("/session").json == {"seconds": 200}
    assert portal.get("/session").json == {"seconds": 200}

    extended = portal.client.post("/session", headers={"X-CSRFToken": token})

    assert extended.json == {"seconds": 1200}
    clock.advance(1300)
    assert portal.get("/session").json == {"seconds": 0}


def test_a_session_cannot_be_extended_without_a_form_token(portal):
    """Another site cannot keep a session alive."""
    portal.sign_in()

    assert portal.client.post("/session").status_code == 400


def test_old_sessions_are_purged_by_new_ones(portal, another_browser, clock, settings):
    """Nothing is kept for ever: a login removes what is over."""
    portal.sign_in()
    clock.advance(1201)

    another_browser.sign_in()

    assert rows(settings, "signed_in") == 1
    assert rows(settings, "login_attempt") == 0


def test_the_login_page_sends_on_whoever_is_in(portal):
    """The button « Mon compte » and the login page lead to the account."""
    portal.sign_in()

    assert portal.get("/connexion").headers["Location"] == "/mon-compte"


@pytest.mark.parametrize("page", ["/", "/aide", "/contact", "/mon-compte", "/mentions-legales"])
def test_the_logout_is_on_every_page_of_a_signed_in_person(portal, page):
    """S134: the way out is always in sight; before a login there is none to see."""
    assert 'data-testid="logout"' not in portal.get(page).text
    portal.sign_in()

    assert 'data-testid="logout"' in portal.get(page).text


def test_leaving_ends_both_sessions(portal, broker):
    """S134: out of here at once, then out of the broker, then back on the first page."""
    portal.sign_in()
    answer = portal.post("/deconnexion", page="/mon-compte")
    query = parse_qs(urlsplit(answer.headers["Location"]).query)

    assert answer.headers["Location"].startswith(f"{broker.issuer}/session/end?")
    assert query["post_logout_redirect_uri"] == ["http://localhost:8080/"]
    assert query["client_id"] == ["ameli-portal"]
    assert query["id_token_hint"][0].count(".") == 2
    assert portal.get("/mon-compte").headers["Location"] == "/connexion"
    assert portal.get(f"/?state={query['state'][0]}").headers["Location"] == "/"
    assert "Vous êtes déconnecté" in portal.get("/").text
    assert portal.get(f"/?state={query['state'][0]}").headers["Location"] == "/"
    assert "Vous êtes déconnecté" not in portal.get("/").text


def test_a_forged_end_of_logout_says_nothing(portal):
    """A link to the first page with any state does not pretend that somebody left."""
    portal.sign_in()

    assert portal.get("/?state=forged").headers["Location"] == "/"
    assert "Vous êtes déconnecté" not in portal.get("/").text
    assert portal.get("/mon-compte").status_code == 200


def test_leaving_works_when_the_broker_is_away(portal, broker, clock):
    """The session of this site ends all the same, and the page says what could not be done."""
    portal.sign_in()
    token = portal.token("/mon-compte")
    broker.away = True
    clock.advance(700)

    answer = portal.client.post("/deconnexion", data={"csrf_token": token})
    page = portal.get(answer.headers["Location"])

    assert answer.headers["Location"] == "/connexion"
    assert "fermez toutes les fenêtres" in page.text
    assert portal.get("/mon-compte").status_code == 303


def test_leaving_works_when_the_broker_ends_no_session(portal, broker):
    """A broker without that address: people are out of here, and that is all."""
    broker.lies["discovery"] = lambda d: {k: v for k, v in d.items() if k != "end_session_endpoint"}
    portal.sign_in()

    assert portal.post("/deconnexion", page="/mon-compte").headers["Location"] == "/connexion"


def test_leaving_voids_the_logins_begun_in_other_tabs(portal, broker):
    """On a shared computer, nobody can finish what somebody else began."""
    portal.sign_in()
    waiting = portal.start()
    portal.post("/deconnexion", page="/mon-compte")

    assert portal.ended(portal.come_back(broker.callback(waiting))).status_code == 400


def test_nobody_is_signed_out_by_another_site(portal):
    """Without the token of a form, the logout does nothing (row 32)."""
    portal.sign_in()

    assert portal.client.post("/deconnexion").status_code == 400
    assert portal.client.get("/deconnexion").status_code == 405
    assert portal.get("/mon-compte").status_code == 200


def test_a_form_older_than_the_login_is_void(portal):
    """A token of a form known before the login serves no more after it."""
    token = portal.token("/connexion")
    portal.sign_in()

    answer = portal.client.post("/deconnexion", data={"csrf_token": token})

    assert answer.status_code == 400
    assert "Rien n'a été fait" in answer.text
    assert portal.get("/mon-compte").status_code == 200


def test_a_double_click_on_the_way_out_is_harmless(portal):
    """The second click finds nobody, and a page to go on from."""
    portal.sign_in()
    token = portal.token("/mon-compte")
    portal.client.post("/deconnexion", data={"csrf_token": token})

    assert portal.client.post("/deconnexion", data={"csrf_token": token}).status_code == 400
    assert portal.get("/").status_code == 200


def test_production_binds_the_cookies_to_the_host(make_portal):
    """`__Host-`, Secure and HSTS as soon as the mode is production."""
    visitor = make_portal(mode="production")
    answer = visitor.client.get("/connexion?lang=en", base_url="https://localhost:8080")
    cookies = answer.headers.getlist("Set-Cookie")

    assert any(c.startswith("__Host-passerelle_portal_forms=") for c in cookies)
    assert all("Secure" in c and "HttpOnly" in c and "SameSite=Lax" in c for c in cookies)
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=63072000")


def test_the_two_services_share_no_cookie(portal, sample):
    """Cookies of one machine are shared by its ports: each service has names of its own."""
    names = [
        {cookie.split("=")[0] for cookie in visitor.sign_in().headers.getlist("Set-Cookie")}
        for visitor in (portal, sample)
    ]

    assert names[0].isdisjoint(names[1])


def test_a_database_that_fails_is_a_page(portal, settings):
    """The store of sessions unreachable: 503 and a sentence, without asking it again."""
    portal.sign_in()
    engine = create_engine(settings.portal.database)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE signed_in"))
    engine.dispose()

    page = portal.get("/mon-compte")

    assert page.status_code == 503
    assert "rien n'a été fait à moitié" in page.text
