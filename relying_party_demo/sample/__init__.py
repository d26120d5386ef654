"""
Sample service: a private insurer that only wants to know who its member is.

No account at the health insurer and no back channel: it shows exactly what it received, so that
single sign-on, consent and the different names of one person at two services can be seen.
"""
