-- Searching the trail by words, and counting it (audit.md 4.3, 4.5). What stands here is made from the
-- entries that have a place in the log; it can be made again at any time and is not evidence. Sealed
-- entries are never in it.

SET LOCAL ROLE audit_owner;

-- The words of each entry (duban/store/grams.py), by month: a search by words goes through the months
-- one by one, newest first, so that a word of half a million entries costs no more than those of one
-- month. The key is the order of every list of entries; walked backwards it is the index by time.
CREATE TABLE audit.search (
  occurred_us bigint   NOT NULL,
  seq         bigint   NOT NULL,
  event_id    uuid     NOT NULL,
  grams       tsvector NOT NULL,
  PRIMARY KEY (occurred_us, seq, event_id)
) PARTITION BY RANGE (occurred_us);
CREATE INDEX search_grams ON audit.search USING gin (grams);

-- How many entries a campaign has, by tag and business day (Shanghai); '' is no campaign.
CREATE TABLE audit.rollup (
  campaign text   COLLATE "C" NOT NULL,
  tag      text   COLLATE "C" NOT NULL,
  day      date   NOT NULL,
  n        bigint NOT NULL,
  PRIMARY KEY (campaign, tag, day)
);

-- The first place of the log that is not in the two tables above. Places become visible in their
-- order and without gaps, which no clock and no sequence does: nothing is passed over.
CREATE TABLE audit.projection (
  only_row   boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  next_index bigint  NOT NULL DEFAULT 0
);
INSERT INTO audit.projection DEFAULT VALUES;

