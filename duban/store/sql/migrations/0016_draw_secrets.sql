-- Secrets of random draws (domain.md f.3), each sealed under a key that the database never sees: one for
-- every draw, made before anybody says the number, never changed and never taken away (ADR 0019).

SET LOCAL ROLE audit_owner;

CREATE TABLE audit.draw_secret (
  stream  text   COLLATE "C" NOT NULL,
  draw_no text   COLLATE "C" NOT NULL,
  key_id  bytea  NOT NULL CHECK (octet_length(key_id) = 8),
  box     bytea  NOT NULL,
  made_us bigint NOT NULL DEFAULT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint,
  PRIMARY KEY (stream, draw_no)
);

CREATE TRIGGER deny_row BEFORE UPDATE OR DELETE ON audit.draw_secret
  FOR EACH ROW EXECUTE FUNCTION audit.deny();
CREATE TRIGGER deny_truncate BEFORE TRUNCATE ON audit.draw_secret
  FOR EACH STATEMENT EXECUTE FUNCTION audit.deny();
ALTER TABLE audit.draw_secret ENABLE ALWAYS TRIGGER deny_row;
ALTER TABLE audit.draw_secret ENABLE ALWAYS TRIGGER deny_truncate;

-- Who reads the trail, supervision and operations alike, reads no boxes: only a worker has the key.
GRANT SELECT, INSERT ON audit.draw_secret TO audit_writer;

RESET ROLE;
