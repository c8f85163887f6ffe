-- Every statement the Python code runs, by name. Parsed once by duban/store/queries.py.

-- name: append
SELECT a.stream, a.seq, a.status FROM audit.append($1, $2, $3, $4) AS a

-- name: tail
SELECT leaf FROM audit.tail($1, $2, $3) AS t (leaf)

-- name: search
SELECT event_id, leaf FROM audit.event_ops
WHERE ($1::text IS NULL OR campaign = $1)
  AND ($2::text IS NULL OR unit = $2)
  AND ($3::text IS NULL OR actor = $3)
  AND ($4::text IS NULL OR (tag >= $4 AND tag < $4 || U&'\+10FFFF'))
  AND ($5::text IS NULL OR object_type = $5)
  AND ($6::text IS NULL OR object_id = $6)
  AND ($7::text IS NULL OR outcome = $7)
  AND ($8::bigint IS NULL OR occurred_us >= $8)
  AND ($9::bigint IS NULL OR occurred_us < $9)
  AND ($10::bigint IS NULL OR (occurred_us, seq, event_id) < ($10, $11::bigint, $12::uuid))
ORDER BY occurred_us DESC, seq DESC, event_id DESC
LIMIT $13

-- name: event_by_id
SELECT event_id, leaf FROM audit.event_ops WHERE event_id = $1

-- name: event_by_ordinal
SELECT event_id, leaf FROM audit.event_ops WHERE stream = $1 AND seq = $2

-- name: stream_leaves
SELECT event_id, leaf FROM audit.event_ops WHERE stream = $1 AND seq >= $2 ORDER BY seq

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
