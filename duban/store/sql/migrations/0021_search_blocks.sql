-- Terms of three characters and more whose pairs are all common and that stand nowhere, or once long ago
-- (ADR 0026): a coarse index says in which stretches of time it is worth looking. It is made from the
-- entries, by the projector when it has nothing else to do, and like audit.search it is not evidence.

SET LOCAL ROLE audit_owner;

-- A stretch of business time [from_us, until_us) and hashes of all triples of characters in the texts of its
-- entries (duban/store/grams.py); NULL is not known. The stretches follow on each other from 0 on, without
-- gaps, up to a mark: what lies behind it is in no block yet.
CREATE TABLE audit.search_block (
  from_us  bigint PRIMARY KEY,
  until_us bigint NOT NULL CHECK (until_us > from_us),
  triples  integer[]
);
-- Hashes are spread evenly, so statistics of them tell nothing; a list of pending ones would be searched.
ALTER TABLE audit.search_block ALTER COLUMN triples SET STATISTICS 0;
CREATE INDEX search_block_triples ON audit.search_block USING gin (triples) WITH (fastupdate = off);
CREATE INDEX search_block_unknown ON audit.search_block (from_us) WHERE triples IS NULL;

-- Where the blocks end.
CREATE FUNCTION audit.blocks_end() RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT coalesce((SELECT b.until_us FROM audit.search_block AS b ORDER BY b.from_us DESC LIMIT 1), 0)
$$;

-- Store what is known of a stretch that begins where the blocks end, or where one of them begins: of that one
-- what is left stays unknown. Returns false, having done nothing, when entries came since p_mark or another
-- was quicker.
CREATE FUNCTION audit.store_block(p_mark bigint, p_from bigint, p_until bigint, p_triples integer[])
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_mark bigint;
  v_end bigint;
BEGIN
  SELECT p.next_index INTO v_mark FROM audit.projection AS p FOR UPDATE;
  SELECT b.until_us INTO v_end FROM audit.search_block AS b WHERE b.from_us = p_from;
  IF v_mark <> p_mark OR v_end < p_until OR (v_end IS NULL AND p_from <> audit.blocks_end()) THEN
    RETURN false;
  END IF;
  INSERT INTO audit.search_block (from_us, until_us, triples) VALUES (p_from, p_until, p_triples)
    ON CONFLICT (from_us) DO UPDATE SET until_us = excluded.until_us, triples = excluded.triples;
  IF v_end > p_until THEN
    INSERT INTO audit.search_block (from_us, until_us) VALUES (p_until, v_end);
  END IF;
  RETURN true;
END $$;

-- What comes late makes the block it belongs to unknown, in the transaction that makes it found.
DO $$
DECLARE
  v_body text := pg_get_functiondef('audit.project(bigint, bigint, bigint[], uuid[], text[])'::regprocedure);
  c_moved CONSTANT text := '  UPDATE audit.projection SET next_index = p_next;';
  c_late CONSTANT text := $q$  UPDATE audit.search_block AS b SET triples = NULL
  FROM (SELECT DISTINCT (SELECT max(o.from_us) FROM audit.search_block AS o WHERE o.from_us <= u.us) AS from_us
        FROM unnest(p_us) AS u (us)
        WHERE u.us < (SELECT audit.blocks_end())) AS late
  WHERE b.from_us = late.from_us AND b.triples IS NOT NULL;
$q$;
BEGIN
  ASSERT v_body LIKE '%' || c_moved || '%';
  EXECUTE replace(v_body, c_moved, c_late || c_moved);
END $$;

CREATE OR REPLACE FUNCTION audit.forget_projection() RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM FROM audit.projection FOR UPDATE;
  TRUNCATE audit.search, audit.search_block, audit.rollup, audit.tag;
  UPDATE audit.projection SET next_index = 0;
END $$;

-- As audit.find_text, behind a key: what is in no block as ever, then blocks that hold all of p_triples or of
-- which nothing is known, newest first and more at a time the longer it takes.
CREATE FUNCTION audit.find_in_blocks(
  p_query text, p_campaign text, p_unit text, p_actor text, p_tag text, p_object_type text,
  p_object_id text, p_outcome text, p_since bigint,
  p_us bigint, p_seq bigint, p_id uuid, p_limit integer, p_triples integer[])
