-- Every statement the Python code runs, by name. Parsed once by duban/store/queries.py.

-- name: append
SELECT a.stream, a.seq, a.status FROM audit.append($1, $2, $3, $4) AS a

-- name: append_with
SELECT a.stream, a.seq, a.status
FROM audit.append_with($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) AS a

-- name: erase
SELECT a.stream, a.seq, a.status FROM audit.erase($1, $2, $3, $4) AS a

-- name: sealed_entry
-- For the supervision group's login: operations read no sealed entries.
SELECT event_id, leaf FROM audit.event
WHERE stream = 'sealed' AND sealed AND $1::text IN (stream || '#' || seq, event_id::text)

-- name: box
SELECT body FROM audit.payload WHERE event_id = $1 AND slot = $2

-- name: tail
SELECT leaf FROM audit.tail($1, $2, $3) AS t (leaf)

-- name: keep_draw_secret
-- The first one stays: a draw has one secret, whoever asked for it and however often.
INSERT INTO audit.draw_secret (stream, draw_no, key_id, box) VALUES ($1, $2, $3, $4)
ON CONFLICT (stream, draw_no) DO NOTHING

-- name: draw_secret
SELECT key_id, box FROM audit.draw_secret WHERE stream = $1 AND draw_no = $2

-- name: keep_sealed
-- The first one stays, also one that is burned: what was sealed is sealed once.
INSERT INTO audit.sealed_draw (stream, kind, key, key_id, box) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (stream, kind, key) DO NOTHING

-- name: sealed
SELECT key_id, box FROM audit.sealed_draw WHERE stream = $1 AND kind = $2 AND key = $3

-- name: all_sealed
SELECT key, key_id, box FROM audit.sealed_draw
WHERE stream = $1 AND kind = $2 AND box IS NOT NULL ORDER BY made_us, key

-- name: burn_sealed
SELECT audit.burn($1, $2, $3, $4)

-- name: checks_of
SELECT inspection, unit, on_day, theme, drawn FROM audit.checks_of($1)

-- name: doubts_of
SELECT unit, red_on, complaints, false_rectification FROM audit.doubts_of($1)

-- name: search
-- Without a column, or with a campaign alone. Ids begin with their moment, so bounds of ids keep a search
-- out of the months that cannot matter.
SELECT event_id, leaf FROM audit.event_ops
WHERE ($1::text IS NULL OR campaign = $1)
  AND ($2::text IS NULL OR outcome = $2)
  AND ($3::bigint IS NULL OR occurred_us >= $3)
  AND ($4::bigint IS NULL OR occurred_us < $4)
  AND ($5::bigint IS NULL OR (occurred_us, seq, event_id) < ($5, $6::bigint, $7::uuid))
  AND ($9::uuid IS NULL OR event_id >= $9)
  AND ($10::uuid IS NULL OR event_id < $10)
ORDER BY occurred_us DESC, seq DESC, event_id DESC
LIMIT $8

-- name: search_columns
-- A page of what the projector has taken in, a page of what it has not, and of both the page.
SELECT e.event_id, e.leaf FROM (
  (SELECT f.occurred_us, f.seq, f.event_id FROM audit.found AS f
   WHERE ($1::text IS NULL OR f.campaign = $1)
     AND ($2::text IS NULL OR f.unit = $2)
     AND ($3::text IS NULL OR f.actor = $3)
     AND ($4::text IS NULL OR (f.tag >= $4 AND f.tag < $4 || U&'\+10FFFF'))
     AND ($5::text IS NULL OR f.object_type = $5)
     AND ($6::text IS NULL OR f.object_id = $6)
     AND ($7::text IS NULL OR f.outcome = $7)
     AND ($8::bigint IS NULL OR f.occurred_us >= $8)
     AND ($9::bigint IS NULL OR f.occurred_us < $9)
     AND ($10::bigint IS NULL OR f.occurred_us <= $10)
     AND ($10::bigint IS NULL OR (f.occurred_us, f.seq, f.event_id) < ($10, $11::bigint, $12::uuid))
   ORDER BY f.occurred_us DESC, f.seq DESC, f.event_id DESC LIMIT $13)
  UNION
  (SELECT f.occurred_us, f.seq, f.event_id FROM audit.fresh AS f
   WHERE ($1::text IS NULL OR f.campaign = $1)
     AND ($2::text IS NULL OR f.unit = $2)
     AND ($3::text IS NULL OR f.actor = $3)
     AND ($4::text IS NULL OR (f.tag >= $4 AND f.tag < $4 || U&'\+10FFFF'))
     AND ($5::text IS NULL OR f.object_type = $5)
     AND ($6::text IS NULL OR f.object_id = $6)
     AND ($7::text IS NULL OR f.outcome = $7)
     AND ($8::bigint IS NULL OR f.occurred_us >= $8)
     AND ($9::bigint IS NULL OR f.occurred_us < $9)
     AND ($10::bigint IS NULL OR (f.occurred_us, f.seq, f.event_id) < ($10, $11::bigint, $12::uuid))
   ORDER BY f.occurred_us DESC, f.seq DESC, f.event_id DESC LIMIT $13)
  ORDER BY occurred_us DESC, seq DESC, event_id DESC LIMIT $13) AS p,
  LATERAL (SELECT o.event_id, o.leaf FROM audit.event_ops AS o
           WHERE o.event_id = p.event_id OFFSET 0) AS e
