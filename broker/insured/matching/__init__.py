"""
Matching: whether a pivot identity is one insured person, and if not, why.

Owns the comparison of traits, the decision table D0-D10, the keys by which candidates are looked
up and their ranking for the advisor. Pure: never opens a database, never reads a clock, never
creates an account, and never links by distance. `docs/matching.md` states the rules in words.
"""
