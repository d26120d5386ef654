"""The classic way into accounts, made from the parts of a broker that has an insured domain."""

import time

from broker.enrolment.backchannel import BackChannel
from broker.enrolment.classic_desk import ClassicDesk
from broker.insured.credentials.ground import Ground
from broker.insured.credentials.hashing import PasswordHashing
from broker.insured.credentials.replay import Replay
from broker.insured.credentials.rules import Rules
from broker.insured.registry.iban import IbanPrinter
from broker.parts import Parts
from broker.settings.insured import InsuredTable


def classic_desk(parts: Parts, channel: BackChannel, settings: InsuredTable) -> ClassicDesk:
    """The decisions of the classic way behind the back channel."""
    engine, clock = parts.engines["insured"], parts.outside.clock
    ground = Ground(
        engine=engine,
        sealing=parts.sealer,
        printer=IbanPrinter.of(parts.sealer),
        hashing=PasswordHashing(settings.passwords),
        clock=clock,
        random=parts.outside.random,
        rules=Rules(settings.portal_url, settings.iban_working_days),
    )
    replay = Replay(engine, parts.sealer, clock, time.sleep)
    return ClassicDesk(channel, ground, replay, parts.journal, parts.engines["broker"])
