"""Duban (督办): the workflow engine for special rectification campaigns (专项整治)."""

__version__ = "0.1.0"