ORDER BY p.occurred_us DESC, p.seq DESC, p.event_id DESC

-- name: search_tags
-- A page of each tag that begins so, and of all these the page: entries of one tag stand in order in the
-- index, those of several do not. How far back the page reaches is found in the index alone.
SELECT e.event_id, e.leaf FROM (
  (SELECT f.occurred_us, f.seq, f.event_id FROM audit.tag AS t, LATERAL (
     SELECT o.occurred_us, o.seq, o.event_id FROM audit.found AS o
     WHERE o.tag = t.tag
       AND ($2::bigint IS NULL OR o.occurred_us >= $2)
       AND ($3::bigint IS NULL OR o.occurred_us < $3)
       AND ($4::bigint IS NULL OR o.occurred_us <= $4)
       AND o.occurred_us >= (
         SELECT coalesce(min(r.occurred_us), 0) FROM (
           SELECT i.occurred_us FROM audit.tag AS a, LATERAL (
             SELECT n.occurred_us FROM audit.found AS n
             WHERE n.tag = a.tag
               AND ($2::bigint IS NULL OR n.occurred_us >= $2)
               AND ($3::bigint IS NULL OR n.occurred_us < $3)
               AND ($4::bigint IS NULL OR n.occurred_us < $4)
             ORDER BY n.occurred_us DESC LIMIT $7) AS i
           WHERE a.tag >= $1 AND a.tag < $1 || U&'\+10FFFF'
           ORDER BY i.occurred_us DESC LIMIT $7) AS r)
       AND ($4::bigint IS NULL OR (o.occurred_us, o.seq, o.event_id) < ($4, $5::bigint, $6::uuid))
     ORDER BY o.occurred_us DESC, o.seq DESC, o.event_id DESC LIMIT $7) AS f
   WHERE t.tag >= $1 AND t.tag < $1 || U&'\+10FFFF')
  UNION
  (SELECT f.occurred_us, f.seq, f.event_id FROM audit.fresh AS f
   WHERE f.tag >= $1 AND f.tag < $1 || U&'\+10FFFF'
     AND ($2::bigint IS NULL OR f.occurred_us >= $2)
     AND ($3::bigint IS NULL OR f.occurred_us < $3)
     AND ($4::bigint IS NULL OR (f.occurred_us, f.seq, f.event_id) < ($4, $5::bigint, $6::uuid))
   ORDER BY f.occurred_us DESC, f.seq DESC, f.event_id DESC LIMIT $7)
  ORDER BY occurred_us DESC, seq DESC, event_id DESC LIMIT $7) AS p,
  LATERAL (SELECT o.event_id, o.leaf FROM audit.event_ops AS o
           WHERE o.event_id = p.event_id OFFSET 0) AS e
ORDER BY p.occurred_us DESC, p.seq DESC, p.event_id DESC

