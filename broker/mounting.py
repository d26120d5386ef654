"""Put each room's pages and endpoints on the application."""

from flask import Blueprint, Flask
from flask_wtf import CSRFProtect

from broker.advisor_desk import advisor_desk
from broker.classic_way import classic_desk
from broker.consent.page import ConsentDesk
from broker.consent.views import consent_pages
from broker.enrolment.backchannel import BackChannel, backchannel_api
from broker.enrolment.classic_api import classic_api
from broker.enrolment.desk_api import DeskApi, desk_routes
from broker.enrolment.space_api import space_api
from broker.enrolment.space_desk import SpaceDesk
from broker.enrolment.space_passwords import AccountPasswords
from broker.enrolment.step import EnrolmentDesk
from broker.enrolment.trail import JournalTrail
from broker.enrolment.views import enrolment_pages
from broker.federation.arrival import ArrivalDesk
from broker.federation.page import ChoosingDesk
from broker.federation.views import federation_pages
from broker.insured.accounts.settle import Accounts
from broker.insured.space.demonstration import Demonstration
from broker.insured.space.place import Space
from broker.openid.asked import Rules
from broker.openid.authorize import AuthorizeDesk
from broker.openid.checktoken import ChecktokenDesk, DataProvider
from broker.openid.inspection import InspectionDesk
from broker.openid.logout import LogoutDesk
from broker.openid.posted import PostedRequests
from broker.openid.remembered import Remembered
from broker.openid.request_object import RequestObjects
from broker.openid.token import TokenDesk, TokenServer
from broker.openid.userinfo import UserinfoDesk
from broker.openid.views import API, OpenIdDesks, leaving_pages, openid_api
from broker.openid.ways_on import WaysOn
from broker.parts import Parts
from broker.settings.insured import InsuredTable


def mount_openid(app: Flask, parts: Parts, csrf: CSRFProtect) -> None:
    """The OpenID Provider: endpoints for programs, and the pages for leaving."""
    own, desk = parts.settings.broker, parts.desk
    desks = OpenIdDesks(
        authorize=_authorize(parts),
        token=TokenServer(_token(parts)),
        userinfo=_userinfo(parts),
        inspection=_inspection(parts),
        checktoken=_checktoken(parts),
        logout=_logout(parts),
    )
    api = openid_api(own, desks, parts.keys)
    csrf.exempt(api)
    app.register_blueprint(api)
    app.register_blueprint(leaving_pages(desk, parts.hub, desks))
    app.extensions["ways_on"] = WaysOn(desk, parts.clients).find
    documents = {
        f"{API}/.well-known/openid-configuration": lambda: None,
        f"{API}/jwks": parts.keys.kids,
    }
    app.wsgi_app = Remembered(app.wsgi_app, documents)  # type: ignore[method-assign]  # Flask's way


def mount_federation(app: Flask, parts: Parts, csrf: CSRFProtect) -> ChoosingDesk:
    """The page of providers, and the address each of them answers to."""
    choosing = _choosing(parts)
    arrival = ArrivalDesk(
        parts.desk,
        parts.hub,
        parts.trips,
        parts.providers,
        parts.clients,
        parts.persons,
        parts.settings.broker.session_seconds,
    )
    _register_steps(app, federation_pages(parts.desk, parts.hub, choosing, arrival), csrf)
    return choosing


def mount_consent(app: Flask, parts: Parts, csrf: CSRFProtect) -> None:
    """The consent page, and leaving it as somebody else."""
    desk = ConsentDesk(
        parts.desk,
        parts.hub,
        parts.clients,
        parts.ledger,
        parts.providers.label,
        _logout(parts).leave,
    )
    _register_steps(app, consent_pages(parts.desk, parts.hub, desk), csrf)


