"""
Broker: the OpenID Provider towards services, and the federation towards identity providers.

Owns the login from the authorization request to the tokens, consent, sessions, keys and the
journal. Imports `providers` and no other room.
"""
