"""
Subjects: pivot identity -> stable person -> pairwise `sub`.

Owns the persons of the federation, the upstream identities seen for each, and the `sub` given to
each sector. Never knows who is insured.
"""
