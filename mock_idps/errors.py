"""The ways a request fails, each class with its own fate; `pages.py` renders them all."""

from typing import ClassVar


class MockError(Exception):
    """A request that is refused; `sentence` may be shown, and after it the names in `detail`."""

    def __init__(self, sentence: str, detail: str = "") -> None:
        super().__init__(f"{sentence} {detail}".strip())
        self.sentence = sentence
        self.detail = detail


class ShownError(MockError):
    """Shown on a page of the provider: the client or its redirect URI is not proven."""

    status: ClassVar[int] = 400


class GoneError(ShownError):
    """A sign-in that is finished, too old or never began; `back` leads on, where that is known."""

    status = 410

    def __init__(self, sentence: str, back: str = "") -> None:
        super().__init__(sentence)
        self.back = back


class SentBackError(MockError):
    """Sent back to the proven redirect URI (RFC 6749 §4.1.2.1); `error` is the OAuth word."""

    def __init__(self, error: str, sentence: str) -> None:
        super().__init__(sentence)
        self.error = error

    @property
    def answer(self) -> dict[str, str]:
        """The parameters of the redirect."""
        return {"error": self.error, "error_description": self.sentence}


class RefusedError(MockError):
    """Answered as JSON to the client (RFC 6749 §5.2)."""

    def __init__(self, error: str, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.error = error
        self.status = status


class InvalidClientError(RefusedError):
    """The client did not prove who it is."""

    def __init__(self, sentence: str) -> None:
        super().__init__("invalid_client", sentence, 401)


class InvalidBearerError(MockError):
    """The access token is missing, unknown or too old (RFC 6750 §3.1)."""