def mount_enrolment(app: Flask, parts: Parts, csrf: CSRFProtect) -> None:
    """The insured domain; nothing in a pure federation broker."""
    settings = parts.settings.insured
    if parts.accounts is None or settings is None:
        return
    step = EnrolmentDesk(
        parts.desk, parts.hub, parts.clients, parts.accounts, parts.providers.label
    )
    _register_steps(app, enrolment_pages(parts.desk, parts.hub, step), csrf)
    channel = BackChannel(
        parts.engines["broker"], parts.accounts, parts.clients, parts.outside.clock
    )
    classic = classic_desk(parts, channel, settings)
    space = space_api(_space(parts, channel, parts.accounts, settings), classic)
    desk = desk_routes(DeskApi(classic, advisor_desk(parts)))
    for api in (backchannel_api(channel), space, classic_api(classic), desk):
        csrf.exempt(api)
        app.register_blueprint(api)


def _register_steps(app: Flask, pages: Blueprint, csrf: CSRFProtect) -> None:
    # Their forms carry the token of their attempt, which whoever enters a step checks.
    csrf.exempt(pages)
    app.register_blueprint(pages)


def _space(
    parts: Parts, channel: BackChannel, accounts: Accounts, insured: InsuredTable
) -> SpaceDesk:
    outside = parts.outside
    space = Space(
        accounts.engine, accounts.sealing, outside.clock, outside.random, AccountPasswords()
    )
    made = None
    if not parts.settings.production:
        made = Demonstration(space, insured.demonstration_seed)
    return SpaceDesk(channel, space, made, JournalTrail(parts.engines["broker"], parts.journal))


def _authorize(parts: Parts) -> AuthorizeDesk:
    own = parts.settings.broker
    hints = own.idp_hints if own.idp_hints is not None else tuple(parts.settings.providers)
    rules = Rules(own.offered_levels, own.default_level, frozenset(hints))
    return AuthorizeDesk(
        desk=parts.desk,
        hub=parts.hub,
        choosing=_choosing(parts),
        clients=parts.clients,
        rules=rules,
        pushed=parts.pushed,
        posted=PostedRequests(
            parts.engines["broker"], parts.sealer, parts.outside.clock, parts.outside.random
        ),
        objects=RequestObjects(parts.client_keys, parts.outside.clock, own.issuer),
        hints=parts.hints,
        subjects=parts.subjects,
        session_seconds=own.session_seconds,
        session_max_seconds=own.session_max_seconds,
    )


def _logout(parts: Parts) -> LogoutDesk:
    return LogoutDesk(
        parts.desk,
        parts.clients,
        parts.providers,
        parts.hints,
        parts.tokens,
        parts.notices,
        parts.settings.broker.public_url,
    )


def _choosing(parts: Parts) -> ChoosingDesk:
    return ChoosingDesk(parts.desk, parts.trips, parts.providers, parts.clients)


def _token(parts: Parts) -> TokenDesk:
    return TokenDesk(
        engine=parts.engines["broker"],
        clients=parts.clients,
        authenticator=parts.authenticator,
        failures=parts.failures,
        sealer=parts.sealer,
        tokens=parts.tokens,
        journal=parts.journal,
        clock=parts.outside.clock,
        random=parts.outside.random,
        still_active=parts.is_grant_active,
    )


def _userinfo(parts: Parts) -> UserinfoDesk:
    return UserinfoDesk(
        parts.engines["broker"],
        parts.clients,
        parts.sealer,
        parts.tokens,
        parts.outside.clock,
        parts.is_grant_active,
    )


def _inspection(parts: Parts) -> InspectionDesk:
    return InspectionDesk(
        parts.engines["broker"],
        parts.authenticator,
        parts.sealer,
        parts.journal,
        parts.outside.clock,
        parts.tokens.issuer,
        parts.is_grant_active,
    )


def _checktoken(parts: Parts) -> ChecktokenDesk:
    declared = parts.settings.data_providers.values()
    return ChecktokenDesk(
        parts.engines["broker"],
        parts.clients,
        {one.client_id: DataProvider.declared(one) for one in declared},
        parts.subjects,
        parts.sealer,
        parts.tokens,
        parts.journal,
        parts.outside.clock,
        parts.failures,
        parts.is_grant_active,
    )
