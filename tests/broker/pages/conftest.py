"""A gallery: a small application that shows every screen with sample data, in any state."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

import pytest
from flask import Flask, g, redirect, request
from flask.testing import FlaskClient
from flask_wtf.csrf import CSRFProtect
from werkzeug.serving import make_server

from broker import errors
from broker.look import mount_look
from broker.pages import WayBack, mount_error_pages
from broker.screens import (
    AccountNews,
    AccountScreen,
    Banner,
    ConfirmLeaveScreen,
    ConsentKind,
    ConsentScreen,
    ErrorScreen,
    FormPostScreen,
    GoneOnScreen,
    Line,
    LoggedOutScreen,
    LogoutConfirmScreen,
    ProvidersScreen,
    RefusalScreen,
    Tile,
    TileState,
    mount_reading_pages,
    render,
)
from broker.screens.screen import PARIS, Screen
from broker.sealing import Sealer

SERVICE = "Ameli (démonstration)"
TUESDAY_10_H = datetime(2026, 11, 24, 10, tzinfo=PARIS).timestamp()
SATURDAY_10_H = datetime(2026, 11, 28, 10, tzinfo=PARIS).timestamp()


@dataclass(frozen=True)
class SampleBrand:
    name: str = "Passerelle"
    accent: str = "#0b5563"
    accent_dark: str = "#7cc6d6"


def _in(french: str, english: str) -> str:
    return english if request.cookies.get("passerelle_lang") == "en" else french


def _tiles() -> tuple[Tile, ...]:
    return (
        Tile(
            id="tax",
            label="Impots.gouv.fr",
            need=_in("numéro fiscal et mot de passe", "tax number and password"),
        ),
        Tile(
            id="postal",
            label="La Poste, L'Identité Numérique",
            need=_in("application sur votre téléphone", "an app on your phone"),
            last_used=True,
        ),
        Tile(
            id="msa",
            label="MSA",
            need=_in("numéro de sécurité sociale et mot de passe", "social security number"),
            state=TileState.TROUBLED,
        ),
        Tile(
            id="mobile",
            label="Mobile Connect et Moi",
            need=_in("votre téléphone mobile", "your mobile phone"),
            beta=True,
        ),
        Tile(id="weak", label="Compte Facile", state=TileState.TOO_WEAK),
        Tile(id="away", label="Banque Populaire", state=TileState.UNAVAILABLE),
        Tile(
            id="ameli",
            label="Ameli",
            state=TileState.DISABLED,
            reason=_in("Indisponible, retour prévu à 15:00", "Unavailable, back at 15:00"),
        ),
    )


def _banner(
    error: type[errors.PasserelleError] = errors.ProviderSlowError,
) -> Banner:
    return Banner.about(error, "Impots.gouv.fr", _in("fr", "en"))


def _providers(banner: Banner | None = None) -> ProvidersScreen:
    return ProvidersScreen(
        service=SERVICE,
        abandon_url="/abandon",
        choose_url="/choose",
        valid_until=TUESDAY_10_H + 1800,
        tiles=_tiles(),
        banner=banner,
        no_account_url="/form",
        form_targets=("http://localhost:8001",),
    )


def _lines() -> tuple[Line, ...]:
    rows = (
        ("family_name", _in("Nom de naissance", "Birth name"), "DURAND"),
        ("given_name", _in("Prénoms", "First names"), "Claire Anne"),
        (
            "birthdate",
            _in("Date de naissance", "Date of birth"),
            _in("27 mars 1985", "27 March 1985"),
        ),
        ("birthplace", _in("Lieu de naissance", "Place of birth"), "Lyon 3e (69383)"),
        ("gender", _in("Sexe", "Sex"), _in("Féminin", "Female")),
    )
    email = Line(
        claim="email",
        label=_in("Adresse e-mail", "E-mail address"),
        value="claire.durand@exemple.fr",
        origin="Impots.gouv.fr",
        optional=True,
        ticked=True,
    )
    return (
        *(Line(claim=c, label=t, value=v, origin="Impots.gouv.fr") for c, t, v in rows),
        email,
    )


def _consent(kind: ConsentKind, *, missing: bool = False) -> ConsentScreen:
    return ConsentScreen(
        service=SERVICE,
        abandon_url="/abandon",
        kind=kind,
        answer_url="/answer",
        lines=() if kind is ConsentKind.ANONYMOUS else _lines(),
        given_name="" if kind is ConsentKind.ANONYMOUS else "Claire",
        purpose=_in("créer ou retrouver votre compte Ameli", "create or find your Ameli account"),
        will_create_account=kind is ConsentKind.INFORMATION,
        change_account_url="/change",
        agreement_missing=missing,
    )


def _refusal(error: type[errors.MatchingRefusedError], now: float = TUESDAY_10_H) -> RefusalScreen:
    return RefusalScreen(
        service=SERVICE,
        error=error,
        now=now,
        leave_url="/leave",
        case="D-2026-0417",
        classic_url="/form",
        other_account_url="/providers",
    )


def _error(error: errors.PasserelleError, **facts: object) -> ErrorScreen:
    return ErrorScreen(error=error, reference="7K2M-9QXA", **{"service": SERVICE, **facts})


def _account(news: AccountNews, **facts: bool) -> AccountScreen:
    return AccountScreen(service=SERVICE, news=news, continue_url="/continue", **facts)


SCREENS: dict[str, Callable[[], Screen]] = {
    "providers": _providers,
    "providers-banner": lambda: _providers(_banner()),
    "providers-cancelled": lambda: _providers(_banner(errors.ProviderCancelledError)),
    "leave": lambda: ConfirmLeaveScreen(
        service=SERVICE,
        abandon_url="/abandon",
        provider="Mobile Connect et Moi",
        provider_id="mobile",
        confirm_url="/choose",
        back_url="/providers",
    ),
    "consent": lambda: _consent(ConsentKind.INFORMATION),
    "consent-explicit": lambda: _consent(ConsentKind.EXPLICIT),
    "consent-missing": lambda: _consent(ConsentKind.EXPLICIT, missing=True),
    "consent-anonymous": lambda: _consent(ConsentKind.ANONYMOUS),
    "account-created": lambda: _account(AccountNews.CREATED),
    "account-linked": lambda: _account(AccountNews.LINKED),
    "account-linked-password": lambda: _account(AccountNews.LINKED, has_password=True),
    "account-email": lambda: _account(AccountNews.CREATED, email_wanted=True),
    "account-email-taken": lambda: _account(
        AccountNews.CREATED, email_wanted=True, email_taken=True
    ),
    "account-existing": lambda: _account(AccountNews.EXISTING, email_wanted=True),
    "refusal": lambda: _refusal(errors.NoAccountPossibleError),
    "refusal-closed": lambda: _refusal(errors.NoAccountPossibleError, SATURDAY_10_H),
    "refusal-deceased": lambda: _refusal(errors.HolderDeceasedError),
    "refusal-under-16": lambda: _refusal(errors.Under16Error),
    "refusal-rights": lambda: _refusal(errors.NoOpenRightsError),
    "refusal-temporary": lambda: _refusal(errors.TemporaryNumberError),
    "refusal-linked": lambda: _refusal(errors.AlreadyLinkedError),
    "error-client": lambda: _error(
        errors.UnknownClientError("names no registered service", parameter="client_id"),
        service=None,
    ),
    "error-parameter": lambda: _error(
        errors.InvalidParameterError("must hold at least 22 characters", parameter="nonce"),
        home_url="/home",
    ),
    "error-provider": lambda: _error(
        errors.ProviderDisabledError(),
        home_url="/home",
        other_account_url="/providers",
        abandon_url="/abandon",
    ),
    "error-replayed": lambda: _error(
        errors.CallbackReplayedError(), continue_url="/consent", abandon_url="/abandon"
    ),
    "error-expired": lambda: _error(errors.LoginExpiredError(), home_url="/home"),
    "error-internal": lambda: _error(errors.InternalError(), service=None, again_url="/again"),
    "error-away": lambda: _error(errors.UnavailableError(), service=None),
    "form-post": lambda: FormPostScreen(
        service=SERVICE, action="/received", fields=(("code", "abc"), ("state", "xyz"))
    ),
    "logout": lambda: LogoutConfirmScreen(service=SERVICE, confirm_url="/logout", stay_url="/home"),
    "logout-nobody": lambda: LogoutConfirmScreen(
        service=SERVICE, confirm_url="/logout", stay_url="/home", signed_in=False
    ),
    "logged-out": lambda: LoggedOutScreen(
        service=SERVICE, return_url="/home", provider="Impots.gouv.fr"
    ),
    "gone-on": lambda: GoneOnScreen(
        service=SERVICE, continue_url="/consent", abandon_url="/abandon"
    ),
    "gone-on-finished": lambda: GoneOnScreen(service=SERVICE, abandon_url="/abandon"),
    "gone-on-nowhere": lambda: GoneOnScreen(service=SERVICE),
}
READING = ("/help", "/accessibility", "/legal", "/personal-data")
TO_LOOK_AT = (
    *(
        f"/screen/{name}"
        for name in [
            "providers-banner",
            "leave",
            "consent",
            "consent-missing",
            "consent-anonymous",
            "account-email",
            "account-linked",
            "refusal",
            "error-parameter",
            "error-provider",
            "error-replayed",
            "form-post",
            "logout",
            "logged-out",
            "gone-on",
            "gone-on-finished",
        ]
    ),
    *READING,
)
"""Every template in every part of it: what a real browser looks at, which takes time."""
PLACES = (*(f"/screen/{name}" for name in SCREENS), *READING)


def made_gallery(*, production: bool = False) -> Flask:
    app = Flask("gallery", static_folder=None)
    app.secret_key = "a secret of the gallery, 32 letters or more"
    csrf = CSRFProtect(app)
    mount_look(
        app, SampleBrand(), Sealer("a-secret-of-the-tests-0123456789abcdef"), production=production
    )
    mount_error_pages(app, lambda size: bytes(range(size)))
    mount_reading_pages(app)

    @app.get("/screen/<name>")
    def screen(name: str):
        return render(SCREENS[name]())

    @app.get("/raise/<name>")
    def refuse(name: str):
        g.way_back = WayBack(SERVICE, home_url="https://service.example/")
        raise getattr(errors, name)

    @app.get("/leaving")
    def leaving():
        # The same server under another name is another origin.
        targets = (f"http://localhost:{request.host.partition(':')[2]}",)
        listed = targets if "listed" in request.args else ()
        return render(replace(SCREENS["leave"](), form_targets=listed, confirm_url="/away"))

    @app.post("/away")
    def away():
        return redirect(f"http://localhost:{request.host.partition(':')[2]}/help", 303)

    @app.post("/choose")
    @app.post("/answer")
    @app.post("/continue")
    def answer():
        return {name: request.form.getlist(name) for name in request.form if name != "csrf_token"}

    @app.post("/received")
    @csrf.exempt
    def received():
        return dict(request.form)

    return app


@pytest.fixture(scope="session")
def gallery() -> Flask:
    """The gallery of all screens, made once: its templates are compiled at first use."""
    return made_gallery()


@pytest.fixture
def visitor(gallery: Flask) -> FlaskClient:
    """A browser without scripts in the gallery."""
    return gallery.test_client()


@pytest.fixture(scope="session")
def gallery_url(gallery: Flask) -> Iterator[str]:
    """The gallery on a real port."""
    server = make_server("127.0.0.1", 0, gallery, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session", params=PLACES)
def place(request) -> str:
    """The address of each page in turn."""
    return request.param


@pytest.fixture
def brand() -> SampleBrand:
    """Name and colours of the demonstration."""
    return SampleBrand()


@pytest.fixture(params=TO_LOOK_AT)
def view(request) -> str:
    """The address of each page a real browser looks at."""
    return request.param


@pytest.fixture
def draw(gallery: Flask):
    """The HTML of a screen, in French."""

    def drawn(screen) -> str:
        with gallery.test_request_context("/screen/any"):
            return render(screen).get_data(as_text=True)

    return drawn
