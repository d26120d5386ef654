"""
Credentials: the classic way into an account, by NIR and password.

Owns the creation by six fields, activation links, passwords, the codes of a first sign-in and of
a recovery, the limits on all of them, and the answers kept for a repeated request. Each step
proves its own fact in the database, and says the same of a person who is known and of one who is
not. Never links an account to a provider, never replaces a confirmed one by the form, and speaks
no HTTP.
"""
