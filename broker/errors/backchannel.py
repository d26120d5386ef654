"""Refusals of the back channel, by which a portal reaches the insured domain."""

from typing import ClassVar

from broker.errors.record import Fate, Lines, PasserelleError


class BackChannelRequestError(PasserelleError):
    """The body is no JSON object of the documented members, or the request key is missing."""

    number, status, oauth = "B0242", 400, "invalid_request"
    fate = Fate.JSON
    title_fr = "Le service n'a pas pu répondre"
    title_en = "The service could not answer"
    public_fr = "La demande du service est mal formée."
    public_en = "The request of the service is malformed."
    next_fr: ClassVar[Lines] = ("Retournez sur le site que vous vouliez utiliser.",)
    next_en: ClassVar[Lines] = ("Go back to the website you wanted to use.",)
    operator = "docs/back-channel.openapi.json describes each body; the detail names the member."


class RequestKeyReusedError(BackChannelRequestError):
    """The same Idempotency-Key came with another request."""

    number, status, oauth = "B0243", 422, "idempotency_mismatch"
    public_fr = "Cette demande a déjà été envoyée avec un autre contenu."
    public_en = "This request was already sent with another content."
    operator = "One key for one form sent; a corrected form takes a new key."


class BackChannelLimitError(BackChannelRequestError):
    """A limit per person or per network address was reached; `retry_after` says until when."""

    number, status, oauth = "B0244", 429, "too_many"
    title_fr = "Trop de tentatives"
    title_en = "Too many attempts"
    public_fr = "Vous avez fait beaucoup d'essais en peu de temps."
    public_en = "You made many attempts in a short time."
    next_fr = ("Attendez, puis recommencez.",)
    next_en = ("Wait, then start again.",)
    operator = "The log names the limit, never the person."


class PasswordsBusyError(BackChannelRequestError):
    """More passwords are being checked than this node checks at once."""

    number, status, oauth = "B0245", 503, "too_many"
    public_fr = "Beaucoup de personnes se connectent en ce moment."
    public_en = "Many people are logging in at this moment."
    next_fr = ("Attendez quelques secondes, puis recommencez.",)
    next_en = ("Wait a few seconds, then start again.",)
    operator = "A burst, or an attack; [insured.passwords] bounds it so that other logins go on."


class AccountNotFoundError(BackChannelRequestError):
    """No account of this id exists for the calling service."""

    number, status, oauth = "B0241", 404, "not_found"
    public_fr = "Ce compte n'existe pas pour ce service."
    public_en = "This account does not exist for this service."
    operator = "account_id is pairwise: the id another service received never matches."
