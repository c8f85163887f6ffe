-- The trail: append-only entries, the sequencer's queue, the heads of the streams, the origin.
--
-- The next issue adds beside them: audit.leaf, audit.tile, audit.checkpoint, audit.cosignature,
-- audit.payload and audit.search (audit.md 3.3-3.5).

CREATE SCHEMA audit AUTHORIZATION audit_owner;
SET LOCAL ROLE audit_owner;
REVOKE ALL ON SCHEMA audit FROM PUBLIC;

-- Identifiers compare byte by byte: the order of streams is the order in which heads are locked,
-- and it must not depend on the locale of the machine.
CREATE TABLE audit.event (
  event_id    uuid    NOT NULL,  -- UUIDv8: milliseconds of `occ`, then an HMAC of (stream, seq)
  recorded_us bigint  NOT NULL,  -- clock of the database, also inside the leaf
  leaf        text    NOT NULL CHECK (octet_length(leaf) <= 65535),  -- the record: exact bytes
  request_mac bytea   NOT NULL CHECK (octet_length(request_mac) = 32),
  -- All columns below are a projection of the leaf and are re-derived from it when checked.
  occurred_us bigint  NOT NULL,
  stream      text    COLLATE "C" NOT NULL,
  seq         bigint  NOT NULL CHECK (seq >= 0),
  tag         text    COLLATE "C" NOT NULL,
  campaign    text    COLLATE "C",
  unit        text    COLLATE "C",
  actor       text    COLLATE "C",
  object_type text    COLLATE "C",
  object_id   text    COLLATE "C",
  outcome     text    COLLATE "C",
  sealed      boolean NOT NULL,
  PRIMARY KEY (event_id)
) PARTITION BY RANGE (event_id);

CREATE INDEX event_stream ON audit.event (stream, seq);
CREATE INDEX event_campaign ON audit.event (campaign, occurred_us DESC, seq DESC, event_id DESC);
CREATE INDEX event_actor ON audit.event (actor, occurred_us DESC, seq DESC, event_id DESC);
CREATE INDEX event_unit ON audit.event (unit, occurred_us DESC, seq DESC, event_id DESC);
CREATE INDEX event_tag ON audit.event (tag, occurred_us DESC, seq DESC, event_id DESC);

-- Entries that no checkpoint covers yet. A queue, not evidence; the sequencer empties it.
CREATE TABLE audit.inbox (event_id uuid NOT NULL) WITH (
  autovacuum_vacuum_scale_factor = 0,
  autovacuum_vacuum_threshold = 20000,
  autovacuum_vacuum_cost_delay = 0
);

-- The next ordinal of each stream. It keeps (stream, seq) unique and dense; it is not evidence.
CREATE TABLE audit.stream (
  stream   text    COLLATE "C" PRIMARY KEY,
  next_seq bigint  NOT NULL,
  closed   boolean NOT NULL DEFAULT false
) WITH (fillfactor = 70);

-- Live or rehearsal, fixed by the very first entry, for ever.
CREATE TABLE audit.origin (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  mode     text NOT NULL CHECK (mode IN ('live', 'rehearsal')),
  origin   text NOT NULL
);

-- An obstacle, not evidence: a superuser can switch triggers off, and then the checks find it.
CREATE FUNCTION audit.deny() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit.% is append-only (% denied)', TG_TABLE_NAME, TG_OP
    USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER deny_row BEFORE UPDATE OR DELETE ON audit.event
  FOR EACH ROW EXECUTE FUNCTION audit.deny();
CREATE TRIGGER deny_truncate BEFORE TRUNCATE ON audit.event
  FOR EACH STATEMENT EXECUTE FUNCTION audit.deny();
CREATE TRIGGER deny_row BEFORE UPDATE OR DELETE ON audit.origin
  FOR EACH ROW EXECUTE FUNCTION audit.deny();
CREATE TRIGGER deny_truncate BEFORE TRUNCATE ON audit.origin
  FOR EACH STATEMENT EXECUTE FUNCTION audit.deny();
-- ALWAYS: session_replication_role = replica does not silence them.
ALTER TABLE audit.event ENABLE ALWAYS TRIGGER deny_row;
ALTER TABLE audit.event ENABLE ALWAYS TRIGGER deny_truncate;
ALTER TABLE audit.origin ENABLE ALWAYS TRIGGER deny_row;
ALTER TABLE audit.origin ENABLE ALWAYS TRIGGER deny_truncate;

-- Row triggers are cloned to partitions, truncate triggers are not.
CREATE FUNCTION audit.guard_partition(p_table text) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  EXECUTE format('CREATE TRIGGER deny_truncate BEFORE TRUNCATE ON audit.%I '
                 'FOR EACH STATEMENT EXECUTE FUNCTION audit.deny()', p_table);
  EXECUTE format('ALTER TABLE audit.%I ENABLE ALWAYS TRIGGER deny_truncate', p_table);
  EXECUTE format('ALTER TABLE audit.%I ENABLE ALWAYS TRIGGER deny_row', p_table);
END $$;

-- Nothing ever falls outside: an entry of a month without a partition is kept here.
CREATE TABLE audit.event_default PARTITION OF audit.event DEFAULT;
SELECT audit.guard_partition('event_default');

-- The smallest event id of a moment.
CREATE FUNCTION audit.uuid_floor(p_at timestamptz) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
  SELECT (lpad(to_hex((extract(epoch FROM p_at) * 1000)::bigint), 12, '0')
          || '00000000000000000000')::uuid
$$;

-- Make the partition of a month (UTC). Returns 'created', 'exists', or 'occupied' when entries of
-- that month already lie in the default partition, which cannot be moved and need not be.
CREATE FUNCTION audit.ensure_partition(p_month date) RETURNS text LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_from timestamp := date_trunc('month', p_month::timestamp);
  v_table text := 'event_' || to_char(v_from, 'YYYYMM');
  v_low uuid := audit.uuid_floor(v_from AT TIME ZONE 'UTC');
  v_high uuid := audit.uuid_floor((v_from + interval '1 month') AT TIME ZONE 'UTC');
BEGIN
  IF to_regclass('audit.' || v_table) IS NOT NULL THEN
    RETURN 'exists';
  END IF;
  -- Creating a partition takes this lock anyway; taken first, two callers cannot both go on.
  LOCK TABLE audit.event IN ACCESS EXCLUSIVE MODE;
  IF to_regclass('audit.' || v_table) IS NOT NULL THEN
    RETURN 'exists';
  END IF;
  IF EXISTS (SELECT FROM audit.event_default WHERE event_id >= v_low AND event_id < v_high) THEN
    RETURN 'occupied';
  END IF;
  EXECUTE format('CREATE TABLE audit.%I PARTITION OF audit.event FOR VALUES FROM (%L) TO (%L)',
                 v_table, v_low, v_high);
  PERFORM audit.guard_partition(v_table);
  RETURN 'created';
END $$;

-- What operations may read: everything but sealed entries. A view and not row security, which
-- would keep searches from their indexes (audit.md 4.4).
CREATE VIEW audit.event_ops AS
  SELECT event_id, recorded_us, leaf, occurred_us, stream, seq, tag, campaign, unit, actor,
         object_type, object_id, outcome
  FROM audit.event WHERE NOT sealed;

RESET ROLE;
