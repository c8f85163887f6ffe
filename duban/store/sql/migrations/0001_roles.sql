-- Roles (audit.md, appendix A). Roles belong to the whole cluster, so each step must bear being
-- repeated, also by two databases at the same time.
--
-- Groups hold the rights and nobody logs in as one; `audit_owner` owns every object of the schemas
-- audit and ledger. No password stands here: the embedded server trusts its private socket; a
-- production database sets them once, outside this repository:
--     ALTER ROLE duban_worker PASSWORD '...';        (and the four other logins)

DO $$
DECLARE
  v_role text;
BEGIN
  FOREACH v_role IN ARRAY ARRAY['audit_owner', 'audit_writer', 'audit_sequencer', 'audit_reader',
                                'audit_supervisor', 'audit_verifier', 'audit_eraser'] LOOP
    BEGIN
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = v_role) THEN
        EXECUTE format('CREATE ROLE %I NOLOGIN NOINHERIT', v_role);
      END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
      NULL; -- Another database of the cluster created it in the same moment.
    END;
  END LOOP;
END $$;

DO $$
DECLARE
  v_pair text;
  v_login text;
  v_group text;
BEGIN
  FOREACH v_pair IN ARRAY ARRAY['duban_worker:audit_writer', 'duban_reader:audit_reader',
                                'duban_sequencer:audit_sequencer',
                                'duban_supervisor:audit_supervisor',
                                'duban_verifier:audit_verifier'] LOOP
    v_login := split_part(v_pair, ':', 1);
    v_group := split_part(v_pair, ':', 2);
    BEGIN
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = v_login) THEN
        EXECUTE format('CREATE ROLE %I LOGIN INHERIT IN ROLE %I', v_login, v_group);
      END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
      NULL; -- Another database of the cluster created it in the same moment.
    END;
  END LOOP;
END $$;
