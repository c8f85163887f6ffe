-- Texts behind commitments (audit.md 3.5): stored in the transaction of the entry that commits to them,
-- never changed, and deleted by nothing but an erasure that stands on the trail.

-- The login by which erasures are carried out; it can do nothing else (see 0001 for roles).
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'duban_eraser') THEN
    CREATE ROLE duban_eraser LOGIN INHERIT IN ROLE audit_eraser;
  END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
  NULL; -- Another database of the cluster created it in the same moment.
END $$;

SET LOCAL ROLE audit_owner;

-- No login puts a text in by itself any more: that would be a text nobody committed to.
REVOKE INSERT ON audit.payload FROM audit_writer;
DROP POLICY payload_written ON audit.payload;
CREATE POLICY payload_owned ON audit.payload TO audit_owner USING (true) WITH CHECK (true);
-- Whether a text is what was committed to can be checked by who reads it only.
GRANT SELECT ON audit.payload TO audit_verifier;
CREATE POLICY payload_verified ON audit.payload FOR SELECT TO audit_verifier USING (true);

-- What a commitment to a text is (duban/proof/commitments.py), in hexadecimal digits.
CREATE FUNCTION audit.commitment(p_salt bytea, p_body bytea) RETURNS text LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT encode(sha256(convert_to('audit-commit/v1', 'UTF8') || '\x00'::bytea || p_salt || p_body),
                'hex')
$$;

-- Refuse texts that are not what the entries of the call commit to (their `c` and `class`), and
-- commitments without a text. Only what a sealed entry is about stands nowhere but in its box.
CREATE FUNCTION audit.check_payloads(
  p_ids uuid[], p_docs jsonb[], p_of uuid[], p_slots text[], p_classes text[], p_salts bytea[],
  p_bodies bytea[]) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_fitting bigint;
  v_committed bigint;
BEGIN
  SELECT count(*) INTO v_fitting
  FROM unnest(p_of, p_slots, p_classes, p_salts, p_bodies) AS p (event_id, slot, class, salt, body)
    JOIN unnest(p_ids, p_docs) AS e (event_id, doc) ON e.event_id = p.event_id
  WHERE e.doc #>> ARRAY['c', p.slot] = audit.commitment(p.salt, p.body)
    AND e.doc #>> ARRAY['class', p.slot] = p.class;
  SELECT count(*) INTO v_committed
  FROM unnest(p_docs) AS e (doc), LATERAL jsonb_object_keys(coalesce(e.doc -> 'c', '{}')) AS c (slot)
  WHERE NOT (c.slot = 'body' AND coalesce((e.doc ->> 'sealed')::boolean, false));
  IF v_fitting <> cardinality(p_of) OR v_fitting <> v_committed THEN
    RAISE EXCEPTION 'audit.profile' USING ERRCODE = 'DU003',
      DETAIL = 'a text that is not what its entry commits to';
  END IF;
END $$;

-- Append entries with the texts they commit to, as audit.append does; texts of entries that are
-- stored already are not stored again, for they may have been erased since.
CREATE FUNCTION audit.append_with(
  p_mode text, p_ids uuid[], p_entries text[], p_macs bytea[],
  p_of uuid[], p_slots text[], p_classes text[], p_encs text[], p_salts bytea[], p_bodies bytea[])
RETURNS TABLE (stream text, seq bigint, status text) LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_docs jsonb[];
  v_streams text[];
  v_seqs bigint[];
  v_statuses text[];
BEGIN
  SELECT array_agg(t::jsonb ORDER BY place) INTO v_docs
  FROM unnest(p_entries) WITH ORDINALITY AS e (t, place);
  PERFORM audit.check_payloads(p_ids, v_docs, p_of, p_slots, p_classes, p_salts, p_bodies);
  SELECT array_agg(a.stream), array_agg(a.seq), array_agg(a.status)
    INTO v_streams, v_seqs, v_statuses
  FROM audit.append(p_mode, p_ids, p_entries, p_macs) AS a;
  INSERT INTO audit.payload (event_id, slot, class, salt, body, enc)
    SELECT p.event_id, p.slot, p.class, p.salt, p.body, p.enc
    FROM unnest(p_of, p_slots, p_classes, p_encs, p_salts, p_bodies)
           AS p (event_id, slot, class, enc, salt, body)
      JOIN unnest(p_ids, v_docs) AS e (event_id, doc) ON e.event_id = p.event_id
    WHERE NOT EXISTS (
      SELECT FROM unnest(v_streams, v_seqs) AS k (stream, seq)
      WHERE k.stream = e.doc ->> 'stream' AND k.seq = (e.doc ->> 'seq')::bigint);
  RETURN QUERY SELECT k.stream, k.seq, k.status
               FROM unnest(v_streams, v_seqs, v_statuses) AS k (stream, seq, status);
