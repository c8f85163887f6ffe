-- An entry that comes a second time is known by its id, which is made of its stream, its ordinal and its
-- time: one look into one month instead of one into every month there is.

SET LOCAL ROLE audit_owner;

DROP FUNCTION audit.judge(text[], bigint[], boolean[], bytea[]);
DROP FUNCTION audit.compare(text[], bigint[], bytea[], text[]);

-- Say for each entry of a call, in its place: 'new', or why not. Heads are locked.
--   dup       the same entry is stored already
--   CONFLICT  another entry holds this (stream, seq), or does so for an entry of the same stream in
--             this call: a history that has parted from the trail is not continued
--   GAP       an earlier ordinal is missing
--   CLOSED    the stream's closing entry is stored, or comes earlier in this call
--   TWICE     this (stream, seq) comes twice in this call
CREATE FUNCTION audit.judge(
  p_ids uuid[], p_streams text[], p_seqs bigint[], p_closings boolean[], p_macs bytea[])
RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
  v_fates text[];
BEGIN
  WITH placed AS (
    SELECT a.place, a.seq, coalesce(h.next_seq, 0) AS next_seq,
           count(*) FILTER (WHERE a.seq >= coalesce(h.next_seq, 0)) OVER earlier AS ahead,
           lag(a.seq) OVER earlier = a.seq AS twice,
           coalesce(h.closed, false) OR coalesce(bool_or(a.closing) OVER earlier, false) AS closed
    FROM (SELECT u.place, u.seq, u.closing, u.stream COLLATE "C" AS stream
          FROM unnest(p_streams, p_seqs, p_closings) WITH ORDINALITY
                 AS u (stream, seq, closing, place)) AS a
      LEFT JOIN audit.stream AS h ON h.stream = a.stream
    WINDOW earlier AS (PARTITION BY a.stream ORDER BY a.seq
                       ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
  )
  SELECT array_agg(CASE WHEN p.twice THEN 'TWICE'
                        WHEN p.seq < p.next_seq THEN 'known'
                        WHEN p.closed THEN 'CLOSED'
                        WHEN p.seq <> p.next_seq + p.ahead THEN 'GAP'
                        ELSE 'new' END ORDER BY p.place) INTO v_fates
  FROM placed AS p;
  IF 'known' = ANY (v_fates) THEN
    v_fates := audit.compare(p_ids, p_streams, p_seqs, p_macs, v_fates);
  END IF;
  RETURN v_fates;
END $$;

-- Tell 'dup' from 'CONFLICT' among the entries whose place is taken.
CREATE FUNCTION audit.compare(
  p_ids uuid[], p_streams text[], p_seqs bigint[], p_macs bytea[], p_fates text[])
RETURNS text[] LANGUAGE sql AS $$
  WITH judged AS (
    SELECT a.place, a.stream,
           CASE WHEN a.fate <> 'known' THEN a.fate
                WHEN EXISTS (SELECT FROM audit.event AS e
                             WHERE e.event_id = a.id AND e.stream = a.stream AND e.seq = a.seq
                               AND e.request_mac = a.mac) THEN 'dup'
                ELSE 'CONFLICT' END AS fate
    FROM unnest(p_ids, p_streams, p_seqs, p_macs, p_fates) WITH ORDINALITY
           AS a (id, stream, seq, mac, fate, place)
  ), parted AS (
    SELECT j.place, j.fate, bool_or(j.fate = 'CONFLICT') OVER (PARTITION BY j.stream) AS conflict
    FROM judged AS j
  )
  SELECT array_agg(CASE WHEN p.conflict AND p.fate = 'new' THEN 'CONFLICT' ELSE p.fate END
                   ORDER BY p.place)
  FROM parted AS p
$$;

-- The append goes on as it is but for this one call.
DO $$
DECLARE
  v_body text := pg_get_functiondef('audit.append(text, uuid[], text[], bytea[])'::regprocedure);
  c_call CONSTANT text := 'audit.judge(v_streams, v_seqs, v_closings, p_macs)';
BEGIN
  ASSERT v_body LIKE '%' || c_call || '%';
  EXECUTE replace(v_body, c_call, 'audit.judge(p_ids, v_streams, v_seqs, v_closings, p_macs)');
END $$;

-- The ledger is folded from the changes alone: what an entry holds besides is not carried along, and
-- nothing is kept in the hope that an entry comes again.
CREATE OR REPLACE VIEW ledger.folded AS
  SELECT c.kind COLLATE "C" AS kind, c.scope COLLATE "C" AS scope, c.id COLLATE "C" AS id,
         ledger.merge(c.after ORDER BY c.stream COLLATE "C", c.seq, c.place) AS doc,
         min(c.stream COLLATE "C") AS stream,
         min(c.seq) AS first_seq, max(c.seq) AS last_seq, max(c.occurred_us) AS updated_us
  FROM (SELECT p.item ->> 'k' AS kind, p.scope, p.item ->> 'id' AS id,
               coalesce(p.item -> 'a', '{}') AS after, p.stream, p.seq, p.place, p.occurred_us
        FROM (SELECT t.scope, t.stream, t.seq, t.occurred_us,
                     jsonb_array_elements(t.changes) AS item,
                     generate_series(1, jsonb_array_length(t.changes))::bigint AS place
              FROM (SELECT coalesce(l.leaf #>> '{e,camp}', l.leaf #>> '{e,stream}') AS scope,
                           l.leaf #>> '{e,stream}' AS stream, (l.leaf #>> '{e,seq}')::bigint AS seq,
                           (l.leaf #>> '{e,occ}')::bigint AS occurred_us,
                           l.leaf #> '{e,changes}' AS changes
                    FROM (SELECT e.leaf::jsonb AS leaf FROM audit.event AS e OFFSET 0) AS l
                    OFFSET 0) AS t
              OFFSET 0) AS p
        OFFSET 0) AS c
  GROUP BY 1, 2, 3;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA audit FROM PUBLIC;

RESET ROLE;
