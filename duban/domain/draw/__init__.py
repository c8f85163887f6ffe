"""The random draw of inspections (domain.md f.3): which sites, by whom, and how to prove it."""
