"""
The classic way over the back channel: creation, activation, sign-in, recovery.

Every address takes a POST with a JSON object and answers with one; docs/back-channel.openapi.json
describes them. What a person may be told is in `result`; refusals of the call itself are errors of
the catalogue.
"""

from flask import Blueprint, Response

from broker.enrolment.classic_bodies import (
    ActivationBody,
    ChallengeBody,
    CodeBody,
    CreationBody,
    IdentityBody,
    RecoveryBody,
    RecoveryCodeBody,
    SignInBody,
    TokenBody,
)
from broker.enrolment.classic_desk import ClassicDesk
from broker.enrolment.space_bodies import read_body
from broker.enrolment.space_desk import answered


def classic_api(desk: ClassicDesk) -> Blueprint:
    """The addresses of the classic way."""
    blueprint = Blueprint("classic", __name__, url_prefix="/api/insured/v1")
    for mount in (_creating, _signing_in, _recovering):
        mount(blueprint, desk)
    return blueprint


def _creating(api: Blueprint, desk: ClassicDesk) -> None:
    @api.post("/creations")
    def create() -> Response:
        desk.service()
        body = read_body(CreationBody)
        fields = body.model_dump(exclude={"origin"})
        return desk.carry_out(body, lambda: desk.creation.ask(fields, body.origin))

    @api.post("/activations/read")
    def read_link() -> Response:
        desk.service()
        return answered({"result": desk.activation.read(read_body(TokenBody).token)})

    @api.post("/activations")
    def activate() -> Response:
        desk.service()
        body = read_body(ActivationBody)
        chosen = body.token, body.password, body.language
        return desk.carry_out(body, lambda: desk.activation.choose(*chosen))


def _signing_in(api: Blueprint, desk: ClassicDesk) -> None:
    @api.post("/sign-ins")
    def sign_in() -> Response:
        sector, body = desk.service(), read_body(SignInBody)
        typed = body.nir, body.password, body.origin
        return desk.carry_out(body, lambda: desk.sign_in.by_password(*typed, sector))

    @api.post("/sign-ins/code")
    def confirm() -> Response:
        sector, body = desk.service(), read_body(CodeBody)
        return desk.carry_out(body, lambda: desk.sign_in.by_code(body.challenge, body.code, sector))

    @api.post("/sign-ins/code/again")
    def another_code() -> Response:
        desk.service()
        body = read_body(ChallengeBody)
        return desk.carry_out(body, lambda: desk.sign_in.another_code(body.challenge))

    @api.post("/identity-checks")
    def check_identity() -> Response:
        sector, body = desk.provider(), read_body(IdentityBody)
        typed = body.nir, body.password, body.origin
        return desk.carry_out(body, lambda: desk.sign_in.identity(*typed, sector), keyed=False)


def _recovering(api: Blueprint, desk: ClassicDesk) -> None:
    @api.post("/recoveries")
    def recover() -> Response:
        desk.service()
        body = read_body(RecoveryBody)
        fields = {"nir": body.nir, "birthdate": body.birthdate, "language": body.language}
        return desk.carry_out(body, lambda: desk.recovery.ask(fields, body.channel, body.origin))

    @api.post("/recoveries/code")
    def redeem() -> Response:
        desk.service()
        body = read_body(RecoveryCodeBody)
        typed = body.recovery, body.code, body.password
        return desk.carry_out(body, lambda: desk.recovery.redeem(*typed))
