"""Every event the journal may hold; nothing outside this list can be written."""

from enum import StrEnum


class Event(StrEnum):
    """`room:object:what happened`, in the past tense."""

    LOGIN_STARTED = "login:started"
    LOGIN_ABANDONED = "login:abandoned"
    PROVIDER_REFUSED = "login:provider:refused"
    PERSON_ARRIVED = "login:person:arrived"
    SESSION_REUSED = "login:session:reused"
    CONSENT_SHOWN = "consent:shown"
    CONSENT_GIVEN = "consent:given"
    CONSENT_REFUSED = "consent:refused"
    ACCOUNT_CREATED = "account:created"
    ACCOUNT_LINKED = "account:linked"
    ACCOUNT_FOUND = "account:found"
    ACCOUNT_REFUSED = "account:refused"
    CODE_ISSUED = "token:code:issued"
    CODE_REDEEMED = "token:code:redeemed"
    CODE_REPLAYED = "token:code:replayed"
    SERVICE_TOKEN_ISSUED = "token:service:issued"  # noqa: S105 - the name of an event
    CLIENT_REFUSED = "token:client:refused"
    USERINFO_READ = "token:userinfo:read"
    TOKEN_REVOKED = "token:revoked"  # noqa: S105 - the name of an event
    LOGGED_OUT = "session:ended"
    PERSON_BLOCKED = "person:blocked"
    KEY_CREATED = "key:created"
    KEY_RETIRED = "key:retired"
    CLIENT_ADDED = "client:added"
    CLIENT_CHANGED = "client:changed"
    SECRET_ROTATED = "client:secret:rotated"  # noqa: S105 - the name of an event
    PURGED = "journal:purged"
