-- Who, what and of whom are searched for where the words are: in audit.search, which the projector
-- fills. An append keeps three indexes instead of nine; what the projector has not taken in yet is read
-- from the end of the log and the queue, so that a search by columns leaves nothing out.

SET LOCAL ROLE audit_owner;

DROP INDEX audit.event_actor, audit.event_unit, audit.event_tag, audit.event_object, audit.event_kind,
           audit.event_refusal;

ALTER TABLE audit.search
  ADD COLUMN campaign    text COLLATE "C",
  ADD COLUMN unit        text COLLATE "C",
  ADD COLUMN actor       text COLLATE "C",
  ADD COLUMN tag         text COLLATE "C",
  ADD COLUMN object_type text COLLATE "C",
  ADD COLUMN object_id   text COLLATE "C",
  ADD COLUMN outcome     text COLLATE "C";
UPDATE audit.search AS s
SET campaign = e.campaign, unit = e.unit, actor = e.actor, tag = e.tag, object_type = e.object_type,
    object_id = e.object_id, outcome = e.outcome
FROM audit.event AS e WHERE e.event_id = s.event_id;

-- Entries of one microsecond are few: the rest of a page's order is sorted as it is read.
CREATE INDEX search_campaign ON audit.search (campaign, occurred_us);
CREATE INDEX search_unit ON audit.search (unit, occurred_us) WHERE unit IS NOT NULL;
CREATE INDEX search_actor ON audit.search (actor, occurred_us);
CREATE INDEX search_tag ON audit.search (tag, occurred_us);
CREATE INDEX search_object ON audit.search (object_id, occurred_us);
CREATE INDEX search_kind ON audit.search (object_type, occurred_us);
CREATE INDEX search_refusal ON audit.search (outcome, occurred_us) WHERE outcome <> 'accepted';

-- All tags there are in audit.search: a search for the beginning of one looks for each of them.
CREATE TABLE audit.tag (tag text COLLATE "C" PRIMARY KEY);
INSERT INTO audit.tag SELECT DISTINCT s.tag FROM audit.search AS s WHERE s.tag IS NOT NULL;

-- What readers see of audit.search, and what is not in it yet. One by one through their ids, and the
-- places in their order: the planner takes the end of the log for a third of it, and would read it all.
CREATE VIEW audit.found AS
  SELECT event_id, occurred_us, seq, campaign, unit, actor, tag, object_type, object_id, outcome
  FROM audit.search;
CREATE VIEW audit.fresh AS
  SELECT e.event_id, e.occurred_us, e.seq, e.campaign, e.unit, e.actor, e.tag, e.object_type,
         e.object_id, e.outcome
  FROM ((SELECT l.event_id FROM audit.leaf AS l
         WHERE l.leaf_index >= (SELECT p.next_index FROM audit.projection AS p)
         ORDER BY l.leaf_index OFFSET 0)
        UNION SELECT i.event_id FROM audit.inbox AS i) AS n,
       LATERAL (SELECT * FROM audit.event_ops AS o WHERE o.event_id = n.event_id OFFSET 0) AS e;

-- Take in the places of the log from p_from to before p_next: the entries p_ids, which are not sealed,
-- with their times and their words, a text each with blanks between them. Returns false, having done
-- nothing, when somebody else has moved the mark.
DROP FUNCTION audit.project(bigint, bigint, bigint[], bigint[], uuid[], text[], text[], text[]);
CREATE FUNCTION audit.project(
  p_from bigint, p_next bigint, p_us bigint[], p_ids uuid[], p_grams text[])
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
  WITH taken AS (
    INSERT INTO audit.search (occurred_us, seq, event_id, grams, campaign, unit, actor, tag,
                              object_type, object_id, outcome)
    SELECT e.occurred_us, e.seq, e.event_id, array_to_tsvector(string_to_array(a.grams, ' ')),
           e.campaign, e.unit, e.actor, e.tag, e.object_type, e.object_id, e.outcome
    FROM unnest(p_ids, p_grams) AS a (event_id, grams),
         LATERAL (SELECT * FROM audit.event_ops AS o WHERE o.event_id = a.event_id OFFSET 0) AS e
    ON CONFLICT DO NOTHING
    RETURNING campaign, tag, occurred_us
  ), told AS (
    INSERT INTO audit.tag SELECT DISTINCT t.tag FROM taken AS t ON CONFLICT DO NOTHING
  )
  INSERT INTO audit.rollup AS r (campaign, tag, day, n)
    SELECT coalesce(t.campaign, ''), t.tag,
           ((timestamp 'epoch' + t.occurred_us * interval '1 us') AT TIME ZONE 'UTC'
            AT TIME ZONE 'Asia/Shanghai')::date, count(*)
    FROM taken AS t
    GROUP BY 1, 2, 3
    ON CONFLICT (campaign, tag, day) DO UPDATE SET n = r.n + excluded.n;
  UPDATE audit.projection SET next_index = p_next;
  RETURN true;