-- name: search_reach
-- The last id of a page, found by the order of ids. Within a millisecond that is not the order of
-- the page, so the page is then looked for from the beginning of that millisecond on.
SELECT event_id FROM audit.event_ops
WHERE ($1::text IS NULL OR outcome = $1)
  AND ($2::bigint IS NULL OR occurred_us >= $2)
  AND ($3::bigint IS NULL OR occurred_us < $3)
  AND ($4::bigint IS NULL OR (occurred_us, seq, event_id) < ($4, $5::bigint, $6::uuid))
  AND ($8::uuid IS NULL OR event_id >= $8)
  AND ($9::uuid IS NULL OR event_id < $9)
ORDER BY event_id DESC
OFFSET $7::bigint - 1 LIMIT 1

-- name: find_text
SELECT event_id, leaf
FROM audit.find_text($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)

-- name: unindexed
SELECT (SELECT coalesce(sum(next_seq), 0) FROM audit.stream)::bigint
       - (SELECT next_index FROM audit.projection)

-- name: projection_mark
SELECT next_index FROM audit.projection

-- name: projection_ends
SELECT next_index, (SELECT coalesce(max(leaf_index) + 1, 0) FROM audit.leaf) AS extent,
       (SELECT count(*) FROM (SELECT FROM audit.inbox LIMIT $1) AS q) AS waiting
FROM audit.projection

-- name: projection_batch
-- One by one through their ids: a fresh table has no statistics, and would be read as a whole.
-- An entry that is gone still has its place, and the places behind it are to be reached.
SELECT l.leaf_index, l.event_id, e.occurred_us, e.leaf
FROM audit.leaf AS l
  LEFT JOIN LATERAL (SELECT * FROM audit.event AS o
                     WHERE o.event_id = l.event_id AND NOT o.sealed OFFSET 0) AS e ON true
WHERE l.leaf_index >= $1 AND l.leaf_index < $1 + $2::bigint
ORDER BY l.leaf_index

-- name: project
SELECT audit.project($1, $2, $3, $4, $5)

-- name: block_next
-- Where the next block begins: the oldest that is not known, with its end, or where the blocks end.
SELECT p.next_index, coalesce(u.from_us, l.until_us, 0) AS from_us, u.until_us
FROM audit.projection AS p
  LEFT JOIN LATERAL (SELECT b.from_us, b.until_us FROM audit.search_block AS b
                     WHERE b.triples IS NULL ORDER BY b.from_us LIMIT 1) AS u ON true
  LEFT JOIN LATERAL (SELECT b.until_us FROM audit.search_block AS b
                     ORDER BY b.from_us DESC LIMIT 1) AS l ON true

-- name: block_times
SELECT array_agg(f.occurred_us) FROM (
  SELECT f.occurred_us FROM audit.found AS f
  WHERE f.occurred_us >= $1 AND ($2::bigint IS NULL OR f.occurred_us < $2)
  ORDER BY f.occurred_us LIMIT $3) AS f

-- name: block_leaves
SELECT e.leaf FROM audit.found AS f,
  LATERAL (SELECT o.leaf FROM audit.event AS o
           WHERE o.event_id = f.event_id AND NOT o.sealed OFFSET 0) AS e
WHERE f.occurred_us >= $1 AND f.occurred_us < $2

-- name: store_block
SELECT audit.store_block($1, $2, $3, $4)

-- name: forget_projection
SELECT audit.forget_projection()

-- name: feed
-- Sealed entries keep their places and say nothing.
SELECT l.leaf_index, l.event_id, e.leaf
FROM audit.leaf AS l
  LEFT JOIN LATERAL (SELECT o.leaf FROM audit.event_ops AS o
                     WHERE o.event_id = l.event_id OFFSET 0) AS e ON true
WHERE l.leaf_index > $1 ORDER BY l.leaf_index LIMIT $2

-- name: feed_end
SELECT coalesce(max(leaf_index), -1) FROM audit.leaf

-- name: rollup
SELECT CASE $1 WHEN 'campaign' THEN campaign WHEN 'tag' THEN tag ELSE day::text END AS name,
       sum(n)::bigint AS n
FROM audit.rollup
WHERE ($2::text IS NULL OR campaign = $2)
GROUP BY 1 ORDER BY 1

-- name: table_sizes
SELECT c.relname AS name, sum(pg_table_size(p.relid))::bigint AS table_bytes,
       sum(pg_indexes_size(p.relid))::bigint AS index_bytes
