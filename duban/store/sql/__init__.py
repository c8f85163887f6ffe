"""The SQL of the store as plain files; there is none anywhere else."""
