"""
Federation: the page of providers, the trip out to one of them and the arrival back.

Owns the directory of providers as people see it, and what happens on arrival. Never issues a
code, never asks for consent, never looks at the insured registry.
"""
