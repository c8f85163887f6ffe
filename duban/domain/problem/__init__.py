"""One problem of the ledger (domain.md d): moved by actions and evidence, never by words."""
