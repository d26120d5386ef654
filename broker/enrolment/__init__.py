"""
Enrolment: where a login meets the insured domain.

Owns the ACCOUNT step, which asks the accounts to create, link or find the person's account, and
the back channel by which the portal reads it. Decides nothing about matching, and is not mounted
in a pure federation broker.
"""
