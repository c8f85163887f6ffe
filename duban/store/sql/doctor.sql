-- What `duban doctor` asks a database, by name; parsed by duban.store.queries.parse.

-- name: clock
SELECT clock_timestamp()

-- name: logins
SELECT array_agg(rolname::text) FROM pg_roles WHERE rolname = ANY ($1)

-- name: rights
SELECT has_function_privilege('duban_worker', 'audit.append(text, uuid[], text[], bytea[])',
                              'EXECUTE') AS worker_appends,
       has_table_privilege('duban_worker', 'audit.event',
                           'SELECT, INSERT, UPDATE, DELETE, TRUNCATE') AS worker_touches,
       has_table_privilege('duban_reader', 'audit.event_ops', 'SELECT') AS reader_reads
