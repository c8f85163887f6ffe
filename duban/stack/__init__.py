"""The servers Duban can start for itself: PostgreSQL, Temporal and a worker, as child processes."""
