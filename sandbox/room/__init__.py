"""
The control room: where a tester watches a world and moves it.

Owns the recording of what the applications say to one another, the timeline of each login made
of it, and the pages of mailbox, clock, addresses and logins. Changes nothing in the applications
and keeps everything in memory. Not for production.
"""
