"""
Metrics: what this broker counts about itself, for Prometheus.

Owns the counters, the address where they are read and the token that opens it. Absent unless
`[broker] metrics_token` is set. Never holds a person, an attempt, a code or the name of a service,
and never writes to a database.
"""
