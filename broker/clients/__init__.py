"""
Clients: the services that may ask for a login, what each may ask, and how it proves who it is.

Owns the directory of services, their authentication and the exact comparison of addresses.
Never knows a person.
"""
