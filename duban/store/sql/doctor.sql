-- What `duban doctor` asks a database, by name; parsed by duban.store.queries.parse.

-- name: clock
SELECT clock_timestamp()

-- name: logins
SELECT array_agg(rolname::text) FROM pg_roles WHERE rolname = ANY ($1)

-- name: log_ages
-- Seconds since the newest checkpoint was made, and since the newest that a witness cosigned was.
SELECT (now.s - (SELECT created_us FROM audit.checkpoint ORDER BY tree_size DESC LIMIT 1) / 1e6
       )::float8 AS signed,
       (now.s - (SELECT created_us FROM audit.checkpoint
                 WHERE tree_size = (SELECT max(tree_size) FROM audit.cosignature)) / 1e6
       )::float8 AS cosigned
FROM (SELECT extract(epoch FROM clock_timestamp())) AS now (s)
