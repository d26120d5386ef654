"""
Consent: shows what will be sent, remembers the answer, tells whether an answer is already enough.

Owns the consent screen and the ledger. Never issues a code and never looks upstream.
"""