FROM pg_class AS c,
     LATERAL (SELECT relid FROM pg_partition_tree(c.oid) WHERE isleaf
              UNION SELECT c.oid WHERE c.relkind = 'r') AS p
WHERE c.relnamespace = 'audit'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
GROUP BY 1 ORDER BY 1

-- name: entry_bytes
-- Of the newest thousand; all of them would be read for a mean otherwise.
SELECT coalesce(avg(octet_length(e.leaf)), 0)::float8
FROM (SELECT event_id FROM audit.leaf ORDER BY leaf_index DESC LIMIT 1000) AS l
  JOIN audit.event_ops AS e ON e.event_id = l.event_id

-- name: entry_count
SELECT coalesce(sum(next_seq), 0)::bigint FROM audit.stream

-- name: event_by_id
SELECT event_id, leaf FROM audit.event_ops WHERE event_id = $1

-- name: event_by_ordinal
SELECT event_id, leaf FROM audit.event_ops WHERE stream = $1 AND seq = $2

-- name: stream_leaves
SELECT event_id, leaf FROM audit.event_ops WHERE stream = $1 AND seq >= $2 ORDER BY seq

-- name: campaign_leaves
-- In two halves, of which each finds its rows by the index of streams.
SELECT e.event_id, e.leaf FROM (
  SELECT event_id, leaf, stream, seq FROM audit.event_ops WHERE stream = $1
  UNION ALL
  SELECT event_id, leaf, stream, seq FROM audit.event_ops
  WHERE stream >= $2 AND stream < $2 || U&'\+10FFFF') AS e
ORDER BY e.stream, e.seq

-- name: head
SELECT next_seq FROM audit.stream WHERE stream = $1

-- name: origin
SELECT mode, origin FROM audit.origin

-- name: objects
SELECT kind, scope, id, doc, stream, first_seq, last_seq, updated_us FROM ledger.object
WHERE kind = $1 AND ($2::text IS NULL OR scope = $2) AND doc @> $3
ORDER BY scope, first_seq, id

-- name: one
SELECT kind, scope, id, doc, stream, first_seq, last_seq, updated_us FROM ledger.object
WHERE kind = $1 AND scope = $2 AND id = $3

-- name: some
SELECT kind, scope, id, doc, stream, first_seq, last_seq, updated_us FROM ledger.object
WHERE kind = $1 AND scope = $2 AND id = ANY ($3::text[])
-- name: problem_asked
-- What the parts of a text look like in the list, and what they share with all that hold them: pairs of
-- letters, and the letter itself of a part that has one alone.
SELECT array_agg(DISTINCT '%' || regexp_replace(w.word, '[\\%_]', '\\\&', 'g') || '%') AS patterns,
       array_agg(DISTINCT p.pair) AS pairs
FROM (SELECT ledger.plain(u.said) AS word FROM unnest($1::text[]) AS u (said)) AS w,
     unnest(ledger.pairs(w.word)) AS p (pair)
WHERE char_length(p.pair) = least(char_length(w.word), 2)

-- name: problem_words
SELECT ledger.problems_like($1, $2, $3, $4)

-- name: problem_page
-- The list gives the page, the ledger what stands on it, without what nobody looks at. Words are looked for
-- in the first $20 that the other filters let through, or in all of them. Between one campaign and itself, and
-- not equal to it: a page is taken off the index only while the campaign is part of the order.
SELECT l.campaign, l.no, o.doc - $19::text[] AS doc, o.last_seq
FROM (
  SELECT l.campaign, l.no
  FROM (
    SELECT l.campaign, l.no FROM ledger.problem_list AS l
    WHERE ($1::text IS NULL OR l.campaign BETWEEN $1 AND $1)
      AND ($2::text[] IS NULL OR l.state = ANY ($2))
      AND ($3::text IS NULL OR l.unit = $3)
      AND ($4::text IS NULL OR l.problem_type = $4)
      AND ($5::text IS NULL OR l.severity = $5)
      AND ($6::text IS NULL OR l.rectify_class = $6)
      AND ($7::text IS NULL OR l.source = $7)
      AND ($8::text[] IS NULL OR l.access_level = ANY ($8))
      AND ($9::boolean IS NULL OR l.hard_bone = $9)
      AND ($10::boolean IS NULL OR l.stagnant = $10)
      AND ($11::boolean IS NULL OR (l.breach_level > 0) = $11)
      AND ($12::int IS NULL OR l.explanation_streak >= $12)
      AND ($13::boolean IS NULL OR (l.recurrence_no > 0) = $13)
      AND ($14::text[] IS NULL OR l.no = ANY ($14))
      AND ($16::text IS NULL OR (l.campaign, l.no) > ($16, $17::text))
    ORDER BY l.campaign, l.no LIMIT $20) AS l
  WHERE $15::text[] IS NULL OR (
    SELECT t.words LIKE ALL ($15) FROM ledger.problem_text AS t
    WHERE t.campaign = l.campaign AND t.no = l.no)
  ORDER BY l.campaign, l.no LIMIT $18) AS l,
  LATERAL (SELECT o.doc, o.last_seq FROM ledger.object AS o
           WHERE o.kind = 'problem' AND o.scope = l.campaign AND o.id = l.no OFFSET 0) AS o
