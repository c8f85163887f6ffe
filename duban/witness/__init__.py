"""Witnesses: a small program that sees a log only grow and says so, and the client that asks it.

The protocol is C2SP tlog-witness over HTTP; a witness needs neither PostgreSQL nor Temporal, only
its key, a policy that names the logs, and a folder of its own.
"""
