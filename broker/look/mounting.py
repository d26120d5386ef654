"""Put the look on an application: cookies, languages, static files, headers."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask import Flask, current_app
from flask_babel import Babel

from broker.errors import Language
from broker.look.assets import Asset, asset, mount_assets
from broker.look.bootstrap import bootstrap_css, trimmed
from broker.look.brand import Brand, brand_css
from broker.look.form_session import FormSessions
from broker.look.headers import mount_headers
from broker.look.icons import icon
from broker.look.language import LANGUAGES, current_language, mount_language
from broker.look.templates import ROOT, TEMPLATES, TRANSLATIONS, Templates
from broker.sealing import Sealer

_STATIC = ROOT / "static"


@dataclass(frozen=True, slots=True)
class Look:
    """The look of one application: its templates by language."""

    templates: dict[Language, Templates]


def mount_look(app: Flask, brand: Brand, sealer: Sealer, *, production: bool) -> None:
    """
    Give `app` its look; `sealer` seals the cookie of its forms.

    In production cookies are `__Host-` and Secure, HSTS is on, and the line that says that this is
    a demonstration is off.
    """
    prefix = "__Host-" if production else ""
    app.session_interface = FormSessions(sealer)
    app.config.update(
        SESSION_COOKIE_NAME=f"{prefix}passerelle_broker",
        SESSION_COOKIE_SECURE=production,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
    )
    Babel(
        app,
        default_locale="fr",
        default_translation_directories=str(TRANSLATIONS),
        locale_selector=current_language,
        configure_jinja=False,
    )
    assets = static_files(brand_css(brand))
    given = {
        "brand": brand.name,
        "demonstration": not production,
        "assets": {name: held.address for name, held in assets.items()},
    }
    app.extensions["look"] = Look({code: Templates(code, given) for code in LANGUAGES})
    mount_language(app, f"{prefix}passerelle_lang", secure=production)
    mount_assets(app, assets)
    mount_headers(app, production=production)


def current_look() -> Look:
    """The look of the application that answers this request."""
    look: Look = current_app.extensions["look"]
    return look


@lru_cache(maxsize=16)
def static_files(colours: str) -> dict[str, Asset]:
    """Every static file by name; one stylesheet: Bootstrap's part, ours, the brand's colours."""
    pages = [path.read_text(encoding="utf-8") for path in sorted(TEMPLATES.rglob("*.html"))]
    pages.append(icon("bridge"))
    style = "\n".join((trimmed(bootstrap_css(), pages), _text("style.css"), colours))
    files = {path.name: path.read_bytes() for path in sorted(_STATIC.iterdir())}
    files["style.css"] = style.encode()
    return {name: asset(name, body) for name, body in files.items()}


def _text(name: str) -> str:
    return Path(_STATIC / name).read_text(encoding="utf-8")
