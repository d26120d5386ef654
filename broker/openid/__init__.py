"""
OpenID: the OpenID Provider towards services.

Owns the authorization endpoint (the hub of every login), its ordered checks, codes and tokens,
userinfo, discovery and logout. Never talks to an identity provider and shows no data of a person.
"""
