-- The ledger: the present state of every object, folded from the entries' changes in the same
-- transaction that stores them. It can be rebuilt from the leaves alone and is not evidence.

CREATE SCHEMA ledger AUTHORIZATION audit_owner;
SET LOCAL ROLE audit_owner;
REVOKE ALL ON SCHEMA ledger FROM PUBLIC;

-- `scope` is the campaign's number, or the stream where an entry belongs to no campaign. An object
-- is written by one stream for all its life: that stream's order is the order of the fold.
CREATE TABLE ledger.object (
  kind       text   COLLATE "C" NOT NULL,
  scope      text   COLLATE "C" NOT NULL,
  id         text   COLLATE "C" NOT NULL,
  doc        jsonb  NOT NULL,
  stream     text   COLLATE "C" NOT NULL,
  first_seq  bigint NOT NULL,
  last_seq   bigint NOT NULL,
  updated_us bigint NOT NULL,
  PRIMARY KEY (kind, scope, id)
) PARTITION BY LIST (kind);

DO $$
DECLARE
  v_kind text;
BEGIN
  FOREACH v_kind IN ARRAY ARRAY['campaign', 'phase', 'unit', 'person', 'task', 'goal', 'deadline',
                                'extension', 'document', 'notice', 'spot_check', 'calendar',
                                'plan', 'delegation'] LOOP
    EXECUTE format('CREATE TABLE ledger.%I PARTITION OF ledger.object FOR VALUES IN (%L)',
                   v_kind, v_kind);
  END LOOP;
END $$;
CREATE TABLE ledger.other PARTITION OF ledger.object DEFAULT;

-- Later documents win field by field.
CREATE AGGREGATE ledger.merge (jsonb) (
  SFUNC = jsonb_concat, STYPE = jsonb, INITCOND = '{}'
);

-- The changes of one entry, in their order.
CREATE FUNCTION ledger.changes(p_entry jsonb)
RETURNS TABLE (kind text, scope text, id text, after jsonb,
               stream text, seq bigint, place bigint, occurred_us bigint)
LANGUAGE sql IMMUTABLE AS $$
  SELECT c.item ->> 'k', coalesce(p_entry ->> 'camp', p_entry ->> 'stream'), c.item ->> 'id',
         coalesce(c.item -> 'a', '{}'), p_entry ->> 'stream', (p_entry ->> 'seq')::bigint,
         c.place, (p_entry ->> 'occ')::bigint
  FROM jsonb_array_elements(p_entry -> 'changes') WITH ORDINALITY AS c (item, place)
$$;

-- Every object as the leaves tell it, without a look at ledger.object.
CREATE VIEW ledger.folded AS
  SELECT c.kind COLLATE "C" AS kind, c.scope COLLATE "C" AS scope, c.id COLLATE "C" AS id,
         ledger.merge(c.after ORDER BY c.stream COLLATE "C", c.seq, c.place) AS doc,
         min(c.stream COLLATE "C") AS stream,
         min(c.seq) AS first_seq, max(c.seq) AS last_seq, max(c.occurred_us) AS updated_us
  FROM audit.event AS e,
       LATERAL (SELECT e.leaf::jsonb -> 'e' AS entry OFFSET 0) AS l,
       LATERAL ledger.changes(l.entry) AS c
  GROUP BY 1, 2, 3;

-- Where the ledger is not what the leaves tell. Empty means: rebuilt equals live.
CREATE FUNCTION ledger.differences()
RETURNS TABLE (kind text, scope text, id text, difference text, stored jsonb, folded jsonb)
LANGUAGE sql STABLE AS $$
  SELECT coalesce(f.kind, o.kind), coalesce(f.scope, o.scope), coalesce(f.id, o.id),
         CASE WHEN o.kind IS NULL THEN 'missing'
              WHEN f.kind IS NULL THEN 'extra'
              ELSE 'different' END,
         to_jsonb(o), to_jsonb(f)
  FROM ledger.folded AS f
  FULL JOIN ledger.object AS o ON o.kind = f.kind AND o.scope = f.scope AND o.id = f.id
  WHERE (o.doc, o.stream, o.first_seq, o.last_seq, o.updated_us)
        IS DISTINCT FROM (f.doc, f.stream, f.first_seq, f.last_seq, f.updated_us)
  ORDER BY 1, 2, 3
$$;

-- Throw the ledger away and fold it again from the leaves. Returns the number of objects.
-- Appends wait meanwhile; readers keep seeing the old rows until the end.
CREATE FUNCTION ledger.rebuild() RETURNS bigint LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_objects bigint;
BEGIN
  LOCK TABLE audit.stream IN EXCLUSIVE MODE;
  DELETE FROM ledger.object;
  INSERT INTO ledger.object (kind, scope, id, doc, stream, first_seq, last_seq, updated_us)
    SELECT f.kind, f.scope, f.id, f.doc, f.stream, f.first_seq, f.last_seq, f.updated_us
    FROM ledger.folded AS f;
  GET DIAGNOSTICS v_objects = ROW_COUNT;
  RETURN v_objects;
END $$;

RESET ROLE;
