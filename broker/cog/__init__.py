"""
The official geographic code (COG): which places of birth exist, and which codes name one place.

Owns the compact table of communes and countries, built by `build.py` from the public dataset, and
the three questions asked of it: are two codes one place (`places`), which codes may be confused
(`places.place_class`), what is a place called (`names`). Never sees a person and never searches
the registry.
"""
