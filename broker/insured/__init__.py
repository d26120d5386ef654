"""
Insured: the insurer's domain, that is the registry of insured persons, their accounts, and the
matching of a pivot identity to one of them.

Owns its own database bind. Never imports `openid` or `federation`, and is absent from a pure
federation broker.
"""
