"""
Keys: the signing keys of the issuer, their life (next, current, previous) and the published set.

Owns the key table; private keys are sealed at rest. Never decides what is signed.
"""
