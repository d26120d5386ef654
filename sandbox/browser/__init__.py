"""
A small browser for tests and for the timeline: cookies, redirects, forms, Back, Refresh, tabs.

Owns the reading of a page as a person or a machine finds it, and what a browser sends. Runs no
script: every page must work without. Knows no application, and reaches them through a network
without sockets.
"""

from sandbox.browser.page import NotOnPageError, Page
from sandbox.browser.tab import Browser, RedirectLoopError
from sandbox.browser.wire import Hop

__all__ = ["Browser", "Hop", "NotOnPageError", "Page", "RedirectLoopError"]
