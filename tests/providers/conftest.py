"""What the tests of this room share."""

from hypothesis import HealthCheck, settings

# A busy machine makes one example late now and then: slowness is measured by benchmarks.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")