ORDER BY l.campaign, l.no

-- name: problem_counts
SELECT l.state, l.access_level, count(*) AS n FROM ledger.problem_list AS l
WHERE ($1::text IS NULL OR l.campaign = $1)
  AND ($2::text[] IS NULL OR l.state = ANY ($2))
  AND ($3::text IS NULL OR l.unit = $3)
  AND ($4::text IS NULL OR l.problem_type = $4)
  AND ($5::text IS NULL OR l.severity = $5)
  AND ($6::text IS NULL OR l.rectify_class = $6)
  AND ($7::text IS NULL OR l.source = $7)
  AND ($8::text[] IS NULL OR l.access_level = ANY ($8))
  AND ($9::boolean IS NULL OR l.hard_bone = $9)
  AND ($10::boolean IS NULL OR l.stagnant = $10)
  AND ($11::boolean IS NULL OR (l.breach_level > 0) = $11)
  AND ($12::int IS NULL OR l.explanation_streak >= $12)
  AND ($13::boolean IS NULL OR (l.recurrence_no > 0) = $13)
  AND ($14::text[] IS NULL OR l.no = ANY ($14))
GROUP BY 1, 2 ORDER BY 1, 2

-- name: problem_clocks
-- The clocks of the problems of a page, which lie side by side.
SELECT d.doc ->> 'object_id' AS no, d.doc ->> 'code' AS code, d.doc ->> 'current_due_on' AS due_on,
       (d.doc ->> 'extensions')::int AS extensions, d.doc ->> 'status' AS status
FROM ledger.deadline AS d
WHERE d.scope = $1 AND d.id > $2 || '/' AND d.id < $3 || '0'
  AND d.doc ->> 'object_type' = 'problem' AND d.doc ->> 'code' = ANY ($4::text[])
ORDER BY d.id

-- name: problem_replies
-- The newest reply of each problem of a page.
SELECT DISTINCT ON (1) split_part(r.id, '/R', 1) AS no, r.doc -> 'actions' AS actions,
       r.doc ->> 'explanation' AS explanation, r.doc ->> 'at' AS at
FROM ledger.object AS r
WHERE r.kind = 'reply' AND r.scope = $1 AND r.id > $2 || '/' AND r.id < $3 || '0'
ORDER BY 1, r.id DESC

-- name: problem_evidence
-- What is on file of each problem of a page and was not replaced.
SELECT split_part(e.id, '/F', 1) AS no,
       array_agg(split_part(e.id, '/', 2) || ' ' || (e.doc ->> 'title') ORDER BY e.id) AS titles
FROM ledger.object AS e
WHERE e.kind = 'evidence' AND e.scope = $1 AND e.id > $2 || '/' AND e.id < $3 || '0'
  AND e.doc ->> 'superseded_by' IS NULL
GROUP BY 1

-- name: campaigns
SELECT * FROM ledger.campaigns ORDER BY launch_on, no

-- name: deadlines
SELECT * FROM ledger.deadlines
WHERE ($1::text IS NULL OR campaign = $1)
  AND ($2::text IS NULL OR holder = $2)
  AND ($3::text IS NULL OR status = $3)
  AND ($4::text IS NULL OR code = $4)
  AND ($5::date IS NULL OR current_due_on >= $5)
  AND ($6::date IS NULL OR current_due_on <= $6)
