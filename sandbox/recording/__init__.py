"""
The recording: what applications and browsers said to one another, put together login by login.

Owns the watching of applications from outside, the reading of what passed, its telling without
secrets. Changes nothing it watches, shows nothing itself, and keeps everything in memory.
"""
