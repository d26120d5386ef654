"""The small browser walks across applications as a person's browser does."""

import pytest
from flask import Flask, make_response, redirect, request

from sandbox.browser import Browser, NotOnPageError, RedirectLoopError
from sandbox.clock import MovableClock
from sandbox.network import Network

SHOP = "http://localhost:7001"
BANK = "http://localhost:7002"


@pytest.fixture
def network():
    return Network()


HOME = """<html lang="fr"><title>Shop</title><h1>Hello</h1><p data-testid="visits">{}</p>
<a data-testid="buy" href="buy?item=1#top">Buy</a> <a data-testid="loop" href="/loop">Loop</a>
<p data-testid="words">Words</p></html>"""

BUY = """<h1>Buy</h1><form method=post>
<input name=name data-testid=name><input type=checkbox name=terms data-testid=terms>
<select name=size data-testid=size><option>S<option>M</select>
<button data-testid=order name=how value=card>Order</button>
<button data-testid=wrong name=how value=wrong>Wrong</button></form>
<form method=get action=/><button data-testid=leave>Leave</button></form>"""

QUIET = "<form method=post action=/buy><button data-testid=go>Go</button></form>"


@pytest.fixture
def shop(network):
    """A shop that counts visits and takes orders, which are paid at the bank."""
    app = Flask("shop")
    app.posted = []

    @app.get("/")
    def home():
        count = int(request.cookies.get("visits", 0)) + 1
        response = make_response(HOME.format(count))
        response.set_cookie("visits", str(count), max_age=1800)
        return response

    @app.post("/buy")
    def order():
        app.posted.append((request.form.to_dict(), dict(request.headers)))
        if request.form.get("how") == "wrong":
            return "<h1>Wrong</h1><form method=post><button data-testid=again>Again</button></form>"
        return redirect(f"{BANK}/pay?amount=12", 307 if request.form.get("keep") else 302)

    app.add_url_rule("/buy", "buy", lambda: BUY)
    app.add_url_rule("/loop", "loop", lambda: redirect("/loop"))
    app.add_url_rule("/slow", "slow", lambda: network.sleep(7) or "at last")
    app.add_url_rule("/plain", "plain", lambda: {"answer": 42})
    app.add_url_rule("/quiet", "quiet", lambda: (QUIET, {"Referrer-Policy": "no-referrer"}))

    @app.post("/paid")
    def paid():
        return f"<h1>Paid</h1><p data-testid=code>{request.form['code']}</p>"

    network.attach(SHOP, app)
    return app


@pytest.fixture
def bank(network):
    app = Flask("bank")

    @app.route("/pay", methods=["GET", "POST"])
    def pay():
        if request.method == "POST":
            return f"<h1>Kept</h1><p data-testid=name>{request.form['name']}</p>"
        return f'<h1>Pay {request.args["amount"]}</h1><a data-testid=done href="/done">Done</a>'

    @app.get("/done")
    def done():
        return (
            f"<h1>Going on</h1><form method=post action='{SHOP}/paid'>"
            "<input type=hidden name=code value=c0de><button>Go on</button></form>"
        )

    network.attach(BANK, app)
    return app


@pytest.fixture
def clock():
    return MovableClock(start=1_000_000)


@pytest.fixture
def browser(network, shop, bank, clock):
    return Browser(network, clock)


def test_a_page_is_read_by_its_words_and_its_marks(browser):
    """Status, address, title, heading, language, text and marked elements."""
    page = browser.open(f"{SHOP}/")

    assert (page.status, page.url, page.path) == (200, f"{SHOP}/", "/")
    assert (page.title, page.h1, page.language) == ("Shop", "Hello", "fr")
    assert page.text == "Hello 1 Buy Loop Words"
    assert page.has("visits")
    assert not page.has("basket")
    assert page.value("visits") == "1"
    assert page.links() == {"Buy": "buy?item=1#top", "Loop": "/loop"}


def test_each_hop_tells_how_long_it_took(browser):
    """In virtual seconds: a page that waits for seven is there at once."""
    browser.open(f"{SHOP}/slow")
    browser.open(f"{SHOP}/plain")

    assert [hop.seconds for hop in browser.hops] == [7.0, 0.0]


def test_cookies_are_kept_and_sent(browser):
    """The second visit is the second."""
    browser.open(f"{SHOP}/")

    assert browser.open(f"{SHOP}/").value("visits") == "2"


