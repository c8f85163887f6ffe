-- What `duban doctor` asks a database, by name; parsed by duban.store.queries.parse.

-- name: clock
SELECT clock_timestamp()

-- name: logins
SELECT array_agg(rolname::text) FROM pg_roles WHERE rolname = ANY ($1)
