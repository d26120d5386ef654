"""
Look: what every page of the broker shares, whatever it says.

Owns the language of a request, the brand's colours, the stylesheet and the other static files, the
templates in both languages, and the headers that protect a page. Never knows what a screen means.
"""

from broker.look.language import current_language as current_language
from broker.look.mounting import mount_look as mount_look
