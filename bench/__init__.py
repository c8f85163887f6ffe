"""Measures Duban against the bare floor of its parts, in the same run, on the same machine."""
