"""
Classic: the account of a person who uses no provider, from its creation to its recovery.

Owns the forms of creation, activation, sign-in and recovery, and the words of every answer.
Whether a person, a password or a code is the right one is decided by the insurer, behind the back
channel; nothing that was typed is kept here.
"""