def test_cookies_end_with_the_clock_of_the_world(browser, clock):
    """Half an hour later the shop has forgotten."""
    browser.open(f"{SHOP}/")
    clock.advance(minutes=31)

    assert browser.open(f"{SHOP}/").value("visits") == "1"


def test_a_link_is_followed_from_where_it_stands(browser):
    """A relative address is read from the page; its parameters are those of the next page."""
    page = browser.open(f"{SHOP}/").click("buy")

    assert page.h1 == "Buy"
    assert page.query == {"item": "1"}


def test_a_form_leads_through_redirects_to_another_application(browser):
    """POST, 302, GET elsewhere: as one click."""
    page = browser.open(f"{SHOP}/buy").fill("name", "Claire").click("order")

    assert page.h1 == "Pay 12"
    assert [(hop.method, hop.url, hop.status) for hop in browser.hops] == [
        ("GET", f"{SHOP}/buy", 200),
        ("POST", f"{SHOP}/buy", 302),
        ("GET", f"{BANK}/pay?amount=12", 200),
    ]
    assert browser.hops[1].location == f"{BANK}/pay?amount=12"
    assert browser.hops[1].headers["content-type"].startswith("text/html")


def test_the_form_arrives_as_filled(browser, shop):
    """Fields, boxes, lists and the pressed button, with the origin of the page."""
    page = browser.open(f"{SHOP}/buy")
    page.fill("name", "Claire")
    page.fill("size", "M")
    page.click("terms").click("order")
    form, headers = shop.posted[0]

    assert form == {"name": "Claire", "terms": "on", "size": "M", "how": "card"}
    assert headers["Origin"] == SHOP
    assert headers["Referer"] == f"{SHOP}/buy"
    assert headers["Accept-Language"] == "fr"


def test_a_box_ticked_twice_is_unticked(browser, shop):
    """As with a mouse."""
    page = browser.open(f"{SHOP}/buy").click("terms").click("terms")
    page.click("order")

    assert "terms" not in shop.posted[0][0]


def test_enter_sends_the_form_with_fields_by_name(browser, shop):
    """`submit` names a control of the form, or nothing when there is only one."""
    browser.open(f"{SHOP}/buy").submit("name", name="Marc", terms=True)

    assert shop.posted[0][0] == {"name": "Marc", "terms": "on", "size": "S", "how": "card"}


def test_enter_needs_to_know_which_form(browser):
    """With two forms on the page, one has to be named."""
    page = browser.open(f"{SHOP}/buy")

    with pytest.raises(NotOnPageError, match="2 forms"):
        page.submit()


def test_a_field_that_is_not_in_the_form_is_named(browser):
    """Whoever mistypes a name reads the right ones."""
    page = browser.open(f"{SHOP}/buy")

    with pytest.raises(NotOnPageError, match=r"no field 'nam'.*has: name, size, terms"):
        page.submit("name", nam="Marc")


def test_a_307_keeps_method_and_body(browser):
    """RFC 9110 §15.4.8: the form is sent again where the redirect says."""
    page = browser.post(f"{SHOP}/buy", b"keep=yes&name=Claire")

    assert page.url == f"{BANK}/pay?amount=12"
    assert page.value("name") == "Claire"


def test_an_answer_in_form_post_mode_is_sent_on(browser):
    """The page of the bank is gone before anybody reads it; the shop gets its fields."""
    page = browser.open(f"{BANK}/pay?amount=1").click("done")

    assert (page.url, page.h1, page.value("code")) == (f"{SHOP}/paid", "Paid", "c0de")
    assert browser.hops[-1].sent["Origin"] == BANK


def test_a_page_may_keep_silent_about_itself(browser, shop):
    """`Referrer-Policy: no-referrer` hides the address and makes the origin null."""
    browser.open(f"{SHOP}/quiet").click("go")
    headers = shop.posted[0][1]

    assert headers["Origin"] == "null"
    assert "Referer" not in headers


def test_another_origin_learns_the_origin_only(browser):
    """The address of a page, with its parameters, stays on its own site."""
    browser.open(f"{SHOP}/buy?secret=1").click("order")
    referers = [hop.sent.get("Referer") for hop in browser.hops]

    assert referers == [None, f"{SHOP}/buy?secret=1", f"{SHOP}/"]


def test_a_redirect_loop_ends(browser):
    """After thirty hops the browser gives up and says where."""
    with pytest.raises(RedirectLoopError, match="/loop"):
        browser.open(f"{SHOP}/").click("loop")


