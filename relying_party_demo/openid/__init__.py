"""
OpenID: an honest relying party of one broker, over Authlib's client and joserfc.

Owns the request (state, nonce, PKCE), every check of the answer (browser, issuer, ID token,
userinfo) and the logout request. Never draws a page, never reads a cookie, never decides who may
enter: it says who came, how and when, or raises a LoginError that says what to tell the person.
"""
