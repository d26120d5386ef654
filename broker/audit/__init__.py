"""
Audit: the closed vocabulary of what may happen, and the append-only journal where it is written.

Owns the journal table and its hash chain. Never holds a name, a number, an e-mail or a token.
"""
