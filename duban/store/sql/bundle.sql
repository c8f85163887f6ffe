-- What an export reads, by name. Parsed by duban/bundle/source.py.

-- name: newest
SELECT c.tree_size, c.note, coalesce(array_agg(s.line ORDER BY s.witness)
       FILTER (WHERE s.line IS NOT NULL), '{}') AS lines
FROM (SELECT tree_size, note FROM audit.checkpoint ORDER BY tree_size DESC LIMIT $1) AS c
  LEFT JOIN audit.cosignature AS s ON s.tree_size = c.tree_size
GROUP BY c.tree_size, c.note ORDER BY c.tree_size DESC

-- name: entries
SELECT l.leaf_index, l.leaf_hash, e.leaf
FROM audit.leaf AS l JOIN audit.event AS e ON e.event_id = l.event_id
WHERE l.leaf_index < $1 ORDER BY l.leaf_index

-- name: campaign_entries
-- Whole streams, so that a gap in their ordinals shows: those whose first entry is the campaign's.
SELECT l.leaf_index, l.leaf_hash, e.leaf
FROM audit.event_ops AS e JOIN audit.leaf AS l ON l.event_id = e.event_id
WHERE e.stream = ANY (ARRAY(
    SELECT o.stream FROM audit.event_ops AS o WHERE o.campaign = $2 AND o.seq = 0))
  AND l.leaf_index < $1
ORDER BY l.leaf_index

-- name: may_read_bodies
SELECT has_table_privilege('audit.payload', 'SELECT')

-- name: bodies
-- Row security may let a login see more; what is not for everybody never leaves in a bundle.
SELECT l.leaf_index, p.slot, p.salt, p.body
FROM audit.payload AS p JOIN audit.leaf AS l ON l.event_id = p.event_id
WHERE l.leaf_index < $1 AND p.enc = 'none'
  AND (p.class = 'normal' OR (p.class = 'embargo'
       AND p.embargo_until_us <= (extract(epoch FROM now()) * 1000000)::bigint))
ORDER BY l.leaf_index, p.slot

-- name: campaign_bodies
SELECT l.leaf_index, p.slot, p.salt, p.body
FROM audit.payload AS p JOIN audit.leaf AS l ON l.event_id = p.event_id
  JOIN audit.event_ops AS e ON e.event_id = p.event_id
WHERE e.stream = ANY (ARRAY(
    SELECT o.stream FROM audit.event_ops AS o WHERE o.campaign = $2 AND o.seq = 0))
  AND l.leaf_index < $1 AND p.enc = 'none'
  AND (p.class = 'normal' OR (p.class = 'embargo'
       AND p.embargo_until_us <= (extract(epoch FROM now()) * 1000000)::bigint))
ORDER BY l.leaf_index, p.slot