ORDER BY current_due_on, campaign, id

-- name: notices
SELECT * FROM ledger.notices
WHERE ($1::text IS NULL OR campaign = $1)
  AND ($2::text IS NULL OR recipient = $2)
  AND ($3::text IS NULL OR recipient_unit = $3)
  AND ($4::text IS NULL OR rung = $4)
  AND ($5::timestamptz IS NULL OR sent_at >= $5)
  AND ($6::timestamptz IS NULL OR sent_at < $6)
ORDER BY sent_at, campaign, id

-- name: calendar_days
SELECT version, date, kind, name, source_doc, provisional FROM ledger.calendar_days
WHERE scope = $1 AND version = $2 AND date >= $3 AND date <= $4
ORDER BY date

-- name: rebuild
SELECT ledger.rebuild()

-- name: differences
SELECT kind, scope, id, difference, stored, folded FROM ledger.differences()

-- name: every_entry
SELECT event_id, recorded_us, leaf, request_mac, occurred_us, stream, seq, tag, campaign, unit,
       actor, object_type, object_id, outcome, sealed
FROM audit.event ORDER BY stream, seq, event_id

-- name: heads
SELECT stream, next_seq, closed FROM audit.stream WHERE next_seq > 0

-- name: in_default
SELECT count(*) FROM audit.event WHERE tableoid = 'audit.event_default'::regclass

-- name: in_default_since
SELECT count(*) FROM audit.event_default WHERE event_id >= $1

-- name: may_see_default
SELECT has_table_privilege('audit.event_default', 'SELECT')

-- name: partitioned_months
SELECT array_agg(right(c.relname, 6))
FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid
WHERE i.inhparent = 'audit.event'::regclass AND c.relname ~ '^event_[0-9]{6}$'

-- name: log_batch
-- Taken off the queue in any order, put into the log in that of the database's clock. An entry that
-- is in the log already stays where it is: the queue is no evidence and may err.
WITH taken AS (
  DELETE FROM audit.inbox WHERE ctid = ANY (ARRAY(SELECT ctid FROM audit.inbox LIMIT $1))
  RETURNING event_id
)
SELECT e.event_id, e.leaf, e.recorded_us
FROM (SELECT DISTINCT event_id FROM taken) AS t
  JOIN audit.event AS e ON e.event_id = t.event_id
WHERE NOT EXISTS (SELECT FROM audit.leaf AS l WHERE l.event_id = t.event_id)
ORDER BY e.recorded_us, e.event_id

-- name: log_checkpoint
INSERT INTO audit.checkpoint (tree_size, root, frontier, created_us, first_key, note)
VALUES ($1, $2, $3, $4, $5, $6)

-- name: log_latest
SELECT tree_size, root, frontier, created_us, first_key, note FROM audit.checkpoint
ORDER BY tree_size DESC LIMIT 1

-- name: log_covering
SELECT tree_size, root, frontier, created_us, first_key, note FROM audit.checkpoint
WHERE tree_size >= $1 ORDER BY tree_size LIMIT 1

-- name: log_checkpoints
SELECT tree_size, root, frontier, created_us, first_key, note FROM audit.checkpoint
WHERE tree_size > $1 ORDER BY tree_size LIMIT $2

-- name: log_cosignatures
SELECT witness, line, signed_us FROM audit.cosignature WHERE tree_size = $1 ORDER BY witness

-- name: log_cosigned
INSERT INTO audit.cosignature (tree_size, witness, line, signed_us) VALUES ($1, $2, $3, $4)
ON CONFLICT DO NOTHING

-- name: log_cosigned_size
SELECT max(tree_size) FROM audit.cosignature

-- name: log_leaf
SELECT leaf_index, event_id, leaf_hash FROM audit.leaf WHERE event_id = $1

-- name: log_leaves
SELECT leaf_index, event_id, leaf_hash FROM audit.leaf
WHERE leaf_index >= $1 AND leaf_index < $1 + $2::bigint ORDER BY leaf_index