def test_back_forward_and_refresh_ask_again(browser):
    """Back and forward walk the history; a redirect leaves one entry, not two."""
    browser.open(f"{SHOP}/").click("buy").click("order")

    assert browser.back().h1 == "Buy"
    assert browser.back().value("visits") == "2"
    assert browser.refresh().value("visits") == "3"
    assert browser.forward().h1 == "Buy"
    assert browser.forward().h1 == "Pay 12"
    with pytest.raises(NotOnPageError, match="history"):
        browser.forward()


def test_going_elsewhere_forgets_what_was_ahead(browser):
    """After Back and a new page there is nothing to go forward to."""
    browser.open(f"{SHOP}/").click("buy")
    browser.back()
    browser.open(f"{BANK}/pay?amount=3")

    with pytest.raises(NotOnPageError):
        browser.forward()
    assert browser.back().h1 == "Hello"


def test_refreshing_a_posted_page_sends_the_form_again(browser, shop):
    """A person who confirms the browser's question sends twice."""
    browser.open(f"{SHOP}/buy").click("wrong")
    page = browser.refresh()

    assert page.h1 == "Wrong"
    assert len(shop.posted) == 2


def test_a_double_click_sends_twice_and_shows_the_second_answer(browser, shop):
    """The first answer is lost on the way."""
    page = browser.open(f"{SHOP}/buy").fill("name", "Claire")
    page = browser.double_click("order")

    assert len(shop.posted) == 2
    assert page.h1 == "Pay 12"


def test_two_tabs_share_cookies_and_nothing_else(browser):
    """A tab has its own page and history."""
    browser.open(f"{SHOP}/")
    other = browser.tab()

    with pytest.raises(NotOnPageError, match="nothing yet"):
        other.page  # noqa: B018 - the property is what fails
    assert other.open(f"{SHOP}/").value("visits") == "2"
    assert browser.page.value("visits") == "1"
    with pytest.raises(NotOnPageError):
        other.back()


def test_two_browsers_share_nothing(browser, network, clock):
    """Another person, another jar."""
    browser.open(f"{SHOP}/")

    assert Browser(network, clock).open(f"{SHOP}/").value("visits") == "1"


def test_a_site_that_is_down_is_a_page_that_says_so(browser, network):
    """The person sees the browser's own page, and can go back."""
    browser.open(f"{SHOP}/buy")
    network.take_down(BANK)
    page = browser.click("order")

    assert (page.status, page.text) == (0, "This site cannot be reached.")
    assert page.url == f"{BANK}/pay?amount=12"
    assert browser.back().h1 == "Buy"
    network.restore(BANK)
    assert browser.forward().h1 == "Pay 12"


@pytest.mark.parametrize("testid", ["basket", "words"])
def test_what_cannot_be_pressed_is_named(browser, testid):
    """A missing or inert control fails with the address of the page."""
    page = browser.open(f"{SHOP}/")

    with pytest.raises(NotOnPageError, match=rf"{testid}' on {SHOP}/"):
        page.click(testid)


def test_a_missing_control_is_answered_with_what_there_is(browser):
    """Whoever mistypes a mark reads the right ones."""
    page = browser.open(f"{SHOP}/")

    with pytest.raises(NotOnPageError, match="it has: buy, loop, visits, words"):
        page.value("bye")


def test_a_document_that_is_no_page_can_be_read(browser):
    """JSON is shown as it is."""
    page = browser.open(f"{SHOP}/plain")

    assert page.json == {"answer": 42}
    assert page.text == page.html
    assert page.testids == {}
    assert (page.title, page.language) == ("", "")


def test_a_forged_form_comes_from_elsewhere(browser, shop):
    """A form of no page of ours carries the origin of the attacker."""
    browser.post(f"{SHOP}/buy", b"how=wrong")

    assert shop.posted[0][1]["Origin"] == "https://attacker.example"


def test_headers_of_a_tab_go_with_every_request(browser, shop):
    """A tester adds a header once."""
    browser.headers["Accept-Language"] = "en"
    browser.tab().open(f"{SHOP}/buy").click("wrong")

    assert shop.posted[0][1]["Accept-Language"] == "en"


def test_a_page_describes_itself(browser):
    """A failing assertion shows where the browser was."""
    assert repr(browser.open(f"{SHOP}/")) == f"<Page 200 {SHOP}/ 'Hello'>"
