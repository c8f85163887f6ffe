"""Temporal shells: one loop, one timer, one outbox. No rule lives here."""
