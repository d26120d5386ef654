"""The closed vocabulary of the desk: why an advisor looks, and what an advisor does."""

from enum import StrEnum


class Reason(StrEnum):
    """Why a file is looked at; mandatory, and written to the journal."""

    ACCOUNT_CREATION = "account_creation"
    REFUSED_LOGIN = "refused_login"
    LOCKED_ACCOUNT = "locked_account"
    CODE_NOT_RECEIVED = "code_not_received"
    CONTACT_CHANGED = "contact_changed"
    BANK_DETAILS = "bank_details"
    MESSAGE = "message"
    FRAUD = "fraud"
    OTHER = "other"


class Act(StrEnum):
    """What an advisor did within a consultation."""

    CALLER_VERIFIED = "caller_verified"
    EMAIL_CHANGED = "email_changed"
    MOBILE_CHANGED = "mobile_changed"
    UNLOCKED = "unlocked"
    CODE_POSTED = "code_posted"
    REPLACED = "replaced"
    MESSAGE_ANSWERED = "message_answered"
    CASE_CLOSED = "case_closed"


class Question(StrEnum):
    """
    What an advisor asks whoever calls, and compares with the file without reading it out.

    Never a password, a code or a bank detail: the insurer promises to ask for none by telephone.
    """

    GIVEN_NAMES = "given_names"
    BIRTHDATE = "birthdate"
    BIRTHPLACE = "birthplace"
    NIR = "nir"
    POSTAL_CODE = "postal_code"
    CONTACT = "contact"


class Kind(StrEnum):
    """What a consultation opened."""

    SEARCH = "search"
    CASE = "case"
    FILE = "file"
