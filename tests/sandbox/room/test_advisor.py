"""The control room hands a tester the desk of the advisors."""

import pyotp

from sandbox.room.advisor import advisor_card


def test_the_card_of_the_control_room_opens_the_desk(world, browser):
    """Name, password and code as they are shown, typed at the address that is shown."""
    page = browser.open(world.urls["room"])
    code, desk = page.element("advisor-code").text, page.element("advisor-desk").get("href")
    wanted = world.configuration.broker.insured.desk.demonstration_advisor
    assert wanted.password in page.text
    browser.open(desk)

    page = browser.submit("desk-sign-in", name=wanted.name, password=wanted.password, code=code)

    assert page.has("by-nir")


def test_the_code_follows_the_clock_of_the_demonstration(world, browser):
    """A tester who moves the clock still comes in."""
    first = browser.open(world.urls["room"]).element("advisor-code").text
    world.clock.advance(seconds=86_400)
    second = browser.open(world.urls["room"]).element("advisor-code").text
    secret = world.configuration.broker.insured.desk.demonstration_advisor.totp_secret

    assert first != second
    assert second == pyotp.TOTP(secret).at(world.clock())


def test_the_picture_is_in_the_page(world, browser):
    """No request for it: the QR code is part of the page."""
    page = browser.open(world.urls["room"])

    assert 'src="data:image/svg+xml' in page.html


def test_a_world_without_advisor_has_no_card(make_world):
    """Nothing is shown of a desk nobody can enter."""
    world = make_world({"insured": {"desk": {"demonstration_advisor": None}}})

    assert not world.browser().open(world.urls["room"]).has("advisor-desk")


def test_a_world_without_portal_has_no_card(world):
    """The desk is a page of the portal."""
    wanted = world.configuration.broker.insured.desk.demonstration_advisor

    assert advisor_card(wanted, [world.broker], world.clock) is None
    assert advisor_card(wanted, [world.portal], world.clock).name == wanted.name
