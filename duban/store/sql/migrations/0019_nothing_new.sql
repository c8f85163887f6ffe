-- A call in which nothing is new is answered as soon as that is known: it looks through none of its
-- entries for what to store or to fold.

SET LOCAL ROLE audit_owner;

DO $$
DECLARE
  v_body text := pg_get_functiondef('audit.append(text, uuid[], text[], bytea[])'::regprocedure);
  c_store CONSTANT text := '  PERFORM audit.store(';
  c_answer CONSTANT text := $q$  IF 'new' <> ALL (v_fates) THEN
    RETURN QUERY
      SELECT a.stream, a.seq, a.fate FROM unnest(v_streams, v_seqs, v_fates) AS a (stream, seq, fate);
    RETURN;
  END IF;
$q$;
BEGIN
  ASSERT v_body LIKE '%' || c_store || '%';
  EXECUTE replace(v_body, c_store, c_answer || c_store);
END $$;

RESET ROLE;
