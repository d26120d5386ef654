"""The parts of one broker, made once and handed to whoever needs them."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from sqlalchemy import Engine

from broker.audit.journal import Journal
from broker.clients.assertions import Assertions
from broker.clients.authentication import Authenticator
from broker.clients.directory import Clients
from broker.clients.failures import Failures
from broker.clients.keys import ClientKeys
from broker.consent.ledger import Ledger
from broker.database import reading
from broker.federation.directory import ProviderDirectory
from broker.federation.switches import Switches
from broker.federation.trips import Trips
from broker.insured.accounts.settle import Accounts
from broker.insured.accounts.summary import is_active
from broker.insured.letters import Imprint
from broker.insured.outbox import Postman
from broker.keys.ring import KeyRing
from broker.login.cookies import Cookies
from broker.login.desk import Desk
from broker.mailing import Carrier
from broker.openid.grants import Grant
from broker.openid.hints import IdTokenHints
from broker.openid.hub import LoginHub
from broker.openid.lifetimes import Lifetimes
from broker.openid.notices import LogoutNotices
from broker.openid.pushed import PushedRequests
from broker.openid.respond import Responder
from broker.openid.tokens import TokenMaker
from broker.outside import SERVICES, TEXTS, Outside
from broker.sealing import Sealer
from broker.settings import Settings
from broker.subjects.pairwise import Subjects, sector_of
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
    client_keys: ClientKeys
    authenticator: Authenticator
    failures: Failures
    providers: ProviderDirectory
    trips: Trips
    persons: Persons
    subjects: Subjects
    hints: IdTokenHints
    pushed: PushedRequests
    ledger: Ledger
    tokens: TokenMaker
    notices: LogoutNotices
    desk: Desk
    hub: LoginHub
    accounts: Accounts | None
    postman: Postman | None

    def is_grant_active(self, grant: Grant) -> bool:
        """Whether nothing was closed since consent: service, provider, person, account."""
        if not self.hub.is_grant_active(grant):
            return False
        if grant.account_id is None or self.accounts is None:
            return True
        settings = self.clients.active(grant.client_id).settings
        sector = sector_of(grant.redirect_uri, settings.sector_identifier)
        with reading(self.engines["insured"]) as connection:
            return is_active(connection, self.desk.sealer, grant.account_id, sector)


def assemble(settings: Settings, outside: Outside, engines: Mapping[str, Engine]) -> Parts:
    """Make every part from the settings, the outside world and the open databases."""
    own, engine = settings.broker, engines["broker"]
    desk = _desk(settings, outside, engine)
    sealer, journal = desk.sealer, desk.journal
    keys, failures = KeyRing(engine, sealer, desk.clock), Failures(engine, sealer, desk.clock)
    keys.ensure(journal)
    clients = Clients(settings.clients.values(), engine, outside.clock)
    client_keys = ClientKeys(outside.http_to(SERVICES), outside.clock)
    assertions = Assertions(engine, client_keys, outside.clock, own.issuer)
    providers = _providers(settings, outside, engine)
    tokens = _tokens(settings, outside, keys, client_keys, sealer)
    subjects, ledger = Subjects(sealer, desk.clock), Ledger(desk.clock, own.consent_days, sealer)
    responder = Responder(desk, subjects, tokens)
    accounts, postman = _insured(settings, outside, engines, sealer)
    return Parts(
        settings=settings,
        outside=outside,
        engines=engines,
        sealer=sealer,
        journal=journal,
        keys=keys,
        clients=clients,
        client_keys=client_keys,
        authenticator=Authenticator(clients, assertions, failures),
        failures=failures,
        providers=providers,
        trips=Trips(sealer, own.public_url),
        persons=Persons(sealer, outside.clock),
        subjects=subjects,
        hints=IdTokenHints(keys, own.issuer),
        pushed=PushedRequests(engine, sealer, outside.clock, outside.random),
        ledger=ledger,
        tokens=tokens,
        notices=_notices(outside, engine, clients, tokens),
        desk=desk,
        hub=LoginHub(desk, clients, providers, ledger, responder, own.issuer),
        accounts=accounts,
        postman=postman,
    )


def _providers(settings: Settings, outside: Outside, engine: Engine) -> ProviderDirectory:
    switches = Switches(settings.providers, engine, outside.clock)
    switches.agree()
    return ProviderDirectory(settings.providers, outside, switches)


def _desk(settings: Settings, outside: Outside, engine: Engine) -> Desk:
    own = settings.broker
    return Desk(
        engine=engine,
        sealer=Sealer(own.secret, own.older_secrets, outside.random),
        clock=outside.clock,
        random=outside.random,
        journal=Journal(outside.clock, outside.observe),
        cookies=Cookies(secure=settings.production),
        attempt_seconds=settings.broker.attempt_seconds,
        form_targets=_SECURE_TARGETS if settings.production else _LOCAL_TARGETS,
    )


def _insured(
    settings: Settings, outside: Outside, engines: Mapping[str, Engine], sealer: Sealer
) -> tuple[Accounts, Postman] | tuple[None, None]:
    if "insured" not in engines:
        return None, None
    engine, mailer = engines["insured"], outside.mailer
    if mailer is None:
        mailer = Carrier(settings.mail, outside.http_to(TEXTS), outside.clock)
    accounts = Accounts(engine, sealer, outside.clock, outside.random)
    return accounts, Postman(engine, mailer, sealer, outside.clock, _imprint(settings))


def _imprint(settings: Settings) -> Imprint:
    """Letters name the portal by its exact address."""
    portal = urlsplit(settings.insured.portal_url).netloc if settings.insured else ""
    return Imprint(settings.mail.sender, portal, demonstration=not settings.production)


def _notices(
    outside: Outside, engine: Engine, clients: Clients, tokens: TokenMaker
) -> LogoutNotices:
    http = outside.http_to(SERVICES)
    return LogoutNotices(engine, clients, tokens, http, outside.clock, outside.random)


def _tokens(
    settings: Settings, outside: Outside, keys: KeyRing, client_keys: ClientKeys, sealer: Sealer
) -> TokenMaker:
    own = settings.broker
    lifetimes = Lifetimes(own.code_seconds, own.access_token_seconds, own.id_token_seconds)
    return TokenMaker(own.issuer, keys, client_keys, sealer, outside.clock, lifetimes)
