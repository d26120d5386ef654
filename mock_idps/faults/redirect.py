"""Lies told through the browser, at the redirect URI."""

from mock_idps.faults.fault import Answer, Ends, Fault, Liar, Where


def _error(name: str, does: str, expects: str) -> Fault:
    def act(answer: Answer, _: Liar) -> Answer:
        return answer.but(code="", error=name)

    return Fault(name, Where.REDIRECT, does, expects, act)


def _hostile(answer: Answer, _: Liar) -> Answer:
    markup = '<script src="//example.test/x"></script>'
    return answer.but(code="", error="server_error", error_description=markup)


REDIRECT = (
    _error(
        "access_denied",
        "Sends the person back as if they had refused.",
        "Offer the providers again, saying that nothing was shared.",
    ),
    _error(
        "login_required",
        "Says that nobody is signed in.",
        "Offer the providers again; never start the same trip over by itself.",
    ),
    _error(
        "temporarily_unavailable",
        "Says that it is out of order for a moment.",
        "Offer the other providers, naming this one as out of order.",
    ),
    _error(
        "server_error",
        "Says that it failed.",
        "Offer the other providers, naming this one as out of order.",
    ),
    Fault(
        "hostile_error",
        Where.REDIRECT,
        "Fails with markup in the description of the error.",
        "Offer the providers again; show no word of the description.",
        _hostile,
    ),
    Fault(
        "no_code",
        Where.REDIRECT,
        "Comes back with neither a code nor an error.",
        "Refuse the answer and offer the providers again.",
        lambda answer, _: answer.but(code=""),
    ),
    Fault(
        "wrong_state",
        Where.REDIRECT,
        "Comes back with the state of nobody.",
        "Refuse on a numbered page; the login in progress stays usable.",
        lambda answer, _: answer.but(state="0" * 43),
        Ends.PAGE,
    ),
    Fault(
        "missing_state",
        Where.REDIRECT,
        "Comes back without the state.",
        "Refuse on a numbered page; the login in progress stays usable.",
        lambda answer, _: answer.but(state=""),
        Ends.PAGE,
    ),
    Fault(
        "wrong_iss",
        Where.REDIRECT,
        "Names another issuer beside the code.",
        "Refuse before the code is redeemed (RFC 9207 §2.4).",
        lambda answer, _: answer.but(iss="https://other.example"),
    ),
    Fault(
        "no_iss",
        Where.REDIRECT,
        "Names no issuer beside the code, though its metadata promise it.",
        "Refuse before the code is redeemed, unless the settings know no metadata (RFC 9207 §2.4).",
        lambda answer, _: answer.but(iss=""),
        only="discovery",
    ),
)
