"""
Registry: the insurer's file of insured persons, as large as a country.

Owns the layout of the file on disk, its import, export, generation and look-up. A registry is
built beside the one in service and takes its place in one step; it is never altered while it
serves. Never touches accounts, and knows nothing of logins.
"""
