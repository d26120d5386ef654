"""
Mock identity providers: independent OpenID Providers, one issuer each, that can also lie on demand.

Owns the personas, the sign-in pages, the dialects real providers speak, the faults, and a control
API for testers. An independent witness: it imports no other room and shares no code with the
broker, so that one misreading of a specification cannot make both sides agree. It never knows
who is insured, keeps everything in memory, and has no place in production.
"""
