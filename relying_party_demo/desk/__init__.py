"""
Desk: the pages of the advisors of 36 46, and the page where a code received by post is typed.

Owns the pages at /conseiller and the cookie of an advisor's session, which is never that of a
person. Who may come in, who is found and what may be done is decided by the insurer, behind the
back channel. No page shows or asks the password of a person.
"""
