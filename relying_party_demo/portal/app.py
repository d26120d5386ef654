"""The portal as one WSGI application."""

from flask import Flask

from relying_party_demo.backchannel import BackChannel
from relying_party_demo.classic import mounting as classic
from relying_party_demo.desk import mounting as desk
from relying_party_demo.door.door import Door, House, mount_door
from relying_party_demo.door.views import mount_door_views
from relying_party_demo.outside import Outside
from relying_party_demo.pages.mounting import mount_pages
from relying_party_demo.portal import contact, guide, papers, welcome
from relying_party_demo.settings import Settings, SettingsError
from relying_party_demo.space import mounting as space
from relying_party_demo.space.person import kept_claims

HOUSE = House(
    cookie="passerelle_portal", entrance="welcome.sign_in", inside="account.home", keep=kept_claims
)


def create_app(settings: Settings, outside: Outside) -> Flask:
    """The portal; SettingsError when config.toml has no `[portal]`."""
    service = settings.portal
    if service is None:
        raise SettingsError(["portal: the table is missing"])
    app = Flask(__package__, static_folder=None)
    mount_pages(app, service, settings, "passerelle_portal_language")
    door = Door(HOUSE, service, outside)
    mount_door(app, door, production=settings.production)
    mount_door_views(app)
    channel = BackChannel(service.back_channel_url, door.party, outside)
    space.mount(app, channel, service)
    classic.mount(app, settings, channel, outside)
    desk.mount(app, channel, outside, production=settings.production)
    welcome.mount(app, service)
    contact.mount(app, outside.clock)
    guide.mount(app, settings)
    papers.mount(app)
    return app
