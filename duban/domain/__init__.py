"""The pure core: rules as functions of state, command and time.

Modules here import the standard library and pydantic, and nothing else. They never ask for the
time, for randomness, for an environment variable or for a file: time, chance and identity arrive
as arguments, so that a workflow replays to the same state for years.
"""
