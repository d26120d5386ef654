"""Put each room's pages and endpoints on the application."""

from flask import Flask
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
from broker.parts import Parts


def mount_openid(app: Flask, parts: Parts, csrf: CSRFProtect) -> None:
    """The OpenID Provider: endpoints for programs, and the pages for leaving."""
    own, desk = parts.settings.broker, parts.desk
    logout = LogoutDesk(
        desk,
        parts.clients,
        parts.providers,
        parts.hints,
        parts.tokens,
        parts.notices,
        own.public_url,
    )
    desks = OpenIdDesks(
        authorize=_authorize(parts),
        token=TokenServer(_token(parts)),
        userinfo=_userinfo(parts),
        inspection=_inspection(parts),
        checktoken=_checktoken(parts),
        logout=logout,
    )
    api = openid_api(own, desks, parts.keys)
    csrf.exempt(api)
    app.register_blueprint(api)
    app.register_blueprint(leaving_pages(desk, parts.hub, desks))
    documents = {
        f"{API}/.well-known/openid-configuration": lambda: None,
        f"{API}/jwks": parts.keys.kids,
    }
    app.wsgi_app = Remembered(app.wsgi_app, documents)  # type: ignore[method-assign]  # Flask's way


def mount_federation(app: Flask, parts: Parts) -> ChoosingDesk:
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
    app.register_blueprint(federation_pages(parts.desk, parts.hub, choosing, arrival))
    return choosing


def mount_consent(app: Flask, parts: Parts) -> None:
    """The consent page."""
    desk = ConsentDesk(parts.desk, parts.hub, parts.clients, parts.ledger, parts.providers.label)
    app.register_blueprint(consent_pages(parts.desk, parts.hub, desk))


def mount_enrolment(app: Flask, parts: Parts, csrf: CSRFProtect) -> None:
    """The insured domain; nothing in a pure federation broker."""
    if parts.accounts is None:
        return
    step = EnrolmentDesk(
        parts.desk, parts.hub, parts.clients, parts.accounts, parts.providers.label
    )
    app.register_blueprint(enrolment_pages(parts.desk, parts.hub, step))
    channel = BackChannel(
        parts.engines["broker"], parts.accounts, parts.clients, parts.outside.clock
    )
    space = space_api(_space(parts, channel, parts.accounts))
    classic = classic_desk(parts, channel)
    desk = desk_routes(DeskApi(classic, advisor_desk(parts)))
    for api in (backchannel_api(channel), space, classic_api(classic), desk):
        csrf.exempt(api)
        app.register_blueprint(api)


def _space(parts: Parts, channel: BackChannel, accounts: Accounts) -> SpaceDesk:
    outside, insured = parts.outside, parts.settings.insured
    space = Space(
        accounts.engine, accounts.sealing, outside.clock, outside.random, AccountPasswords()
    )
    made = None
    if insured is not None and not parts.settings.production:
        made = Demonstration(space, insured.demonstration_seed)
    return SpaceDesk(channel, space, made, parts.journal, parts.engines["broker"])


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


def _choosing(parts: Parts) -> ChoosingDesk:
    return ChoosingDesk(parts.desk, parts.trips, parts.providers, parts.clients)


def _token(parts: Parts) -> TokenDesk:
    return TokenDesk(
        engine=parts.engines["broker"],
        clients=parts.clients,
        authenticator=parts.authenticator,
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
        {one.client_id: DataProvider.declared(one) for one in declared},
        parts.subjects,
        parts.sealer,
        parts.tokens,
        parts.outside.clock,
        parts.is_grant_active,
    )
