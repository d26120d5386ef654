"""The broker as one WSGI application."""

from flask import Flask
from flask_wtf import CSRFProtect

from broker.database import prepare_database
from broker.health import mount_health
from broker.insured.demonstration import Seeding, seed_demonstration
from broker.insured.registry.store import open_registry
from broker.log import prepare_log
from broker.look import mount_look
from broker.look.brand import brand_problems
from broker.mounting import mount_consent, mount_enrolment, mount_federation, mount_openid
from broker.outside import Outside
from broker.pages import mount_error_pages
from broker.parts import Parts, assemble
from broker.screens import mount_reading_pages
from broker.settings import Settings, SettingsError

_LARGEST_REQUEST = 64 * 1024


def create_app(settings: Settings, outside: Outside) -> Flask:
    """
    A broker ready to serve: databases migrated, keys made, every page mounted.

    SettingsError when the brand's colours could not be read on a page.
    """
    unreadable = list(brand_problems(settings.brand))
    if unreadable:
        raise SettingsError(unreadable)
    app = Flask("broker", static_folder=None, template_folder=None)
    # Werkzeug would redirect a doubled slash to the address of the Host header.
    app.url_map.merge_slashes = app.url_map.strict_slashes = False
    prepare_log()
    engines = prepare_database(app, database_urls(settings))
    if "insured" in engines:
        open_registry(engines["insured"])
    parts = assemble(settings, outside, engines)
    app.extensions["parts"] = parts
    seed(parts)
    csrf = protect_forms(app, parts)
    mount_look(app, settings.brand, production=settings.production)
    mount_openid(app, parts, csrf)
    mount_federation(app, parts)
    mount_consent(app, parts)
    mount_enrolment(app, parts, csrf)
    mount_reading_pages(app)
    mount_health(app, engines)
    mount_error_pages(app, outside.random)
    return app


def database_urls(settings: Settings) -> dict[str, str]:
    """The binds these settings ask for."""
    urls = {"broker": settings.broker.database}
    if settings.insured is not None:
        urls["insured"] = settings.insured.database
    return urls


def seed(parts: Parts) -> None:
    """Give a demonstration its population at first start; nothing anywhere else."""
    insured = parts.settings.insured
    if insured is None or not insured.demonstration_persons:
        return
    seeding = Seeding(insured.demonstration_persons, insured.demonstration_seed)
    seed_demonstration(parts.engines["insured"], parts.sealer, seeding, parts.outside.clock())


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
    )
    return CSRFProtect(app)
