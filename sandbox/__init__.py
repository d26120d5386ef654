"""
The sandbox: the whole world in one process, for `passerelle demo`, for tests, for other people.

Owns the composition: it builds the applications of the other rooms from one config.toml, wires
them to a clock, a mailbox and a network that can be moved and broken, and serves them. It also
owns the control room, where a tester watches. It holds no rule of the product, and no room of
the product imports it.
"""

import platform
import sys

if sys.version_info < (3, 11):  # noqa: UP036 - whoever skips the installation still reads why
    sys.exit(f"Passerelle needs Python 3.11 or later, and this is {platform.python_version()}.")
