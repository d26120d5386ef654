"""The desk of the advisors, made from the parts of a broker that has an insured domain."""

from broker.enrolment.space_passwords import AccountPasswords
from broker.enrolment.trail import JournalTrail
from broker.insured.credentials.hashing import PasswordHashing
from broker.insured.desk.desk import AdvisorDesk
from broker.insured.desk.ground import Ground
from broker.insured.space.place import Space
from broker.parts import Parts


class NoDeskError(RuntimeError):
    """A pure federation broker has no desk."""


def advisor_desk(parts: Parts) -> AdvisorDesk:
    """The desk. Passwords of staff have their turns apart: a burst of logins locks nobody out."""
    settings = parts.settings.insured
    if settings is None:
        raise NoDeskError("These settings have no [insured] table, hence no desk.")
    engine, clock, random = parts.engines["insured"], parts.outside.clock, parts.outside.random
    ground = Ground(
        engine=engine,
        sealing=parts.sealer,
        clock=clock,
        random=random,
        hashing=PasswordHashing(settings.passwords),
        trail=JournalTrail(parts.engines["broker"], parts.journal),
    )
    space = Space(engine, parts.sealer, clock, random, AccountPasswords())
    return AdvisorDesk.made(
        ground,
        space,
        settings.desk.post_room,
        settings.desk.consultations_per_hour,
    )


def seed_advisor(parts: Parts) -> None:
    """Give a demonstration its advisor; nothing when there is one already, or none is declared."""
    settings = parts.settings.insured
    wanted = settings.desk.demonstration_advisor if settings else None
    if wanted is None:
        return
    desk = advisor_desk(parts)
    if wanted.name in {one.name for one in desk.directory.everyone()}:
        return
    desk.directory.add(
        wanted.name, wanted.password, on_call=wanted.on_call, secret=wanted.totp_secret
    )
