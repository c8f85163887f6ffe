"""An inspection (督查检查): one check of one site, from its order to its findings (domain.md f)."""
