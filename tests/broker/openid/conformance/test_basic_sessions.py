"""Basic OP and Form Post OP: who is signed in already, and who must sign in again."""


def asked_to_sign_in(client, browser, **changes):
    """Whether the provider showed its page of accounts."""
    return client.start(browser, **changes).path.endswith("/providers")


def test_prompt_login_signs_in_again(world, client, browser):
    """oidcc-prompt-login: the page comes back, and auth_time is later."""
    _, first = client.flow(browser)
    world.clock.advance(2)

    assert asked_to_sign_in(client, browser, prompt="login")
    _, second = client.flow(browser, prompt="login")
    assert second["auth_time"] > first["auth_time"]
    assert second["sub"] == first["sub"]


def test_prompt_none_without_a_session_is_refused(client, browser):
    """oidcc-prompt-none-not-logged-in: login_required, the long state untouched."""
    state = "s" * 128

    client.start(browser, prompt="none", state=state)

    answer = browser.sent_back()
    assert answer["error"] == "login_required"
    assert answer["state"] == state


def test_prompt_none_with_a_session_is_silent(world, client, browser):
    """oidcc-prompt-none-logged-in: the same person, the same moment, and no page."""
    _, first = client.flow(browser)
    world.clock.advance(2)

    _, second = client.flow(browser, prompt="none")

    assert (second["sub"], second["auth_time"]) == (first["sub"], first["auth_time"])
    assert not any("/login/" in hop.url for hop in browser.hops)


def test_max_age_of_a_second_signs_in_again(world, client, browser):
    """oidcc-max-age-1: two seconds later the sign-in is too old; the new one tells when."""
    _, first = client.flow(browser)
    world.clock.advance(2)

    assert asked_to_sign_in(client, browser, max_age="1")
    _, second = client.flow(browser, max_age="1")
    assert second["auth_time"] > first["auth_time"]
    assert world.clock() - second["auth_time"] <= 60


def test_a_long_max_age_keeps_the_session(world, client, browser):
    """oidcc-max-age-10000: nobody is asked again, auth_time is there and the same."""
    _, first = client.flow(browser, max_age="15000")
    world.clock.advance(2)

    _, second = client.flow(browser, max_age="10000")

    assert second["auth_time"] == first["auth_time"]
    assert second["sub"] == first["sub"]
    assert not any("/providers" in hop.url for hop in browser.hops)


def test_max_age_of_nothing_signs_in_again(client, browser):
    """oidcc-max-age-1: zero seconds are no time at all, even at the same moment."""
    client.flow(browser)

    assert asked_to_sign_in(client, browser, max_age="0")


def test_the_hint_of_the_first_login_is_recognised(world, client, browser):
    """oidcc-id-token-hint: silently the same person again."""
    tokens, first = client.flow(browser)
    world.clock.advance(2)

    _, second = client.flow(browser, prompt="none", id_token_hint=tokens["id_token"])

    assert (second["sub"], second["auth_time"]) == (first["sub"], first["auth_time"])
