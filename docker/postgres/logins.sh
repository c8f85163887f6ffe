#!/bin/sh
# After the migrations, which create the logins without passwords: let worker and sequencer sign in.
set -eu

psql --set ON_ERROR_STOP=1 --host postgres --username "${POSTGRES_USER}" --dbname "${POSTGRES_DB}" \
    --set worker="${POSTGRES_WORKER_PASSWORD}" --set sequencer="${POSTGRES_SEQUENCER_PASSWORD}" <<'SQL'
ALTER ROLE duban_worker PASSWORD :'worker';
ALTER ROLE duban_sequencer PASSWORD :'sequencer';
SQL