-- name: log_hashes
-- The joined hashes of `count` nodes of a tile's level from `first` on, which lie in one tile: a part
-- of it if it is full, else what it will be made of.
SELECT coalesce(
    (SELECT substring(t.hashes FROM (w.first & 255)::int * 32 + 1 FOR w.count * 32)
     FROM audit.tile AS t WHERE t.level = w.level AND t.tile_index = w.first >> 8),
    CASE WHEN w.level = 0
      THEN (SELECT string_agg(l.leaf_hash, ''::bytea ORDER BY l.leaf_index) FROM audit.leaf AS l
            WHERE l.leaf_index >= w.first AND l.leaf_index < w.first + w.count)
      ELSE (SELECT string_agg(t.root, ''::bytea ORDER BY t.tile_index) FROM audit.tile AS t
            WHERE t.level = w.level - 1
              AND t.tile_index >= w.first AND t.tile_index < w.first + w.count)
    END, ''::bytea) AS hashes
FROM unnest($1::int[], $2::bigint[], $3::int[]) WITH ORDINALITY AS w (level, first, count, nth)
ORDER BY w.nth

-- name: log_waiting
SELECT count(*) FROM audit.inbox

-- name: log_session
-- A leader that stands still, or whose machine is gone, must not keep the lock: the server ends its
-- session, and it notices when it moves again.
SELECT set_config('idle_session_timeout', $1, false),
       set_config('idle_in_transaction_session_timeout', $1, false),
       set_config('tcp_keepalives_idle', '10', false),
       set_config('tcp_keepalives_interval', '5', false),
       set_config('tcp_keepalives_count', '3', false)

-- name: log_lead
-- The number is the name "dubanlog" read as bytes.
SELECT pg_try_advisory_lock(7238800146671890279)

-- name: log_signed_first
SELECT EXISTS (SELECT FROM audit.checkpoint WHERE first_key = $1)

-- name: log_rotation
SELECT e.event_id, l.leaf_index
FROM audit.event AS e LEFT JOIN audit.leaf AS l ON l.event_id = e.event_id
WHERE e.stream = $1 AND e.tag = $2 AND e.object_id = $3

-- name: granted
-- Every right on a thing of ours that is held by another than its owner; '' is everybody.
WITH thing AS (
  SELECT c.oid::regclass::text AS name, c.relowner AS owner, c.relacl AS acl
  FROM pg_class AS c WHERE c.relnamespace = ANY (ARRAY['audit', 'ledger', 'duban']::regnamespace[])
    AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
  UNION ALL
  SELECT a.attrelid::regclass::text || '.' || a.attname, c.relowner, a.attacl
  FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid
  WHERE c.relnamespace = ANY (ARRAY['audit', 'ledger', 'duban']::regnamespace[])
  UNION ALL
  SELECT p.oid::regprocedure::text, p.proowner, coalesce(p.proacl, acldefault('f', p.proowner))
  FROM pg_proc AS p WHERE p.pronamespace = ANY (ARRAY['audit', 'ledger', 'duban']::regnamespace[])
  UNION ALL
  SELECT n.nspname, n.nspowner, n.nspacl
  FROM pg_namespace AS n WHERE n.nspname IN ('audit', 'ledger', 'duban')
)
SELECT coalesce(r.rolname, '')::text AS role, e.privilege_type AS verb, t.name AS thing
FROM thing AS t, LATERAL aclexplode(t.acl) AS e LEFT JOIN pg_roles AS r ON r.oid = e.grantee
WHERE e.grantee <> t.owner

-- name: members
-- Who may act as one of our roles, and who of ours may do more than its grants say.
SELECT m.rolname::text AS member, r.rolname::text AS role
FROM pg_auth_members AS a JOIN pg_roles AS r ON r.oid = a.roleid JOIN pg_roles AS m ON m.oid = a.member
WHERE (r.rolname LIKE 'audit\_%' OR m.rolname LIKE 'audit\_%' OR m.rolname LIKE 'duban\_%')
  AND NOT m.rolsuper
UNION ALL
SELECT rolname::text, 'more than a login' FROM pg_roles
WHERE (rolname LIKE 'audit\_%' OR rolname LIKE 'duban\_%')
  AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)

