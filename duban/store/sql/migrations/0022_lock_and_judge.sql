-- The heads of a call are locked and judged in one look: a tenth less work for a call of some ten streams,
-- as the worker's batcher makes them.

SET LOCAL ROLE audit_owner;

DROP FUNCTION audit.lock_heads(text[], bigint[]);

-- Let the streams whose first entry is in a call begin, always in the same order, so that calls never
-- deadlock. Who begins the same stream waits here until the other is done.
CREATE FUNCTION audit.begin_streams(p_streams text[], p_seqs bigint[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  IF 0 = ANY (p_seqs) THEN
    INSERT INTO audit.stream (stream, next_seq)
      SELECT a.stream, 0 FROM unnest(p_streams, p_seqs) AS a (stream, seq)
      WHERE a.seq = 0 ORDER BY a.stream COLLATE "C"
      ON CONFLICT (stream) DO NOTHING;
  END IF;
END $$;

-- Lock the heads of all streams of a call, always in the same order, and say for each of its entries, in
-- its place: 'new', or why not.
--   dup       the same entry is stored already
--   CONFLICT  another entry holds this (stream, seq), or does so for an entry of the same stream in
--             this call: a history that has parted from the trail is not continued
--   GAP       an earlier ordinal is missing
--   CLOSED    the stream's closing entry is stored, or comes earlier in this call
--   TWICE     this (stream, seq) comes twice in this call
CREATE OR REPLACE FUNCTION audit.judge(
  p_ids uuid[], p_streams text[], p_seqs bigint[], p_closings boolean[], p_macs bytea[])
RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
  v_fates text[];
BEGIN
  WITH heads AS MATERIALIZED (
    SELECT h.stream, h.next_seq, h.closed FROM audit.stream AS h
    WHERE h.stream = ANY (p_streams) ORDER BY h.stream FOR UPDATE
  ), placed AS (
    SELECT a.place, a.seq, coalesce(h.next_seq, 0) AS next_seq,
           count(*) FILTER (WHERE a.seq >= coalesce(h.next_seq, 0)) OVER earlier AS ahead,
           lag(a.seq) OVER earlier = a.seq AS twice,
           coalesce(h.closed, false) OR coalesce(bool_or(a.closing) OVER earlier, false) AS closed
    FROM (SELECT u.place, u.seq, u.closing, u.stream COLLATE "C" AS stream
          FROM unnest(p_streams, p_seqs, p_closings) WITH ORDINALITY
                 AS u (stream, seq, closing, place)) AS a
      LEFT JOIN heads AS h ON h.stream = a.stream
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

-- The append goes on as it is but for this one call.
DO $$
DECLARE
  v_body text := pg_get_functiondef('audit.append(text, uuid[], text[], bytea[])'::regprocedure);
  c_call CONSTANT text := 'audit.lock_heads(';
BEGIN
  ASSERT v_body LIKE '%' || c_call || '%';
  EXECUTE replace(v_body, c_call, 'audit.begin_streams(');
END $$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA audit FROM PUBLIC;

RESET ROLE;
