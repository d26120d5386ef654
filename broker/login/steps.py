"""Where each step may be entered from, and which facts must exist: guards as data."""

from dataclasses import dataclass

from broker.login.attempt import Attempt, Step


@dataclass(frozen=True, slots=True)
class StepRule:
    """
    `step` may be entered while the attempt stands at one of `after`, if every fact in `needs` is
    known. `recheck` asks again whether the provider and the person are still open; the steps by
    which one leaves a closed provider must not.
    """

    step: Step
    after: frozenset[Step]
    needs: tuple[str, ...] = ()
    recheck: bool = True

    def missing(self, attempt: Attempt) -> tuple[str, ...]:
        """The facts this step needs and the attempt does not have."""
        return tuple(fact for fact in self.needs if getattr(attempt, fact) is None)


CHOOSE = StepRule(
    Step.CHOOSE,
    after=frozenset({Step.CHOOSE, Step.CONSENT, Step.ACCOUNT}),
    recheck=False,
)
CONSENT = StepRule(
    Step.CONSENT,
    after=frozenset({Step.CONSENT}),
    needs=("authentication", "sealed_identity"),
)
ACCOUNT = StepRule(
    Step.ACCOUNT,
    after=frozenset({Step.ACCOUNT}),
    needs=("authentication", "sealed_identity", "agreed"),
)
ABANDON = StepRule(
    Step.ENDED,
    after=frozenset({Step.CHOOSE, Step.CONSENT, Step.ACCOUNT, Step.RESPOND}),
    recheck=False,
)
