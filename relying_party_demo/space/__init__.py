"""
Space: the pages of a person's own account, once they are signed in.

Owns what is shown of reimbursements, rights, leaves, orders, changes, messages, alerts and
sign-ins, the certificate as a document, and the public page that checks one. Decides nothing: what
there is, and what may be done, is asked of the insurer over the back channel.
"""