END $$;

CREATE OR REPLACE FUNCTION audit.forget_projection() RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM FROM audit.projection FOR UPDATE;
  TRUNCATE audit.search, audit.rollup, audit.tag;
  UPDATE audit.projection SET next_index = 0;
END $$;

-- Entries by words (a tsquery) and columns, newest first, behind the key (p_us, p_seq, p_id) where
-- one is given. Three bounded paths instead of trust in the planner: if there are few at all, all months
-- at once through the index; else walk the newest 2,000 entries; if they hold too few, go on month by
-- month. Every statement is planned for its words.
CREATE OR REPLACE FUNCTION audit.find_text(
  p_query text, p_campaign text, p_unit text, p_actor text, p_tag text, p_object_type text,
  p_object_id text, p_outcome text, p_since bigint, p_until bigint,
  p_us bigint, p_seq bigint, p_id uuid, p_limit integer)
RETURNS TABLE (event_id uuid, leaf text) LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
DECLARE
  c_few CONSTANT integer := 500;
  c_walk CONSTANT integer := 2000;
  c_newest CONSTANT text := ' ORDER BY s.occurred_us DESC, s.seq DESC, s.event_id DESC ';
  c_columns CONSTANT text := $q$
    s.grams @@ $5
    AND ($6::text IS NULL OR s.campaign = $6)
    AND ($7::text IS NULL OR s.unit = $7)
    AND ($8::text IS NULL OR s.actor = $8)
    AND ($9::text IS NULL OR (s.tag >= $9 AND s.tag < $9 || U&'\+10FFFF'))
    AND ($10::text IS NULL OR s.object_type = $10)
    AND ($11::text IS NULL OR s.object_id = $11)
    AND ($12::text IS NULL OR s.outcome = $12) $q$;
  c_page CONSTANT text := c_columns || c_newest || 'LIMIT $13';
  c_behind CONSTANT text := $q$
    FROM audit.search AS s
    WHERE s.occurred_us >= $4 AND s.occurred_us <= $1
      AND (s.occurred_us, s.seq, s.event_id) < ($1, $2, $3) $q$;
  c_leaves CONSTANT text := $q$
    SELECT e.event_id, e.leaf FROM (SELECT s.occurred_us, s.seq, s.event_id %s) AS s,
      LATERAL (SELECT o.event_id, o.leaf FROM audit.event_ops AS o
               WHERE o.event_id = s.event_id OFFSET 0) AS e $q$ || c_newest;
  v_query tsquery := p_query::tsquery;
  v_none uuid := '00000000-0000-0000-0000-000000000000';
  v_since bigint := greatest(p_since, 0);
  v_us bigint := coalesce(p_us, 9223372036854775807);
  v_seq bigint := coalesce(p_seq, -1);
  v_id uuid := coalesce(p_id, v_none);
  v_low bigint;
  v_rows integer;
  v_left integer := p_limit;
BEGIN
  IF p_until <= v_us THEN
    v_us := p_until; v_seq := -1; v_id := v_none;
  END IF;
  EXECUTE 'SELECT count(*) FROM (SELECT 1' || c_behind || ' AND ' || c_columns || ' LIMIT $13) AS s'
    INTO v_rows
    USING v_us, v_seq, v_id, v_since, v_query, p_campaign, p_unit, p_actor, p_tag, p_object_type,
          p_object_id, p_outcome, c_few + 1;
  IF v_rows <= c_few THEN
    RETURN QUERY EXECUTE format(c_leaves, c_behind || ' AND ' || c_page)
      USING v_us, v_seq, v_id, v_since, v_query, p_campaign, p_unit, p_actor, p_tag, p_object_type,
            p_object_id, p_outcome, v_left;
    RETURN;
  END IF;
  RETURN QUERY EXECUTE
    format(c_leaves, 'FROM (SELECT s.*' || c_behind || c_newest || 'LIMIT $14) AS s WHERE '
                     || c_page)
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
    RETURN QUERY EXECUTE format(c_leaves, c_behind || ' AND ' || c_page)
      USING v_us, v_seq, v_id, greatest(v_low, v_since), v_query, p_campaign, p_unit, p_actor, p_tag,
            p_object_type, p_object_id, p_outcome, v_left;
    GET DIAGNOSTICS v_rows = ROW_COUNT;
    v_left := v_left - v_rows;
    v_us := v_low; v_seq := -1; v_id := v_none;
  END LOOP;
END $$;

REVOKE ALL ON audit.tag, audit.found, audit.fresh FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA audit FROM PUBLIC;
GRANT SELECT ON audit.tag, audit.found, audit.fresh
  TO audit_reader, audit_verifier, audit_supervisor;
GRANT EXECUTE ON FUNCTION audit.project(bigint, bigint, bigint[], uuid[], text[])
  TO audit_sequencer;

RESET ROLE;
