"""Which provider this browser last signed in with: a cookie of half a year, never the database."""

from broker.login.cookies import Cookies

_NAME = "last_used"
_HALF_YEAR = 182 * 86_400


def remember(cookies: Cookies, provider: str) -> None:
    """Note the provider that has just vouched for somebody; a refused or failed one is not."""
    cookies.put(_NAME, provider, _HALF_YEAR)


def recall(cookies: Cookies) -> str | None:
    """The id of that provider, as the browser says."""
    return cookies.get(_NAME)