RETURNS TABLE (event_id uuid, leaf text) LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  -- Rows of a block by time or by a column, never by words: their index would be read anew for each block.
  c_page CONSTANT text := $q$
    SELECT e.event_id, e.leaf FROM (
      SELECT s.occurred_us, s.seq, s.event_id
      FROM unnest($14::bigint[], $15::bigint[]) AS b (low, high), LATERAL (
        SELECT * FROM audit.search AS s
        WHERE s.occurred_us >= b.low AND s.occurred_us < b.high
          AND s.occurred_us >= $4 AND s.occurred_us <= $1
          AND (s.occurred_us, s.seq, s.event_id) < ($1, $2, $3)
          AND ($6::text IS NULL OR s.campaign = $6)
          AND ($7::text IS NULL OR s.unit = $7)
          AND ($8::text IS NULL OR s.actor = $8)
          AND ($9::text IS NULL OR (s.tag >= $9 AND s.tag < $9 || U&'\+10FFFF'))
          AND ($10::text IS NULL OR s.object_type = $10)
          AND ($11::text IS NULL OR s.object_id = $11)
          AND ($12::text IS NULL OR s.outcome = $12) OFFSET 0) AS s
      WHERE s.grams @@ $5
      ORDER BY s.occurred_us DESC, s.seq DESC, s.event_id DESC LIMIT $13) AS s,
      LATERAL (SELECT o.event_id, o.leaf FROM audit.event_ops AS o
               WHERE o.event_id = s.event_id OFFSET 0) AS e
    ORDER BY s.occurred_us DESC, s.seq DESC, s.event_id DESC $q$;
  v_mark bigint := audit.blocks_end();
  v_lows bigint[];
  v_highs bigint[];
  v_at integer := 1;
  v_many integer := 16;
  v_rows integer;
  v_left integer := p_limit;
BEGIN
  IF p_us >= v_mark THEN
    RETURN QUERY SELECT f.event_id, f.leaf
      FROM audit.find_text(p_query, p_campaign, p_unit, p_actor, p_tag, p_object_type, p_object_id,
                           p_outcome, greatest(p_since, v_mark), NULL, p_us, p_seq, p_id, v_left, NULL) AS f;
    GET DIAGNOSTICS v_rows = ROW_COUNT;
    v_left := v_left - v_rows;
  END IF;
  IF v_left > 0 THEN
    SELECT array_agg(b.from_us ORDER BY b.from_us DESC), array_agg(b.until_us ORDER BY b.from_us DESC)
      INTO v_lows, v_highs
    FROM (SELECT o.from_us, o.until_us FROM audit.search_block AS o WHERE o.triples @> p_triples
          UNION ALL
          SELECT o.from_us, o.until_us FROM audit.search_block AS o WHERE o.triples IS NULL OFFSET 0) AS b
    WHERE b.from_us <= p_us AND b.until_us > p_since;
  END IF;
  WHILE v_left > 0 AND v_at <= cardinality(v_lows) LOOP
    RETURN QUERY EXECUTE c_page
      USING least(p_us, v_highs[v_at]), p_seq, p_id, p_since, p_query::tsquery, p_campaign, p_unit, p_actor,
            p_tag, p_object_type, p_object_id, p_outcome, v_left,
            v_lows[v_at : v_at + v_many - 1], v_highs[v_at : v_at + v_many - 1];
    GET DIAGNOSTICS v_rows = ROW_COUNT;
    v_left := v_left - v_rows;
    v_at := v_at + v_many;
    v_many := v_many * 4;
  END LOOP;
END $$;

-- The search goes on as it is, but where there are more than a few candidates and triples are given, the blocks
-- take the place of the walk and the months. Programs of the release before give none.
DO $$
DECLARE
  c_old CONSTANT regprocedure :=
    'audit.find_text(text, text, text, text, text, text, text, text, bigint, bigint, bigint, bigint, uuid, integer)';
  v_body text := pg_get_functiondef(c_old);
  c_last CONSTANT text := 'p_limit integer)';
  c_walk CONSTANT text := E'  RETURN QUERY EXECUTE\n    format(c_leaves, \'FROM (SELECT s.*';
  c_blocks CONSTANT text := $q$  IF p_triples IS NOT NULL THEN
    RETURN QUERY SELECT f.event_id, f.leaf
      FROM audit.find_in_blocks(p_query, p_campaign, p_unit, p_actor, p_tag, p_object_type, p_object_id,
                                p_outcome, v_since, v_us, v_seq, v_id, v_left, p_triples) AS f;
    RETURN;
  END IF;
$q$;
BEGIN
  ASSERT v_body LIKE '%' || c_last || '%' || c_walk || '%';
  EXECUTE 'DROP FUNCTION ' || c_old;
  EXECUTE replace(replace(v_body, c_last, 'p_limit integer, p_triples integer[] DEFAULT NULL)'),
                  c_walk, c_blocks || c_walk);
END $$;

REVOKE ALL ON audit.search_block FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA audit FROM PUBLIC;
GRANT SELECT ON audit.search_block, audit.found TO audit_sequencer;
GRANT EXECUTE ON FUNCTION audit.store_block(bigint, bigint, bigint, integer[]) TO audit_sequencer;
GRANT EXECUTE ON FUNCTION audit.find_text(text, text, text, text, text, text, text, text, bigint,
  bigint, bigint, bigint, uuid, integer, integer[]) TO audit_reader, audit_verifier, audit_supervisor;

RESET ROLE;