-- The first microsecond of the month (UTC) of a moment.
CREATE FUNCTION audit.month_floor(p_us bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
  SELECT (extract(epoch FROM date_trunc('month', timestamp 'epoch' + p_us * interval '1 us'))
          * 1000000)::bigint
$$;

-- Make the partition of the month of a moment.
CREATE FUNCTION audit.ensure_search_month(p_us bigint) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_low bigint := audit.month_floor(p_us);
  v_from timestamp := timestamp 'epoch' + v_low * interval '1 us';
  v_table text := 'search_' || to_char(v_from, 'YYYYMM');
BEGIN
  IF to_regclass('audit.' || v_table) IS NOT NULL THEN
    RETURN;
  END IF;
  EXECUTE format('CREATE TABLE audit.%I PARTITION OF audit.search FOR VALUES FROM (%s) TO (%s)',
                 v_table, v_low, (extract(epoch FROM v_from + interval '1 month') * 1000000)::bigint);
  -- With fewer than these, the planner takes rare words for common ones.
  EXECUTE format('ALTER TABLE audit.%I ALTER COLUMN grams SET STATISTICS 1000', v_table);
END $$;

-- Take in the places of the log from p_from to before p_next. The arrays hold one element per entry
-- that is not sealed: its key, its words as a text with blanks between them, its campaign and its tag.
-- Returns false, having done nothing, when somebody else has moved the mark.
CREATE FUNCTION audit.project(
  p_from bigint, p_next bigint, p_us bigint[], p_seqs bigint[], p_ids uuid[], p_grams text[],
  p_campaigns text[], p_tags text[])
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_mark bigint;
BEGIN
  SELECT p.next_index INTO v_mark FROM audit.projection AS p FOR UPDATE;
  IF v_mark <> p_from THEN
    RETURN false;
  END IF;
  PERFORM audit.ensure_search_month(m.month)
  FROM (SELECT DISTINCT audit.month_floor(u.us) AS month FROM unnest(p_us) AS u (us)) AS m;
  INSERT INTO audit.search (occurred_us, seq, event_id, grams)
    SELECT a.us, a.seq, a.event_id, array_to_tsvector(string_to_array(a.grams, ' '))
    FROM unnest(p_us, p_seqs, p_ids, p_grams) AS a (us, seq, event_id, grams)
    ON CONFLICT DO NOTHING;
  INSERT INTO audit.rollup AS r (campaign, tag, day, n)
    SELECT coalesce(a.campaign, ''), a.tag,
           ((timestamp 'epoch' + a.us * interval '1 us') AT TIME ZONE 'UTC'
            AT TIME ZONE 'Asia/Shanghai')::date, count(*)
    FROM unnest(p_us, p_campaigns, p_tags) AS a (us, campaign, tag)
    GROUP BY 1, 2, 3
    ON CONFLICT (campaign, tag, day) DO UPDATE SET n = r.n + excluded.n;
  UPDATE audit.projection SET next_index = p_next;
  RETURN true;
END $$;

-- Begin again from the first place of the log.
CREATE FUNCTION audit.forget_projection() RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM FROM audit.projection FOR UPDATE;
  TRUNCATE audit.search, audit.rollup;
  UPDATE audit.projection SET next_index = 0;
END $$;

-- Entries by words (a tsquery) and columns, newest first, behind the key (p_us, p_seq, p_id) where
-- one is given. Two bounded paths instead of trust in the planner: walk the newest 10,000 entries; if
-- they hold too few, go on month by month through the index. Every statement is planned for its words.
CREATE FUNCTION audit.find_text(
  p_query text, p_campaign text, p_unit text, p_actor text, p_tag text, p_object_type text,
  p_object_id text, p_outcome text, p_since bigint, p_until bigint,
  p_us bigint, p_seq bigint, p_id uuid, p_limit integer)
RETURNS TABLE (event_id uuid, leaf text) LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  c_walk CONSTANT integer := 10000;
  c_columns CONSTANT text := $q$
    NOT e.sealed
    AND ($6::text IS NULL OR e.campaign = $6)
    AND ($7::text IS NULL OR e.unit = $7)
    AND ($8::text IS NULL OR e.actor = $8)
    AND ($9::text IS NULL OR (e.tag >= $9 AND e.tag < $9 || U&'\+10FFFF'))
    AND ($10::text IS NULL OR e.object_type = $10)
    AND ($11::text IS NULL OR e.object_id = $11)
    AND ($12::text IS NULL OR e.outcome = $12)
    ORDER BY s.occurred_us DESC, s.seq DESC, s.event_id DESC LIMIT $13 $q$;
  c_behind CONSTANT text := $q$
    FROM audit.search AS s
    WHERE s.occurred_us >= $4 AND s.occurred_us <= $1
      AND (s.occurred_us, s.seq, s.event_id) < ($1, $2, $3) $q$;
  c_newest CONSTANT text := ' ORDER BY s.occurred_us DESC, s.seq DESC, s.event_id DESC ';
  v_query tsquery := p_query::tsquery;
  v_none uuid := '00000000-0000-0000-0000-000000000000';
  v_since bigint := greatest(p_since, 0);
  v_us bigint := coalesce(p_us, 9223372036854775807);
  v_seq bigint := coalesce(p_seq, -1);
  v_id uuid := coalesce(p_id, v_none);
  v_low bigint;
  v_month timestamp;
  v_rows integer;
  v_left integer := p_limit;
BEGIN
  IF p_until <= v_us THEN
    v_us := p_until; v_seq := -1; v_id := v_none;
  END IF;
  RETURN QUERY EXECUTE
    'SELECT e.event_id, e.leaf FROM (SELECT s.*' || c_behind || c_newest || 'LIMIT $14) AS s
       JOIN audit.event AS e ON e.event_id = s.event_id
     WHERE s.grams @@ $5 AND ' || c_columns
    USING v_us, v_seq, v_id, v_since, v_query, p_campaign, p_unit, p_actor, p_tag, p_object_type,
          p_object_id, p_outcome, v_left, c_walk;
  GET DIAGNOSTICS v_rows = ROW_COUNT;
  v_left := v_left - v_rows;
  IF v_left <= 0 THEN
    RETURN;
  END IF;
  EXECUTE 'SELECT s.occurred_us, s.seq, s.event_id' || c_behind || c_newest || 'OFFSET $5 LIMIT 1'
    INTO v_us, v_seq, v_id USING v_us, v_seq, v_id, v_since, c_walk - 1;
  WHILE v_left > 0 AND v_us IS NOT NULL LOOP
    EXECUTE 'SELECT max(s.occurred_us)' || c_behind INTO v_low USING v_us, v_seq, v_id, v_since;
    EXIT WHEN v_low IS NULL;
    v_low := audit.month_floor(v_low);
    v_month := timestamp 'epoch' + v_low * interval '1 us';
    RETURN QUERY EXECUTE
      'SELECT e.event_id, e.leaf' || replace(c_behind, 'WHERE',
         'JOIN audit.event AS e ON e.event_id = s.event_id WHERE')
      || ' AND s.grams @@ $5 AND e.event_id >= $14 AND e.event_id < $15 AND ' || c_columns
      USING v_us, v_seq, v_id, greatest(v_low, v_since), v_query, p_campaign, p_unit, p_actor, p_tag,
            p_object_type, p_object_id, p_outcome, v_left,
            audit.uuid_floor(v_month AT TIME ZONE 'UTC'),
            audit.uuid_floor((v_month + interval '1 month') AT TIME ZONE 'UTC');
    GET DIAGNOSTICS v_rows = ROW_COUNT;
    v_left := v_left - v_rows;
    v_us := v_low; v_seq := -1; v_id := v_none;
  END LOOP;
END $$;

REVOKE ALL ON audit.search, audit.rollup, audit.projection FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA audit FROM PUBLIC;
GRANT SELECT ON audit.rollup, audit.projection
  TO audit_reader, audit_sequencer, audit_verifier, audit_supervisor;
GRANT SELECT ON audit.search TO audit_verifier, audit_supervisor;
GRANT EXECUTE ON FUNCTION audit.project(bigint, bigint, bigint[], bigint[], uuid[],
  text[], text[], text[]) TO audit_sequencer;
GRANT EXECUTE ON FUNCTION audit.find_text(text, text, text, text, text, text, text, text, bigint,
  bigint, bigint, bigint, uuid, integer) TO audit_reader, audit_verifier, audit_supervisor;

RESET ROLE;
