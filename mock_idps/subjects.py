"""Subjects: one opaque text for each person at each issuer, the same at every visit."""

import hashlib


def subject_at(issuer: str, seed: str) -> str:
    """The `sub` an issuer gives; the seed is a persona's key, or what was made up."""
    return hashlib.sha256(f"{issuer}|{seed}".encode()).hexdigest()[:40]
