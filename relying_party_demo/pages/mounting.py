"""Put on an application everything that its pages share."""

from pathlib import Path

from flask import Flask
from flask_wtf import CSRFProtect
from jinja2 import ChoiceLoader, FileSystemLoader, StrictUndefined

from relying_party_demo.pages.assets import mount_assets
from relying_party_demo.pages.faults import mount_faults
from relying_party_demo.pages.headers import mount_headers
from relying_party_demo.pages.languages import mount_languages
from relying_party_demo.pages.moments import mount_moments
from relying_party_demo.settings import ServiceTable, Settings

_SHARED = Path(__file__).parent / "templates"
_LARGEST_FORM = 64 * 1024


def mount_pages(app: Flask, service: ServiceTable, settings: Settings, cookie: str) -> None:
    """Languages, files, headers, forms, faults and templates; `cookie` holds the language."""
    app.secret_key = service.secret
    # Werkzeug would redirect a doubled slash to the address of the Host header.
    app.url_map.merge_slashes = app.url_map.strict_slashes = False
    app.config["MAX_CONTENT_LENGTH"] = _LARGEST_FORM
    # With Referrer-Policy no-referrer there is none to check; the token and the SameSite cookie
    # hold. A form lives as long as the session: our clock is an argument, that of WTForms is not.
    app.config["WTF_CSRF_SSL_STRICT"] = False
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    CSRFProtect(app)
    own = FileSystemLoader(Path(app.root_path) / "templates")
    app.jinja_loader = ChoiceLoader([own, FileSystemLoader(_SHARED)])
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.context_processor(lambda: {"service": service, "brand": settings.brand})
    mount_languages(app, cookie)
    mount_moments(app)
    mount_assets(app, service, settings.brand)
    mount_headers(app, service.broker_issuer, production=settings.production)
    mount_faults(app)
    app.add_url_rule("/healthz", "healthz", lambda: ("ok\n", {"Content-Type": "text/plain"}))
