"""The verifier: every check of audit.md 6 over the live trail, streaming, on all cores."""
