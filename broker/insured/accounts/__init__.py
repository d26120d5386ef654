"""
Accounts: who among the insured persons holds one, and through which providers they reach it.

Owns creation, linking, closing and the summary shown to the portal. What can happen is decided on
facts that were read (`plan.py`), then written in one transaction (`settle.py`) that the
constraints of the database refuse when somebody else was faster. Never compares traits itself and
never sends a mail: it leaves one in the outbox with the fact.
"""
