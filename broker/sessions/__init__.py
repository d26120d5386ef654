"""
Sessions: the browser session that gives single sign-on, and the rules that say when it may.

Owns the session table. A session is opened on arrival from a provider with a new handle, never
one that the browser brought along.
"""
