"""
Space: what an insured person finds in their account.

Owns payments, sick leaves, orders of a card, declarations, messages to the fund, alerts,
certificates of rights and the history of sign-ins. Never touches the registry, which it reads,
and never decides who a person is: whoever calls it has been authorised and names an account.
"""
