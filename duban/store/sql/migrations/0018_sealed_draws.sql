-- Draws of inspections (domain.md f.3, f.4): lists, what is drawn from, the secret and the targets, each
-- sealed under a key ring that the database never sees (ADR 0025). What nobody may know any more is burned:
-- its box goes for good, and who had it burned and when stays.

SET LOCAL ROLE audit_owner;

-- `key` is a package of lists, a draw, or a draw and one of its inspections.
CREATE TABLE audit.sealed_draw (
  stream    text   COLLATE "C" NOT NULL,
  kind      text   COLLATE "C" NOT NULL CHECK (kind IN ('lists', 'frozen', 'secret', 'target')),
  key       text   COLLATE "C" NOT NULL,
  key_id    bytea  NOT NULL CHECK (octet_length(key_id) = 8),
  box       bytea,
  made_us   bigint NOT NULL DEFAULT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint,
  burned_us bigint,
  burned_by text,
  PRIMARY KEY (stream, kind, key),
  CHECK ((box IS NULL) = (burned_us IS NOT NULL) AND (box IS NULL) = (burned_by IS NOT NULL))
);

-- A box is never changed and its row never goes. All that may happen to it is that it is burned, once.
CREATE FUNCTION audit.deny_sealed() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.box IS NOT NULL AND NEW.box IS NULL
     AND (OLD.stream, OLD.kind, OLD.key, OLD.key_id, OLD.made_us)
         = (NEW.stream, NEW.kind, NEW.key, NEW.key_id, NEW.made_us) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'audit.% is append-only (% denied)', TG_TABLE_NAME, TG_OP
    USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER deny_row BEFORE UPDATE OR DELETE ON audit.sealed_draw
  FOR EACH ROW EXECUTE FUNCTION audit.deny_sealed();
CREATE TRIGGER deny_truncate BEFORE TRUNCATE ON audit.sealed_draw
  FOR EACH STATEMENT EXECUTE FUNCTION audit.deny();
ALTER TABLE audit.sealed_draw ENABLE ALWAYS TRIGGER deny_row;
ALTER TABLE audit.sealed_draw ENABLE ALWAYS TRIGGER deny_truncate;

-- Burn boxes of one kind; one that is burned already stays as it was. Returns how many there were to burn.
CREATE FUNCTION audit.burn(p_stream text, p_kind text, p_key text, p_by text) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH burned AS (
    UPDATE audit.sealed_draw
    SET box = NULL, burned_by = p_by,
        burned_us = (extract(epoch FROM clock_timestamp()) * 1000000)::bigint
    WHERE stream = p_stream AND kind = p_kind AND key = p_key AND box IS NOT NULL
    RETURNING 1)
  SELECT count(*) FROM burned
$$;

-- The units of a campaign, each with all that bear its name in whatever campaign (their codes may differ).
CREATE FUNCTION audit.units_alike(p_campaign text)
RETURNS TABLE (unit text, campaign text, code text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT u.id, o.scope, o.id
  FROM ledger.unit AS u JOIN ledger.unit AS o
    ON ledger.plain(o.doc ->> 'name') = ledger.plain(u.doc ->> 'name')
  WHERE u.scope = p_campaign
$$;

-- Every inspection that came on site at a unit of a campaign, ordered by whichever campaign (f.2): the day by
-- the calendar of Shanghai, its theme, and whether it was drawn.
CREATE FUNCTION audit.checks_of(p_campaign text)
RETURNS TABLE (inspection text, unit text, on_day date, theme text, drawn boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT i.id, a.unit, ((i.doc #>> '{arrival,at}')::timestamptz AT TIME ZONE 'Asia/Shanghai')::date,
         i.doc #>> '{order,theme}', coalesce(jsonb_typeof(i.doc -> 'draw') = 'object', false)
  FROM ledger.object AS i JOIN audit.units_alike(p_campaign) AS a
    ON a.campaign = i.doc ->> 'campaign' AND a.code = i.doc #>> '{target,unit}'
  WHERE i.kind = 'inspection' AND i.doc #>> '{arrival,at}' IS NOT NULL
$$;

-- What makes a unit of a campaign weigh more in a draw (f.3): its newest red card, what is complained of it,
-- and whether it ever rectified on paper only.
CREATE FUNCTION audit.doubts_of(p_campaign text)
RETURNS TABLE (unit text, red_on date, complaints bigint, false_rectification boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH alike AS MATERIALIZED (SELECT * FROM audit.units_alike(p_campaign)),
  red AS (
    SELECT a.unit, max((c.doc ->> 'on')::date) AS red_on
    FROM ledger.object AS c JOIN alike AS a ON a.campaign = c.scope AND a.code = c.doc ->> 'unit'
    WHERE c.kind = 'card' AND c.doc @> '{"colour": "red", "state": "issued"}'
    GROUP BY a.unit),
  said AS (
    SELECT a.unit,
           count(*) FILTER (WHERE p.doc @> '{"from_person": true}' OR p.doc @> '{"source": "hotline"}')
             AS complaints,
           bool_or(p.doc @> '{"false_rectification": true}') AS false_rectification
    FROM ledger.object AS p JOIN alike AS a ON a.campaign = p.scope AND a.code = p.doc ->> 'unit'
    WHERE p.kind = 'problem'
    GROUP BY a.unit)
  SELECT coalesce(r.unit, s.unit), r.red_on, coalesce(s.complaints, 0),
         coalesce(s.false_rectification, false)
  FROM red AS r FULL JOIN said AS s ON s.unit = r.unit
$$;

-- Who reads the trail, supervision and operations alike, reads no boxes: only a worker has the keys.
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA audit FROM PUBLIC;
GRANT SELECT, INSERT ON audit.sealed_draw TO audit_writer;
GRANT EXECUTE ON FUNCTION audit.burn(text, text, text, text), audit.checks_of(text),
  audit.doubts_of(text) TO audit_writer;

RESET ROLE;
