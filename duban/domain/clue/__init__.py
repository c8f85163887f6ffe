"""A clue (线索): unverified information, on its own way from report to answer (domain.md g.7)."""
