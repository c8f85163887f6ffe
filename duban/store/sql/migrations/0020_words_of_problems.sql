-- Words of problems, looked for in bounded time: a campaign's texts were fetched by its name and their pairs
-- made anew one by one, and a word that stands everywhere was looked up everywhere. And how many there are.

SET LOCAL ROLE audit_owner;

-- All problems are counted by these two columns, without the rows, sooner than other processes come to help.
CREATE INDEX problem_list_state ON ledger.problem_list (state, access_level);
ALTER TABLE ledger.problem_list SET (parallel_workers = 0);

DROP FUNCTION ledger.problems_with(text[], text[], text, bigint);

-- The numbers of problems whose texts are like all of p_patterns, at most p_most of them: p_pairs, which are
-- theirs, find few others. First in somewhat more texts (of p_campaign) than are wanted, as the list has
-- them; then by the index, which knows no campaigns: where fewer than p_most hold the words, they may be of
-- others too. Never by the pairs of each row: made from its text, they cost a thousand times as much.
CREATE FUNCTION ledger.problems_like(
  p_pairs text[], p_patterns text[], p_campaign text, p_most bigint)
RETURNS text[] LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off SET max_parallel_workers_per_gather = 0 SET jit = off AS $$
DECLARE
  v_near bigint := p_most + p_most / 4;
  v_seen bigint;
  v_nos text[];
BEGIN
  SELECT count(*), array_agg(t.no) FILTER (WHERE t.words LIKE ALL (p_patterns)) INTO v_seen, v_nos
  FROM (SELECT t.no, t.words FROM ledger.problem_text AS t
        WHERE p_campaign IS NULL OR t.campaign = p_campaign
        ORDER BY t.campaign, t.no LIMIT v_near) AS t;
  IF p_most IS NULL OR v_seen < v_near OR cardinality(v_nos) >= p_most THEN
    RETURN coalesce(v_nos[:least(p_most, v_seen)], '{}');
  END IF;
  v_nos := ARRAY(
    SELECT t.no FROM ledger.problem_text AS t
    WHERE ledger.pairs(t.words) @> p_pairs AND t.words LIKE ALL (p_patterns) LIMIT p_most);
  IF p_campaign IS NOT NULL AND cardinality(v_nos) >= p_most THEN
    v_nos := ARRAY(
      SELECT t.no FROM ledger.problem_text AS t
      WHERE t.campaign = p_campaign AND t.words LIKE ALL (p_patterns) ORDER BY t.no LIMIT p_most);
  END IF;
  RETURN v_nos;
END $$;

REVOKE ALL ON FUNCTION ledger.problems_like(text[], text[], text, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.problems_like(text[], text[], text, bigint)
  TO audit_reader, audit_verifier, audit_supervisor;

RESET ROLE;
