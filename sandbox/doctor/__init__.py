"""
The doctor: reads what a service did in a sandbox, says what is wrong with it and how to mend it.

Owns the gathering of evidence out of the recording and the list of checks. Asks nothing of the
service and changes nothing: what was not exercised is said to be so.
"""
