-- The ledger folded from all entries: what is sorted are the changes and not the entries they stand in,
-- and they are sorted in memory where they fit.

SET LOCAL ROLE audit_owner;

CREATE OR REPLACE VIEW ledger.folded AS
  SELECT c.kind COLLATE "C" AS kind, c.scope COLLATE "C" AS scope, c.id COLLATE "C" AS id,
         ledger.merge(c.after ORDER BY c.stream COLLATE "C", c.seq, c.place) AS doc,
         min(c.stream COLLATE "C") AS stream,
         min(c.seq) AS first_seq, max(c.seq) AS last_seq, max(c.occurred_us) AS updated_us
  FROM (SELECT f.kind, f.scope, f.id, f.after, f.stream, f.seq, f.place, f.occurred_us
        FROM audit.event AS e,
             LATERAL (SELECT e.leaf::jsonb -> 'e' AS entry OFFSET 0) AS l,
             LATERAL ledger.changes(l.entry) AS f OFFSET 0) AS c
  GROUP BY 1, 2, 3;

ALTER FUNCTION ledger.differences() SET work_mem = '64MB';
ALTER FUNCTION ledger.rebuild() SET work_mem = '64MB';

RESET ROLE;