-- name: unguarded
-- Evidence whose triggers do not deny what they must deny, always, whoever asks.
WITH evidence AS (
  SELECT name, to_regclass(name) AS oid FROM unnest($1::text[]) AS name
  UNION ALL
  SELECT inhrelid::regclass::text, inhrelid FROM pg_inherits
  WHERE inhparent = to_regclass('audit.event')
), wanted AS (
  SELECT e.name, e.oid, w.name AS trigger, w.kind, 'audit.deny()' AS does
  FROM evidence AS e CROSS JOIN (VALUES ('deny_row', 27), ('deny_truncate', 34)) AS w (name, kind)
  UNION ALL
  -- Texts behind commitments go by erasures, and sealed boxes by burning.
  SELECT t.name, to_regclass(t.name), w.name, w.kind, coalesce(w.does, t.does)
  FROM (VALUES ('audit.payload', 'audit.deny_payload()'), ('audit.sealed_draw', 'audit.deny_sealed()'))
         AS t (name, does)
    CROSS JOIN (VALUES ('deny_row', 27, NULL), ('deny_truncate', 34, 'audit.deny()'))
         AS w (name, kind, does)
)
SELECT w.name || ' ' || w.trigger AS missing
FROM wanted AS w
WHERE NOT EXISTS (
  SELECT FROM pg_trigger AS t
  WHERE t.tgrelid = w.oid AND t.tgname = w.trigger AND t.tgtype = w.kind AND t.tgenabled = 'A'
    AND t.tgfoid = to_regprocedure(w.does) AND t.tgqual IS NULL)
ORDER BY 1

-- name: strange
-- What else acts on our tables by itself: triggers, rules, row security and its policies.
WITH ours AS (
  SELECT c.oid, c.oid::regclass::text AS name, c.relrowsecurity, c.relforcerowsecurity
  FROM pg_class AS c WHERE c.relnamespace = ANY (ARRAY['audit', 'ledger', 'duban']::regnamespace[])
    AND c.relkind IN ('r', 'p')
)
SELECT 'trigger ' || o.name || ' ' || t.tgname AS found FROM ours AS o JOIN pg_trigger AS t
  ON t.tgrelid = o.oid AND NOT t.tgisinternal AND t.tgname NOT IN ('deny_row', 'deny_truncate')
UNION ALL
SELECT 'rule ' || o.name || ' ' || r.rulename FROM ours AS o JOIN pg_rewrite AS r
  ON r.ev_class = o.oid
UNION ALL
SELECT 'policy ' || o.name || ' ' || p.polname FROM ours AS o JOIN pg_policy AS p
  ON p.polrelid = o.oid
UNION ALL
SELECT 'rowsecurity ' || o.name FROM ours AS o WHERE o.relrowsecurity AND o.relforcerowsecurity
ORDER BY 1

-- name: migration_lock
-- The number is the name "duban" read as bytes; hexadecimal literals came with PostgreSQL 16.
SELECT pg_advisory_xact_lock(431466111342)

-- name: migration_table
CREATE SCHEMA IF NOT EXISTS duban;
CREATE TABLE IF NOT EXISTS duban.schema_migration (
  version    int PRIMARY KEY,
  name       text NOT NULL,
  checksum   text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT now()
)

-- name: migrations_exist
SELECT to_regclass('duban.schema_migration') IS NOT NULL

-- name: migrations_applied
SELECT version, name, checksum FROM duban.schema_migration ORDER BY version

-- name: migration_done
INSERT INTO duban.schema_migration (version, name, checksum) VALUES ($1, $2, $3)

-- name: ensure_partitions
SELECT to_char(m, 'YYYYMM') AS month, audit.ensure_partition(m::date) AS outcome
FROM generate_series(date_trunc('month', $1::date::timestamp), $2::date::timestamp, '1 month') AS m

-- name: default_partitions
SELECT to_char(m, 'YYYYMM') AS month, audit.ensure_partition(m::date) AS outcome
FROM generate_series(
  date_trunc('month', now() AT TIME ZONE 'UTC'),
  date_trunc('month', now() AT TIME ZONE 'UTC') + interval '12 months', '1 month') AS m

-- name: create_database_statement
SELECT format('CREATE DATABASE %I', $1::text)
WHERE NOT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)

-- name: drop_database_statement
SELECT format('DROP DATABASE IF EXISTS %I WITH (FORCE)', $1::text)

-- name: password_statements
SELECT format('ALTER ROLE %I PASSWORD %L', rolname, $1::text) AS statement
FROM pg_roles WHERE rolcanlogin
