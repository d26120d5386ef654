"""
Desk: what an advisor of 36 46 may see and do, and the trace that every look leaves.

Owns the staff with their second factor and sessions, the consultations with their reasons, and the
codes sent by post. Never shows or takes a password of a person, never links an account, and opens
no file outside a consultation whose reason was given.
"""
