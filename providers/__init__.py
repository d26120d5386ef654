"""
Providers: one small module per upstream identity provider, over one shared OIDC adapter.

A leaf: it imports no other room, and knows nothing of who is insured.
"""