END $$;

-- Whether an erasure of this text stands on the trail.
CREATE FUNCTION audit.is_erased(p_event uuid, p_slot text) RETURNS boolean LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (
    SELECT FROM audit.event AS t JOIN audit.event AS e ON e.stream = 'erasure'
      AND e.tag = 'audit:payload:erased' AND e.outcome = 'accepted'
    WHERE t.event_id = p_event
      AND e.leaf::jsonb #>> '{e,detail,target}' = t.stream || '#' || t.seq
      AND e.leaf::jsonb #>> '{e,detail,slot}' = p_slot)
$$;

-- Texts are never changed, and go only after their erasure has come.
CREATE FUNCTION audit.deny_payload() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' AND audit.is_erased(OLD.event_id, OLD.slot) THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'audit.% is append-only (% denied)', TG_TABLE_NAME, TG_OP
    USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER deny_row BEFORE UPDATE OR DELETE ON audit.payload
  FOR EACH ROW EXECUTE FUNCTION audit.deny_payload();
CREATE TRIGGER deny_truncate BEFORE TRUNCATE ON audit.payload
  FOR EACH STATEMENT EXECUTE FUNCTION audit.deny();
ALTER TABLE audit.payload ENABLE ALWAYS TRIGGER deny_row;
ALTER TABLE audit.payload ENABLE ALWAYS TRIGGER deny_truncate;

-- Say whether an entry is the erasure that another person asked for, with its basis, before.
CREATE FUNCTION audit.is_erasure(p_doc jsonb) RETURNS boolean LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(
    p_doc ->> 'stream' = 'erasure' AND p_doc ->> 'tag' = 'audit:payload:erased'
    AND p_doc ->> 'outcome' = 'accepted' AND btrim(p_doc ->> 'basis') <> ''
    AND p_doc #>> '{actor,id}' <> p_doc #>> '{detail,requester}'
    AND EXISTS (
      SELECT FROM audit.event AS e, LATERAL (SELECT e.leaf::jsonb -> 'e') AS r (doc)
      WHERE e.stream = 'erasure' AND e.seq = (p_doc #>> '{detail,request}')::bigint
        AND e.tag = 'audit:erasure:requested' AND e.outcome = 'accepted'
        AND e.actor = p_doc #>> '{detail,requester}'
        AND r.doc ->> 'basis' = p_doc ->> 'basis'
        AND r.doc #> '{detail,target}' = p_doc #> '{detail,target}'
        AND r.doc #> '{detail,slot}' = p_doc #> '{detail,slot}'), false)
$$;

-- Carry out an erasure: its entry comes on the trail, and salt and text go, in one transaction. The
-- answer is that of audit.append; of an erasure that is known already nothing is done again. Raises
-- audit.erasure (DU005) for an entry that is no erasure, audit.nothing_to_erase (DU006) when no such
-- text is there; then nothing is stored. What is sealed goes by no erasure.
CREATE FUNCTION audit.erase(p_mode text, p_id uuid, p_entry text, p_mac bytea)
RETURNS TABLE (stream text, seq bigint, status text) LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_doc jsonb := p_entry::jsonb;
  v_target text := v_doc #>> '{detail,target}';
BEGIN
  IF NOT audit.is_erasure(v_doc) THEN
    RAISE EXCEPTION 'audit.erasure' USING ERRCODE = 'DU005', DETAIL = coalesce(v_target, '-');
  END IF;
  RETURN QUERY SELECT a.stream, a.seq, a.status
    FROM audit.append(p_mode, ARRAY[p_id], ARRAY[p_entry], ARRAY[p_mac]) AS a;
  IF FOUND THEN
    RETURN;
  END IF;
  DELETE FROM audit.payload AS p USING audit.event AS t
  WHERE t.stream = regexp_replace(v_target, '#[0-9]+$', '')
    AND t.seq = substring(v_target FROM '#([0-9]+)$')::bigint
    AND p.event_id = t.event_id AND p.slot = v_doc #>> '{detail,slot}' AND p.class <> 'embargo';
  IF NOT FOUND THEN
    RAISE EXCEPTION 'audit.nothing_to_erase' USING ERRCODE = 'DU006', DETAIL = v_target;
  END IF;
END $$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA audit FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit.append_with(text, uuid[], text[], bytea[], uuid[], text[], text[],
  text[], bytea[], bytea[]) TO audit_writer;
GRANT EXECUTE ON FUNCTION audit.erase(text, uuid, text, bytea) TO audit_eraser;

RESET ROLE;
