"""Commands of an operator, typed on the broker of a world."""

import json
from dataclasses import dataclass

from click.testing import CliRunner

from broker.commands.operators import groups
from sandbox.world import World


@dataclass
class Told:
    """How a command ended and what it printed, refusals apart."""

    status: int
    output: str
    refusal: str

    @property
    def json(self):
        return json.loads(self.output)


def typed(world: World, *words) -> Told:
    """`passerelle …` on the broker of this world."""
    commands = {c.name: c for c in groups(lambda: world.broker.app.extensions["parts"])}
    result = CliRunner().invoke(commands[words[0]], [str(word) for word in words[1:]])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.output
    return Told(result.exit_code, result.stdout, result.stderr)
