-- The only way in (audit.md 3.1, 3.2): one function that stores entries, queues them for the
-- sequencer and folds their changes into the ledger, all in the caller's one transaction.

SET LOCAL ROLE audit_owner;

-- Lock the heads of all streams of a call, always in the same order, so that calls never deadlock.
CREATE FUNCTION audit.lock_heads(p_docs jsonb[]) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_streams text[];
BEGIN
  SELECT array_agg(DISTINCT (d ->> 'stream') COLLATE "C") INTO v_streams FROM unnest(p_docs) AS d;
  INSERT INTO audit.stream (stream, next_seq)
    SELECT s, 0 FROM unnest(v_streams) AS s ORDER BY s COLLATE "C"
    ON CONFLICT (stream) DO NOTHING;
  PERFORM FROM audit.stream WHERE stream = ANY (v_streams) ORDER BY stream FOR UPDATE;
END $$;

-- Refuse what is not for this database. The very first entry (stream `trail`, ordinal 0) fixes the
-- mode; heads are locked, so two openers cannot both be first.
CREATE FUNCTION audit.check_mode(p_mode text, p_docs jsonb[]) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_mode text;
  v_origin text;
BEGIN
  IF EXISTS (SELECT FROM unnest(p_docs) AS d WHERE d ->> 'mode' IS DISTINCT FROM p_mode) THEN
    RAISE EXCEPTION 'audit.profile' USING ERRCODE = 'DU003', DETAIL = 'an entry of another mode';
  END IF;
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
CREATE FUNCTION audit.judge(p_docs jsonb[], p_macs bytea[]) RETURNS text[]
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_fates text[];
BEGIN
  WITH asked AS (
    SELECT a.place, a.mac, (a.doc ->> 'stream') COLLATE "C" AS stream,
           (a.doc ->> 'seq')::bigint AS seq, a.doc ? 'closing' AS closing
    FROM unnest(p_docs, p_macs) WITH ORDINALITY AS a (doc, mac, place)
  ), placed AS (
    SELECT a.*, h.next_seq, a.seq < h.next_seq AS known,
           row_number() OVER (PARTITION BY a.stream, a.seq < h.next_seq ORDER BY a.seq) AS nth,
           h.closed OR coalesce(bool_or(a.closing) OVER (
             PARTITION BY a.stream ORDER BY a.seq
             ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), false) AS closed
    FROM asked AS a JOIN audit.stream AS h ON h.stream = a.stream
  ), judged AS (
    SELECT p.place, p.stream,
           CASE WHEN p.known AND EXISTS (
                  SELECT FROM audit.event AS e
                  WHERE e.stream = p.stream AND e.seq = p.seq AND e.request_mac = p.mac) THEN 'dup'
                WHEN p.known THEN 'CONFLICT'
                WHEN p.closed THEN 'CLOSED'
                WHEN p.seq <> p.next_seq + p.nth - 1 THEN 'GAP'
                ELSE 'new' END AS fate
    FROM placed AS p
  ), parted AS (
    SELECT j.place, j.fate, bool_or(j.fate = 'CONFLICT') OVER (PARTITION BY j.stream) AS conflict
    FROM judged AS j
  )
  SELECT array_agg(CASE WHEN conflict AND fate = 'new' THEN 'CONFLICT' ELSE fate END
                   ORDER BY place) INTO v_fates
  FROM parted;
  RETURN v_fates;
END $$;

-- Fold the changes of stored entries into the ledger. An object belongs to the stream that wrote it
-- first; another stream's change would make the fold depend on chance and is refused.
CREATE FUNCTION audit.fold(p_docs jsonb[]) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
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

-- Store the entries at the given places of the arrays; the leaf names the writer and the database's
-- own time, which no writer chooses.
CREATE FUNCTION audit.store(p_ids uuid[], p_entries text[], p_macs bytea[], p_docs jsonb[],
                            p_fates text[]) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_at bigint := (extract(epoch FROM clock_timestamp()) * 1000000)::bigint;
  v_head text := '{"at":' || v_at || ',"by":' || to_json(session_user::text) || ',"e":';
