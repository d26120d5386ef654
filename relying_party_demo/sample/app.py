"""The sample service as one WSGI application."""

from flask import Flask

from relying_party_demo.door.door import Door, House, mount_door
from relying_party_demo.door.views import mount_door_views
from relying_party_demo.outside import Outside
from relying_party_demo.pages.mounting import mount_pages
from relying_party_demo.sample.views import views
from relying_party_demo.settings import Settings, SettingsError

HOUSE = House(
    cookie="passerelle_sample", entrance="sample.first", inside="sample.member", keep=dict
)


def create_app(settings: Settings, outside: Outside) -> Flask:
    """The sample service; SettingsError when config.toml has no `[sample_service]`."""
    service = settings.sample_service
    if service is None:
        raise SettingsError(["sample_service: the table is missing"])
    app = Flask(__package__, static_folder=None)
    mount_pages(app, service, settings, "passerelle_sample_language")
    door = Door(HOUSE, service, outside)
    mount_door(app, door, production=settings.production)
    mount_door_views(app)
    app.register_blueprint(views)
    return app
