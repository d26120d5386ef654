"""
Login: one authorization request on its way to an answer.

Owns the LoginAttempt, the table of steps, the pure `next_step`, the signed proof of each hop and
the binding of an attempt to a browser. Knows no screen, no provider and no protocol endpoint.
"""
