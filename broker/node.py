"""A node: the broker as one WSGI application on databases that are ready."""

from flask import Flask, request
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from broker.application import Application
from broker.database import BringUp, prepare_database, require_head
from broker.health import mount_health
from broker.insured.registry.store import open_registry
from broker.log import prepare_log
from broker.look import mount_look
from broker.look.brand import brand_problems
from broker.metrics.mounting import counted, mount_metrics
from broker.metrics.numbers import Numbers
from broker.mounting import mount_consent, mount_enrolment, mount_federation, mount_openid
from broker.outside import Outside
from broker.pages import mount_error_pages
from broker.parts import Parts, assemble
from broker.screens import mount_reading_pages
from broker.settings import Settings, SettingsError

_LARGEST_REQUEST = 64 * 1024
_WITHOUT_FORM = frozenset({"GET", "HEAD", "OPTIONS"})


def create_node(settings: Settings, outside: Outside, bring_up: BringUp = require_head) -> Flask:
    """
    A broker ready to serve: keys made, every page mounted.

    SettingsError when the brand's colours could not be read on a page; SchemaBehindError when a
    database is not at the schema of this code and `bring_up` does nothing about it.
    """
    unreadable = list(brand_problems(settings.brand))
    if unreadable:
        raise SettingsError(unreadable)
    app = Application("broker", static_folder=None, template_folder=None)
    # Werkzeug would redirect a doubled slash to the address of the Host header.
    app.url_map.merge_slashes = app.url_map.strict_slashes = False
    prepare_log()
    numbers = Numbers() if settings.broker.metrics_token else None
    if numbers is not None:
        outside = counted(app, numbers, outside)
    engines = prepare_database(app, database_urls(settings), bring_up)
    if "insured" in engines:
        open_registry(engines["insured"])
    parts = assemble(settings, outside, engines)
    app.extensions["parts"] = parts
    csrf = protect_forms(app, parts)
    mount_look(app, settings.brand, parts.sealer, production=settings.production)
    mount_openid(app, parts, csrf)
    mount_federation(app, parts, csrf)
    mount_consent(app, parts, csrf)
    mount_enrolment(app, parts, csrf)
    mount_reading_pages(app)
    mount_health(app, engines)
    if numbers is not None:
        mount_metrics(app, parts, numbers)
    mount_error_pages(app, outside.random)
    if settings.broker.proxies:
        trust_proxies(app, settings.broker.proxies)
    return app


def trust_proxies(app: Flask, count: int) -> None:
    """Read the address of whoever calls from `count` proxies; host and scheme are settings."""
    trusted = ProxyFix(app.wsgi_app, x_for=count, x_proto=0, x_host=0, x_port=0, x_prefix=0)
    app.wsgi_app = trusted  # type: ignore[method-assign]  # Flask's way


def database_urls(settings: Settings) -> dict[str, str]:
    """The binds these settings ask for."""
    urls = {"broker": settings.broker.database}
    if settings.insured is not None:
        urls["insured"] = settings.insured.database
    return urls


def protect_forms(app: Flask, parts: Parts) -> CSRFProtect:
    """A token on every form (Flask-WTF); endpoints for programs are exempted where mounted."""
    app.secret_key = parts.sealer.mac("cookie", "flask")
    app.config.update(
        MAX_CONTENT_LENGTH=_LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=_LARGEST_REQUEST,
        # Our clock is an argument, Flask-WTF's is not; a token dies with the browser session.
        WTF_CSRF_TIME_LIMIT=None,
        # Pages send no referrer, on purpose; the token itself is compared.
        WTF_CSRF_SSL_STRICT=False,
        WTF_CSRF_CHECK_DEFAULT=False,
    )
    csrf = CSRFProtect(app)

    @app.before_request
    def check_form() -> None:
        # Flask-WTF's own check asks who is exempt before it asks whether there is a form at all.
        if request.method not in _WITHOUT_FORM:
            csrf.protect(apply_exemptions=True)

    return csrf
