"""
Portal: the personal space of the health insurer, as far as it is built.

Owns its pages and the words of what happened at a login. Whether there is such a person, such an
account or such a right is decided by the insurer, behind the back channel.
"""
