"""PostgreSQL: the trail, its one door in, and the ledger folded from it."""
