-- The worker may read the log's hashes and signatures, so that a campaign's history can keep proofs
-- of its own decisions. They tell nothing of what an entry says; a witness is told as much.

SET LOCAL ROLE audit_owner;

GRANT SELECT ON audit.leaf, audit.tile, audit.checkpoint, audit.cosignature TO audit_writer;

RESET ROLE;