BEGIN
  WITH stored AS (
    INSERT INTO audit.event
      (event_id, recorded_us, leaf, request_mac, occurred_us, stream, seq, tag, campaign, unit,
       actor, object_type, object_id, outcome, sealed)
    SELECT a.id, v_at, v_head || a.entry || '}', a.mac, (a.doc ->> 'occ')::bigint,
           a.doc ->> 'stream', (a.doc ->> 'seq')::bigint, a.doc ->> 'tag', a.doc ->> 'camp',
           a.doc ->> 'unit', a.doc #>> '{actor,id}', a.doc #>> '{obj,type}', a.doc #>> '{obj,id}',
           a.doc ->> 'outcome', coalesce((a.doc ->> 'sealed')::boolean, false)
    FROM unnest(p_ids, p_entries, p_macs, p_docs, p_fates) AS a (id, entry, mac, doc, fate)
    WHERE a.fate = 'new'
    ORDER BY a.id
    RETURNING event_id
  )
  INSERT INTO audit.inbox (event_id) SELECT event_id FROM stored;
  UPDATE audit.stream AS h SET next_seq = n.next_seq, closed = n.closed
  FROM (
    SELECT a.doc ->> 'stream' AS stream, max((a.doc ->> 'seq')::bigint) + 1 AS next_seq,
           bool_or(a.doc ? 'closing') AS closed
    FROM unnest(p_docs, p_fates) AS a (doc, fate) WHERE a.fate = 'new' GROUP BY 1
  ) AS n
  WHERE h.stream = n.stream;
END $$;

-- Append entries. Rows come back only for entries that are not new (see audit.judge); the entries
-- of other streams are stored all the same. p_mode is 'live' or 'rehearsal' and must be the
-- database's own. Raises audit.mode (DU001), audit.not_opened (DU002), audit.profile (DU003),
-- audit.owner (DU004); then nothing is stored. Searches are planned anew for their filters (see
-- duban/store/pool.py); the statements of this function are planned once per connection, because
-- planning them cost three times as much as running them.
CREATE FUNCTION audit.append(p_mode text, p_ids uuid[], p_entries text[], p_macs bytea[])
RETURNS TABLE (stream text, seq bigint, status text) LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  v_docs jsonb[];
  v_fates text[];
  v_new jsonb[];
BEGIN
  SELECT array_agg(a.entry::jsonb ORDER BY a.place) INTO v_docs
  FROM unnest(p_entries) WITH ORDINALITY AS a (entry, place);
  IF v_docs IS NULL THEN
    RETURN;
  END IF;
  IF (SELECT count(DISTINCT (d ->> 'stream', (d ->> 'seq')::bigint))
             FILTER (WHERE d ->> 'stream' <> '' AND (d ->> 'seq')::bigint >= 0)
      FROM unnest(v_docs) AS d) <> cardinality(p_entries)
     OR cardinality(p_ids) <> cardinality(p_entries)
     OR cardinality(p_macs) <> cardinality(p_entries) THEN
    RAISE EXCEPTION 'audit.profile' USING ERRCODE = 'DU003',
      DETAIL = 'an entry without stream or seq, or twice in one call';
  END IF;
  PERFORM audit.lock_heads(v_docs);
  PERFORM audit.check_mode(p_mode, v_docs);
  v_fates := audit.judge(v_docs, p_macs);
  PERFORM audit.store(p_ids, p_entries, p_macs, v_docs, v_fates);
  SELECT array_agg(a.doc) INTO v_new
  FROM unnest(v_docs, v_fates) AS a (doc, fate) WHERE a.fate = 'new' AND a.doc ? 'changes';
  IF v_new IS NOT NULL THEN
    PERFORM audit.fold(v_new);
  END IF;
  RETURN QUERY
    SELECT a.doc ->> 'stream', (a.doc ->> 'seq')::bigint, a.fate
    FROM unnest(v_docs, v_fates) AS a (doc, fate) WHERE a.fate <> 'new';
END $$;

-- What a stream holds from an ordinal on: how a worker that lost its answer learns it again.
CREATE FUNCTION audit.tail(p_stream text, p_seq bigint, p_limit integer) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT e.leaf FROM audit.event AS e
  WHERE e.stream = p_stream AND e.seq >= p_seq AND NOT e.sealed
  ORDER BY e.seq LIMIT p_limit
$$;

RESET ROLE;
