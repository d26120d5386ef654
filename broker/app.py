"""The broker made from nothing: databases brought up to date, a demonstration's people, a node."""

from flask import Flask

from broker.advisor_desk import seed_advisor
from broker.insured.demonstration import Seeding, seed_demonstration
from broker.migration import migrate
from broker.node import create_node
from broker.outside import Outside
from broker.parts import Parts
from broker.settings import Settings


def create_app(settings: Settings, outside: Outside) -> Flask:
    """A broker ready to serve (`create_node`), its databases migrated and seeded before."""
    app = create_node(settings, outside, migrate)
    seed(app.extensions["parts"])
    return app


def seed(parts: Parts) -> None:
    """Give a demonstration its population at first start; nothing anywhere else."""
    insured = parts.settings.insured
    seed_advisor(parts)
    if insured is None or not insured.demonstration_persons:
        return
    seeding = Seeding(insured.demonstration_persons, insured.demonstration_seed)
    seed_demonstration(parts.engines["insured"], parts.sealer, seeding, parts.outside.clock())
