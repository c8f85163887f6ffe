-- What the verifier asks a database, by name; parsed by duban.store.queries.parse.

-- name: snapshot
SELECT pg_export_snapshot()

-- name: extent
SELECT coalesce(max(leaf_index) + 1, 0) AS size FROM audit.leaf

-- name: leaves
SELECT leaf_index, event_id, leaf_hash FROM audit.leaf
WHERE leaf_index >= $1 AND leaf_index < $2
ORDER BY leaf_index

-- name: entries_with_words
-- Entries of a piece of the log lie close together: between the first and the last id of the piece,
-- and its first and last time, only months that can hold some are looked through. The ids are hidden
-- from the planner, who would otherwise weigh each of them.
-- A leaf comes as its bytes, and the words of an entry as they are sent, in the order of theirs.
SELECT e.event_id, convert_to(e.leaf, 'UTF8') AS leaf, e.request_mac, e.recorded_us, e.occurred_us,
       e.stream, e.seq, e.tag, e.campaign, e.unit, e.actor, e.object_type, e.object_id, e.outcome,
       e.sealed,
       tsvectorsend(s.grams) AS words,
       (s.campaign, s.unit, s.actor, s.tag, s.object_type, s.object_id, s.outcome)
         IS NOT DISTINCT FROM
       (e.campaign, e.unit, e.actor, e.tag, e.object_type, e.object_id, e.outcome) AS columns_found
FROM audit.event AS e
  LEFT JOIN audit.search AS s
    ON s.occurred_us = e.occurred_us AND s.seq = e.seq AND s.event_id = e.event_id
       AND s.occurred_us BETWEEN $4 AND $5
WHERE e.event_id = ANY (ARRAY(SELECT unnest($1::uuid[]))) AND e.event_id BETWEEN $2 AND $3

-- name: projected
SELECT next_index FROM audit.projection

-- name: doubled_leaves
SELECT event_id, array_agg(leaf_index ORDER BY leaf_index) AS places
FROM audit.leaf GROUP BY event_id HAVING count(*) > 1 LIMIT 1000

-- name: tiles
SELECT level, tile_index, hashes, root FROM audit.tile
WHERE level = $1 AND tile_index >= $2 AND tile_index < $3

-- name: tile_roots
SELECT tile_index, root FROM audit.tile WHERE level = 0 AND tile_index < $1

-- name: higher_tiles
SELECT level, tile_index, hashes, root FROM audit.tile WHERE level > 0

-- name: tile_extent
SELECT level, max(tile_index) AS last FROM audit.tile GROUP BY level

-- name: all_checkpoints
SELECT tree_size, root, frontier, created_us, note FROM audit.checkpoint ORDER BY tree_size

-- name: all_cosignatures
SELECT tree_size, witness, line, signed_us FROM audit.cosignature ORDER BY tree_size, witness

-- name: texts
SELECT p.event_id, p.slot, p.class, p.embargo_until_us, p.salt, p.body, p.enc
FROM audit.leaf AS l JOIN audit.payload AS p ON p.event_id = l.event_id
WHERE l.leaf_index >= $1 AND l.leaf_index < $2

-- name: waiting_texts
-- Those of entries without a place, and of no entry at all.
SELECT p.event_id, p.slot, p.class, p.embargo_until_us, p.salt, p.body, p.enc
FROM audit.payload AS p
WHERE NOT EXISTS (SELECT FROM audit.leaf AS l WHERE l.event_id = p.event_id)

-- name: texts_at
SELECT p.slot FROM audit.event AS e JOIN audit.payload AS p ON p.event_id = e.event_id
WHERE e.stream = $1 AND e.seq = $2

-- name: entry_at
SELECT leaf FROM audit.event WHERE stream = $1 AND seq = $2 ORDER BY event_id LIMIT 1

-- name: waiting
-- Which they are is told by the indexes alone: their texts would be read for nothing.
WITH unplaced AS MATERIALIZED (
  SELECT e.event_id FROM audit.event AS e
  WHERE NOT EXISTS (SELECT FROM audit.leaf AS l WHERE l.event_id = e.event_id))
SELECT e.event_id, e.leaf, e.request_mac, e.recorded_us, e.occurred_us, e.stream, e.seq, e.tag,
       e.campaign, e.unit, e.actor, e.object_type, e.object_id, e.outcome, e.sealed
FROM unplaced AS u,
  LATERAL (SELECT * FROM audit.event AS o WHERE o.event_id = u.event_id OFFSET 0) AS e
ORDER BY e.stream, e.seq
