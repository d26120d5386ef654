"""
Commands: what an operator types, one module for each thing that is kept.

Owns the words of the command line, its tables and its JSON. Acts through the parts of a node and
decides nothing that a node would decide otherwise; starts nothing and migrates nothing.
"""
