"""
The error catalogue: every refusal of the broker, as a class that carries its own fate.

A class holds its number, its HTTP status, its OAuth error, where it may be shown and what a person
reads in both languages. Born anywhere, rendered in `pages.py` alone; `catalogue.py` writes
docs/errors.md from them. Never decides anything and never looks at a request.
"""

# Each module is a chapter of one catalogue: the package offers them whole.
from broker.errors.advisor import *  # noqa: F403 - a chapter
from broker.errors.authorize import *  # noqa: F403 - a chapter
from broker.errors.backchannel import *  # noqa: F403 - a chapter
from broker.errors.browsing import *  # noqa: F403 - a chapter
from broker.errors.endpoints import *  # noqa: F403 - a chapter
from broker.errors.faults import error_of as error_of
from broker.errors.journey import *  # noqa: F403 - a chapter
from broker.errors.logout import *  # noqa: F403 - a chapter
from broker.errors.lookup import numbered as numbered
from broker.errors.matching import *  # noqa: F403 - a chapter
from broker.errors.platform import *  # noqa: F403 - a chapter
from broker.errors.record import Fate as Fate
from broker.errors.record import Language as Language
from broker.errors.record import PasserelleError as PasserelleError
from broker.errors.returned import *  # noqa: F403 - a chapter
from broker.errors.space import *  # noqa: F403 - a chapter
from broker.errors.unsafe import *  # noqa: F403 - a chapter
from broker.errors.upstream import *  # noqa: F403 - a chapter
