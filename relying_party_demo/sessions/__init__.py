"""
Sessions: who is signed in at one service, in which browser, and for how long.

Owns the small database of a service and its opaque cookies. What it holds may be lost without
harm: people sign in again. Knows nothing of pages, of the broker or of the insurer.
"""
