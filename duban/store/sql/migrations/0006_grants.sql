-- Who may do what, and nothing else. The worker's login has EXECUTE on audit.append and no
-- privilege on any table; nobody has UPDATE, DELETE or TRUNCATE on evidence.

SET LOCAL ROLE audit_owner;

REVOKE ALL ON ALL TABLES IN SCHEMA audit, ledger FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA audit, ledger FROM PUBLIC;

GRANT USAGE ON SCHEMA audit TO audit_writer, audit_sequencer, audit_reader, audit_supervisor,
  audit_verifier, audit_eraser;
GRANT USAGE ON SCHEMA ledger TO audit_reader, audit_supervisor, audit_verifier;

GRANT EXECUTE ON FUNCTION audit.append(text, uuid[], text[], bytea[]) TO audit_writer;
GRANT EXECUTE ON FUNCTION audit.tail(text, bigint, integer) TO audit_writer;

GRANT SELECT ON audit.event TO audit_sequencer, audit_verifier, audit_supervisor;
GRANT SELECT, DELETE ON audit.inbox TO audit_sequencer;
GRANT SELECT ON audit.origin, audit.stream TO audit_reader, audit_sequencer, audit_verifier,
  audit_supervisor;
GRANT SELECT ON audit.event_ops TO audit_reader, audit_verifier, audit_supervisor;

GRANT SELECT ON ALL TABLES IN SCHEMA ledger TO audit_reader, audit_verifier, audit_supervisor;
-- This view reads sealed leaves too; it belongs to those who may read them.
REVOKE ALL ON ledger.folded FROM audit_reader;
GRANT EXECUTE ON FUNCTION ledger.differences(), ledger.changes(jsonb), ledger.merge(jsonb)
  TO audit_verifier, audit_supervisor;

RESET ROLE;

GRANT USAGE ON SCHEMA duban TO audit_reader, audit_sequencer, audit_verifier, audit_supervisor;
GRANT SELECT ON duban.schema_migration TO audit_reader, audit_sequencer, audit_verifier,
  audit_supervisor;
