-- The only way in, made quicker: each entry is parsed once for everything, the usual call touches no
-- partition but the one it writes to, and an index holds no entries that it cannot find.

SET LOCAL ROLE audit_owner;

DROP FUNCTION audit.append(text, uuid[], text[], bytea[]);
DROP FUNCTION audit.lock_heads(jsonb[]);
DROP FUNCTION audit.check_mode(text, jsonb[]);
DROP FUNCTION audit.judge(jsonb[], bytea[]);
DROP FUNCTION audit.fold(jsonb[]);
DROP FUNCTION audit.store(uuid[], text[], bytea[], jsonb[], text[]);

DROP INDEX audit.event_unit;
CREATE INDEX event_unit ON audit.event (unit, occurred_us DESC, seq DESC, event_id DESC)
  WHERE unit IS NOT NULL;

-- Lock the heads of all streams of a call, always in the same order, so that calls never deadlock. A
-- stream without a head begins here if its first entry is in the call.
CREATE FUNCTION audit.lock_heads(p_streams text[], p_seqs bigint[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  IF 0 = ANY (p_seqs) THEN
    INSERT INTO audit.stream (stream, next_seq)
      SELECT a.stream, 0 FROM unnest(p_streams, p_seqs) AS a (stream, seq)
      WHERE a.seq = 0 ORDER BY a.stream COLLATE "C"
      ON CONFLICT (stream) DO NOTHING;
  END IF;
  PERFORM FROM audit.stream AS h WHERE h.stream = ANY (p_streams) ORDER BY h.stream FOR UPDATE;
END $$;

-- Refuse what is not for this database. The very first entry (stream `trail`, ordinal 0) fixes the
-- mode; heads are locked, so two openers cannot both be first.
CREATE FUNCTION audit.check_mode(p_mode text, p_docs jsonb[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  v_mode text;
  v_origin text;
BEGIN
  SELECT o.mode INTO v_mode FROM audit.origin AS o;
  IF NOT FOUND THEN
    SELECT d #>> '{detail,origin}' INTO v_origin FROM unnest(p_docs) AS d
      WHERE d ->> 'stream' = 'trail' AND d ->> 'seq' = '0'
        AND d ->> 'tag' = 'trail:database:opened';
    IF v_origin IS NULL THEN
      RAISE EXCEPTION 'audit.not_opened' USING ERRCODE = 'DU002';
    END IF;
    INSERT INTO audit.origin (mode, origin) VALUES (p_mode, v_origin);
  ELSIF v_mode IS DISTINCT FROM p_mode THEN
    RAISE EXCEPTION 'audit.mode' USING ERRCODE = 'DU001', DETAIL = v_mode;
  END IF;
END $$;

-- Say for each entry of a call, in its place: 'new', or why not. Heads are locked.
--   dup       the same entry is stored already
--   CONFLICT  another entry holds this (stream, seq), or does so for an entry of the same stream in
--             this call: a history that has parted from the trail is not continued
--   GAP       an earlier ordinal is missing
--   CLOSED    the stream's closing entry is stored, or comes earlier in this call
--   TWICE     this (stream, seq) comes twice in this call
CREATE FUNCTION audit.judge(p_streams text[], p_seqs bigint[], p_closings boolean[], p_macs bytea[])
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
    v_fates := audit.compare(p_streams, p_seqs, p_macs, v_fates);
  END IF;
  RETURN v_fates;
END $$;

-- Tell 'dup' from 'CONFLICT' among the entries whose place is taken.
CREATE FUNCTION audit.compare(p_streams text[], p_seqs bigint[], p_macs bytea[], p_fates text[])
RETURNS text[] LANGUAGE sql AS $$
  WITH judged AS (
    SELECT a.place, a.stream,
           CASE WHEN a.fate <> 'known' THEN a.fate
                WHEN EXISTS (SELECT FROM audit.event AS e
                             WHERE e.stream = a.stream AND e.seq = a.seq
                               AND e.request_mac = a.mac) THEN 'dup'
                ELSE 'CONFLICT' END AS fate
    FROM unnest(p_streams, p_seqs, p_macs, p_fates) WITH ORDINALITY
           AS a (stream, seq, mac, fate, place)
  ), parted AS (
    SELECT j.place, j.fate, bool_or(j.fate = 'CONFLICT') OVER (PARTITION BY j.stream) AS conflict
    FROM judged AS j
  )
  SELECT array_agg(CASE WHEN p.conflict AND p.fate = 'new' THEN 'CONFLICT' ELSE p.fate END
                   ORDER BY p.place)
  FROM parted AS p
$$;

-- Fold the changes of stored entries into the ledger. An object belongs to the stream that wrote it
-- first; another stream's change would make the fold depend on chance and is refused.
CREATE FUNCTION audit.fold(p_docs jsonb[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  v_refused bigint;
  v_strange text;
BEGIN
  WITH folded AS (
    SELECT c.kind COLLATE "C" AS kind, c.scope COLLATE "C" AS scope, c.id COLLATE "C" AS id,
           ledger.merge(c.after ORDER BY c.stream COLLATE "C", c.seq, c.place) AS doc,
           min(c.stream COLLATE "C") AS stream, max(c.stream COLLATE "C") AS other_stream,
           min(c.seq) AS first_seq, max(c.seq) AS last_seq, max(c.occurred_us) AS updated_us
    FROM unnest(p_docs) AS d, LATERAL ledger.changes(d) AS c
    GROUP BY 1, 2, 3
  ), stored AS (
    INSERT INTO ledger.object AS o
      (kind, scope, id, doc, stream, first_seq, last_seq, updated_us)
    SELECT f.kind, f.scope, f.id, f.doc, f.stream, f.first_seq, f.last_seq, f.updated_us
    FROM folded AS f WHERE f.stream = f.other_stream ORDER BY f.kind, f.scope, f.id
    ON CONFLICT (kind, scope, id) DO UPDATE
      SET doc = o.doc || excluded.doc, last_seq = excluded.last_seq,
          updated_us = greatest(o.updated_us, excluded.updated_us)
      WHERE o.stream = excluded.stream
    RETURNING 1
  )
  SELECT (SELECT count(*) FROM folded) - (SELECT count(*) FROM stored) INTO v_refused;
  IF v_refused > 0 THEN
    SELECT concat_ws(' ', c.kind, c.scope, c.id) INTO v_strange
    FROM unnest(p_docs) AS d, LATERAL ledger.changes(d) AS c
    LEFT JOIN ledger.object AS o ON o.kind = c.kind AND o.scope = c.scope AND o.id = c.id
    WHERE o.stream IS DISTINCT FROM c.stream LIMIT 1;
    RAISE EXCEPTION 'audit.owner' USING ERRCODE = 'DU004', DETAIL = v_strange;
  END IF;
END $$;

-- Store the entries whose fate is 'new', queue them, and move the heads; the leaf names the writer and
-- the database's own time, which no writer chooses.
CREATE FUNCTION audit.store(p_ids uuid[], p_entries text[], p_macs bytea[], p_docs jsonb[],
                            p_streams text[], p_seqs bigint[], p_closings boolean[],
                            p_fates text[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  v_at bigint := (extract(epoch FROM clock_timestamp()) * 1000000)::bigint;
  v_head text := '{"at":' || v_at || ',"by":' || to_json(session_user::text) || ',"e":';
BEGIN
  WITH stored AS (
    INSERT INTO audit.event
      (event_id, recorded_us, leaf, request_mac, occurred_us, stream, seq, tag, campaign, unit,
       actor, object_type, object_id, outcome, sealed)
    SELECT a.id, v_at, v_head || a.entry || '}', a.mac, (a.doc ->> 'occ')::bigint, a.stream, a.seq,
           a.doc ->> 'tag', a.doc ->> 'camp', a.doc ->> 'unit', a.doc #>> '{actor,id}',
           a.doc #>> '{obj,type}', a.doc #>> '{obj,id}', a.doc ->> 'outcome',
           coalesce((a.doc ->> 'sealed')::boolean, false)
    FROM unnest(p_ids, p_entries, p_macs, p_docs, p_streams, p_seqs, p_fates)
           AS a (id, entry, mac, doc, stream, seq, fate)
    WHERE a.fate = 'new'
    ORDER BY a.id
    RETURNING event_id
  )
  INSERT INTO audit.inbox (event_id) SELECT event_id FROM stored;
  UPDATE audit.stream AS h SET next_seq = n.next_seq, closed = n.closed
  FROM (
    SELECT a.stream, max(a.seq) + 1 AS next_seq, bool_or(a.closing) AS closed
    FROM unnest(p_streams, p_seqs, p_closings, p_fates) AS a (stream, seq, closing, fate)
    WHERE a.fate = 'new' GROUP BY 1
  ) AS n
  WHERE h.stream = n.stream COLLATE "C";
END $$;

-- Append entries. Rows come back only for entries that are not new (see audit.judge); the entries
-- of other streams are stored all the same. p_mode is 'live' or 'rehearsal' and must be the
-- database's own. Raises audit.mode (DU001), audit.not_opened (DU002), audit.profile (DU003),
-- audit.owner (DU004); then nothing is stored. Searches are planned anew for their filters (see
-- duban/store/pool.py); the statements of this function are planned once per connection, because
-- planning them cost three times as much as running them. Entries are parsed once, for everything.
CREATE FUNCTION audit.append(p_mode text, p_ids uuid[], p_entries text[], p_macs bytea[])
RETURNS TABLE (stream text, seq bigint, status text) LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  v_docs jsonb[];
  v_streams text[];
  v_seqs bigint[];
  v_closings boolean[];
  v_ours boolean;
  v_changed boolean;
  v_fates text[];
BEGIN
  SELECT array_agg(e.doc), array_agg(e.doc ->> 'stream'), array_agg((e.doc ->> 'seq')::bigint),
         array_agg(e.doc ? 'closing'), bool_and(coalesce(e.doc ->> 'mode' = p_mode, false)),
         bool_or(e.doc ? 'changes')
    INTO v_docs, v_streams, v_seqs, v_closings, v_ours, v_changed
  FROM (SELECT t::jsonb AS doc FROM unnest(p_entries) AS t OFFSET 0) AS e;
  IF v_docs IS NULL THEN
    RETURN;
  END IF;
  IF '' = ANY (v_streams) OR array_position(v_streams, NULL) IS NOT NULL
     OR 0 > ANY (v_seqs) OR array_position(v_seqs, NULL) IS NOT NULL
     OR cardinality(p_ids) <> cardinality(p_entries)
     OR cardinality(p_macs) <> cardinality(p_entries) THEN
    RAISE EXCEPTION 'audit.profile' USING ERRCODE = 'DU003',
      DETAIL = 'an entry without stream or seq';
  END IF;
  IF NOT v_ours THEN
    RAISE EXCEPTION 'audit.profile' USING ERRCODE = 'DU003', DETAIL = 'an entry of another mode';
  END IF;
  PERFORM audit.lock_heads(v_streams, v_seqs);
  PERFORM audit.check_mode(p_mode, v_docs);
  v_fates := audit.judge(v_streams, v_seqs, v_closings, p_macs);
  IF 'TWICE' = ANY (v_fates) THEN
    RAISE EXCEPTION 'audit.profile' USING ERRCODE = 'DU003', DETAIL = 'an entry twice in one call';
  END IF;
  PERFORM audit.store(p_ids, p_entries, p_macs, v_docs, v_streams, v_seqs, v_closings, v_fates);
  IF 'new' = ALL (v_fates) THEN
    IF v_changed THEN
      PERFORM audit.fold(v_docs);
    END IF;
    RETURN;
  END IF;
  PERFORM audit.fold(array_agg(a.doc))
  FROM unnest(v_docs, v_fates) AS a (doc, fate) WHERE a.fate = 'new' AND a.doc ? 'changes'
  HAVING count(*) > 0;
  RETURN QUERY
    SELECT a.stream, a.seq, a.fate
    FROM unnest(v_streams, v_seqs, v_fates) AS a (stream, seq, fate) WHERE a.fate <> 'new';
END $$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA audit FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit.append(text, uuid[], text[], bytea[]) TO audit_writer;

RESET ROLE;
