"""What a person wrote, or what was written to them: JSON sealed for one purpose."""

import json
from typing import Any

from broker.insured.accounts.protected import Sealing

DECLARED = "space:declaration"
MESSAGE = "space:message"
ANSWER = "space:answer"
ADDRESS = "space:email"
CERTIFICATE = "space:certificate"
REQUEST = "space:request"


def seal(sealing: Sealing, content: Any, purpose: str) -> bytes:
    """The content, sealed."""
    return sealing.seal(json.dumps(content).encode(), purpose)


def opened(sealing: Sealing, sealed: bytes, purpose: str) -> Any:
    """The content that was sealed."""
    return json.loads(sealing.open(bytes(sealed), purpose))
