-- The problem list: what problems are filtered and counted by, a short row each, and the words they are
-- found by. It is made from the ledger in the same transaction and is rebuilt with it; it is no evidence.

SET LOCAL ROLE audit_owner;

CREATE TABLE ledger.problem_list (
  campaign           text COLLATE "C" NOT NULL,
  no                 text COLLATE "C" NOT NULL,
  state              text COLLATE "C",
  unit               text COLLATE "C",
  problem_type       text COLLATE "C",
  severity           text COLLATE "C",
  rectify_class      text COLLATE "C",
  source             text COLLATE "C",
  access_level       text COLLATE "C",
  hard_bone          boolean,
  stagnant           boolean,
  breach_level       int,
  explanation_streak int,
  recurrence_no      int,
  PRIMARY KEY (campaign, no)
) WITH (fillfactor = 80);
CREATE INDEX problem_list_no ON ledger.problem_list (no);

-- Width and letter case do not matter to a search.
CREATE FUNCTION ledger.plain(p_text text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT lower(normalize(p_text, NFKC))
$$;

-- Every letter of a text and every two that stand side by side: what stands in a text shares all of them
-- with it. Chinese has no blanks between words, so a word is found wherever it begins. It costs
-- far more than a look at the index.
CREATE FUNCTION ledger.pairs(p_text text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 10000 AS $$
  SELECT coalesce(array_agg(DISTINCT p.pair), '{}') FROM (
    SELECT l.letter || n.next AS pair
    FROM (SELECT letter, lead(letter) OVER (ORDER BY place) AS following
          FROM unnest(string_to_array(p_text, NULL)) WITH ORDINALITY AS u (letter, place)) AS l,
         LATERAL (VALUES (''), (l.following)) AS n (next)
    WHERE n.next IS NOT NULL) AS p
$$;

CREATE TABLE ledger.problem_text (
  campaign text COLLATE "C" NOT NULL,
  no       text COLLATE "C" NOT NULL,
  words    text NOT NULL,
  PRIMARY KEY (campaign, no)
);
-- The letters of a new problem are put into place at once: a search would read them one by one otherwise.
CREATE INDEX problem_text_pairs ON ledger.problem_text USING gin (ledger.pairs(words))
  WITH (fastupdate = off);

-- The problems whose texts hold all of p_words, at most p_most of them: p_pairs, which are theirs, find few
-- others. Always by the index: made from the text of each row, pairs cost a thousand times as much.
CREATE FUNCTION ledger.problems_with(
  p_pairs text[], p_words text[], p_campaign text, p_most bigint)
RETURNS SETOF text LANGUAGE sql STABLE
SET enable_seqscan = off SET search_path = pg_catalog, pg_temp AS $$
  SELECT t.no FROM ledger.problem_text AS t
  WHERE ledger.pairs(t.words) @> p_pairs AND (p_campaign IS NULL OR t.campaign = p_campaign)
    AND NOT EXISTS (SELECT FROM unnest(p_words) AS w (word) WHERE strpos(t.words, w.word) = 0)
  LIMIT p_most
$$;

-- A number of a document; a document that holds something else there must not keep its entry out.
CREATE FUNCTION ledger.number_of(p_value jsonb) RETURNS int LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE jsonb_typeof(p_value) WHEN 'number' THEN p_value::int END
$$;

-- What the two tables are made from.
CREATE VIEW ledger.problem_fields AS
  SELECT o.scope AS campaign, o.id AS no, (o.doc ->> 'state') COLLATE "C" AS state,
         (o.doc ->> 'unit') COLLATE "C" AS unit, (o.doc ->> 'problem_type') COLLATE "C" AS problem_type,
         (o.doc ->> 'severity') COLLATE "C" AS severity,
         (o.doc ->> 'rectify_class') COLLATE "C" AS rectify_class,
         (o.doc ->> 'source') COLLATE "C" AS source,
         (o.doc ->> 'access_level') COLLATE "C" AS access_level,
         o.doc -> 'hard_bone' = 'true' AS hard_bone, o.doc -> 'stagnant' = 'true' AS stagnant,
         ledger.number_of(o.doc -> 'breach_level') AS breach_level,
         ledger.number_of(o.doc -> 'explanation_streak') AS explanation_streak,
         ledger.number_of(o.doc -> 'recurrence_no') AS recurrence_no
  FROM ledger.object AS o WHERE o.kind = 'problem';
CREATE VIEW ledger.problem_words AS
  SELECT o.scope AS campaign, o.id AS no,
         ledger.plain(concat_ws(E'\n', o.id COLLATE "default", o.doc ->> 'title', o.doc ->> 'description',
                                o.doc ->> 'source_ref')) AS words
  FROM ledger.object AS o WHERE o.kind = 'problem';

-- Take in how some problems stand now.
CREATE FUNCTION ledger.list_problems(p_campaigns text[], p_nos text[]) RETURNS void
LANGUAGE sql AS $$
  INSERT INTO ledger.problem_list AS l
    SELECT f.* FROM unnest(p_campaigns, p_nos) AS u (campaign, no)
      JOIN ledger.problem_fields AS f ON f.campaign = u.campaign AND f.no = u.no
    ON CONFLICT (campaign, no) DO UPDATE
      SET (state, unit, problem_type, severity, rectify_class, source, access_level,
           hard_bone, stagnant, breach_level, explanation_streak, recurrence_no)
        = (excluded.state, excluded.unit, excluded.problem_type,
           excluded.severity, excluded.rectify_class, excluded.source, excluded.access_level,
           excluded.hard_bone, excluded.stagnant, excluded.breach_level,
           excluded.explanation_streak, excluded.recurrence_no)
      WHERE (l.*) IS DISTINCT FROM (excluded.*);
  INSERT INTO ledger.problem_text AS t
    SELECT w.* FROM unnest(p_campaigns, p_nos) AS u (campaign, no)
      JOIN ledger.problem_words AS w ON w.campaign = u.campaign AND w.no = u.no
    ON CONFLICT (campaign, no) DO UPDATE SET words = excluded.words WHERE t.words <> excluded.words;
$$;

-- Make both anew from the ledger.
CREATE FUNCTION ledger.relist_problems() RETURNS void LANGUAGE sql AS $$
  DELETE FROM ledger.problem_list;
  DELETE FROM ledger.problem_text;
  INSERT INTO ledger.problem_list SELECT * FROM ledger.problem_fields;
  INSERT INTO ledger.problem_text SELECT * FROM ledger.problem_words;
$$;

-- The fold goes on as it is, and takes problems into their list.
CREATE OR REPLACE FUNCTION audit.fold(p_docs jsonb[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  v_refused bigint;
  v_strange text;
  v_campaigns text[];
  v_problems text[];
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
    RETURNING kind, scope, id
  )
  SELECT (SELECT count(*) FROM folded) - count(*),
         array_agg(s.scope) FILTER (WHERE s.kind = 'problem'),
         array_agg(s.id) FILTER (WHERE s.kind = 'problem')
    INTO v_refused, v_campaigns, v_problems FROM stored AS s;
  IF v_refused > 0 THEN
    SELECT concat_ws(' ', c.kind, c.scope, c.id) INTO v_strange
    FROM unnest(p_docs) AS d, LATERAL ledger.changes(d) AS c
    LEFT JOIN ledger.object AS o ON o.kind = c.kind AND o.scope = c.scope AND o.id = c.id
    WHERE o.stream IS DISTINCT FROM c.stream LIMIT 1;
    RAISE EXCEPTION 'audit.owner' USING ERRCODE = 'DU004', DETAIL = v_strange;
  END IF;
  IF v_problems IS NOT NULL THEN
    PERFORM ledger.list_problems(v_campaigns, v_problems);
  END IF;
END $$;

-- Rebuilding makes the list too.
CREATE OR REPLACE FUNCTION ledger.rebuild() RETURNS bigint LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET work_mem = '64MB' AS $$
DECLARE
  v_objects bigint;
BEGIN
  LOCK TABLE audit.stream IN EXCLUSIVE MODE;
  DELETE FROM ledger.object;
  INSERT INTO ledger.object (kind, scope, id, doc, stream, first_seq, last_seq, updated_us)
    SELECT f.kind, f.scope, f.id, f.doc, f.stream, f.first_seq, f.last_seq, f.updated_us
    FROM ledger.folded AS f;
  GET DIAGNOSTICS v_objects = ROW_COUNT;
  PERFORM ledger.relist_problems();
  RETURN v_objects;
END $$;

-- Where the ledger is not what the leaves tell, and where the list is not what the ledger tells.
CREATE OR REPLACE FUNCTION ledger.differences()
RETURNS TABLE (kind text, scope text, id text, difference text, stored jsonb, folded jsonb)
LANGUAGE sql STABLE SET work_mem = '64MB' AS $$
  SELECT coalesce(f.kind, o.kind), coalesce(f.scope, o.scope), coalesce(f.id, o.id),
         CASE WHEN o.kind IS NULL THEN 'missing'
              WHEN f.kind IS NULL THEN 'extra'
              ELSE 'different' END,
         to_jsonb(o), to_jsonb(f)
  FROM ledger.folded AS f
  FULL JOIN ledger.object AS o ON o.kind = f.kind AND o.scope = f.scope AND o.id = f.id
  WHERE (o.doc, o.stream, o.first_seq, o.last_seq, o.updated_us)
        IS DISTINCT FROM (f.doc, f.stream, f.first_seq, f.last_seq, f.updated_us)
  UNION ALL
  SELECT 'problem_list', coalesce(f.campaign, l.campaign), coalesce(f.no, l.no),
         CASE WHEN l.no IS NULL THEN 'missing' WHEN f.no IS NULL THEN 'extra' ELSE 'different' END,
         to_jsonb(l), to_jsonb(f)
  FROM (SELECT * FROM ledger.problem_fields JOIN ledger.problem_words USING (campaign, no)) AS f
  FULL JOIN (SELECT * FROM ledger.problem_list
               FULL JOIN ledger.problem_text USING (campaign, no)) AS l
    ON l.campaign = f.campaign AND l.no = f.no
  WHERE (l.*) IS DISTINCT FROM (f.*)
  ORDER BY 1, 2, 3
$$;

SELECT ledger.relist_problems();

REVOKE ALL ON ALL TABLES IN SCHEMA ledger FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA audit, ledger FROM PUBLIC;
GRANT SELECT ON ledger.problem_list, ledger.problem_text, ledger.problem_fields, ledger.problem_words
  TO audit_reader, audit_verifier, audit_supervisor;
GRANT EXECUTE ON FUNCTION ledger.plain(text), ledger.pairs(text), ledger.number_of(jsonb),
  ledger.problems_with(text[], text[], text, bigint)
  TO audit_reader, audit_verifier, audit_supervisor;

RESET ROLE;
