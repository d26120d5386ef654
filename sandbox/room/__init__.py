"""
The control room: where a tester watches a world and moves it.

Owns the pages of mailbox, clock, addresses and logins, and what programs may ask of a sandbox.
Changes nothing in the applications and keeps nothing itself. Not for production.
"""
