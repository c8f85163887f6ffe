"""The sequencer: gives every committed entry its place in the log and signs for it (audit.md 3.3).

One process leads, any number stand by. It never blocks an append, and what it signs leaves only
after the commit that it speaks of.
"""
