"""
Faults: the lies a mock tells on demand, each scoped to one login.

Owns one table that says where a lie is told, what it is, and what the broker must do about it;
the honest code passes each answer through `lie` and knows no fault by name.
"""
