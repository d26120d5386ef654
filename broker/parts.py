"""The parts of one broker, made once and handed to whoever needs them."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Engine

from broker.audit.journal import Journal
from broker.clients.directory import Clients
from broker.consent.ledger import Ledger
from broker.federation.directory import ProviderDirectory
from broker.federation.trips import Trips
from broker.insured.accounts.settle import Accounts
from broker.keys.ring import KeyRing
from broker.login.cookies import Cookies
from broker.login.desk import Desk
from broker.openid.grants import Grant
from broker.openid.hub import LoginHub
from broker.openid.respond import Responder
from broker.openid.tokens import TokenMaker
from broker.outside import Outside
from broker.sealing import Sealer
from broker.settings import Settings
from broker.subjects.pairwise import Subjects
from broker.subjects.persons import Persons

# Browsers apply form-action to every redirect that follows a form, and a provider or a service may
# redirect further to a host we cannot know: only plain http is kept out.
_SECURE_TARGETS = ("https:",)
_LOCAL_TARGETS = ("https:", "http://localhost:*", "http://127.0.0.1:*")


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything that lasts longer than a request; `accounts` is None in a pure federation."""

    settings: Settings
    outside: Outside
    engines: Mapping[str, Engine]
    sealer: Sealer
    journal: Journal
    keys: KeyRing
    clients: Clients
    providers: ProviderDirectory
    trips: Trips
    persons: Persons
    ledger: Ledger
    tokens: TokenMaker
    desk: Desk
    hub: LoginHub
    accounts: Accounts | None

    def is_grant_active(self, grant: Grant) -> bool:
        """Whether nothing was closed since consent: service, provider, person, account."""
        if not self.hub.is_grant_active(grant):
            return False
        if grant.account_id is None or self.accounts is None:
            return True
        return self.accounts.is_active(grant.account_id)


def assemble(settings: Settings, outside: Outside, engines: Mapping[str, Engine]) -> Parts:
    """Make every part from the settings, the outside world and the open databases."""
    own, engine = settings.broker, engines["broker"]
    sealer = Sealer(own.secret, own.older_secrets, outside.random)
    journal = Journal(outside.clock, outside.observe)
    keys = KeyRing(engine, sealer, outside.clock)
    keys.ensure(journal)
    clients = Clients(settings.clients.values())
    providers = ProviderDirectory(settings.providers, outside)
    desk = _desk(settings, outside, engine, sealer, journal)
    tokens = TokenMaker(own.issuer, keys, sealer, outside.clock, own.id_token_seconds)
    ledger = Ledger(outside.clock, own.consent_days)
    subjects = Subjects(sealer, outside.clock)
    responder = Responder(desk, subjects, tokens, own.code_seconds)
    accounts = None
    if "insured" in engines:
        accounts = Accounts(engines["insured"], sealer, outside.clock, outside.random)
    return Parts(
        settings=settings,
        outside=outside,
        engines=engines,
        sealer=sealer,
        journal=journal,
        keys=keys,
        clients=clients,
        providers=providers,
        trips=Trips(sealer, own.public_url),
        persons=Persons(sealer, outside.clock),
        ledger=ledger,
        tokens=tokens,
        desk=desk,
        hub=LoginHub(desk, clients, providers, ledger, responder, own.issuer),
        accounts=accounts,
    )


def _desk(
    settings: Settings, outside: Outside, engine: Engine, sealer: Sealer, journal: Journal
) -> Desk:
    return Desk(
        engine=engine,
        sealer=sealer,
        clock=outside.clock,
        random=outside.random,
        journal=journal,
        cookies=Cookies(secure=settings.production),
        attempt_seconds=settings.broker.attempt_seconds,
        form_targets=_SECURE_TARGETS if settings.production else _LOCAL_TARGETS,
    )
