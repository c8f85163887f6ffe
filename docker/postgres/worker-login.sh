#!/bin/sh
# After the migrations, which create the logins without passwords: let the worker sign in.
set -eu

psql --set ON_ERROR_STOP=1 --host postgres --username "${POSTGRES_USER}" --dbname "${POSTGRES_DB}" \
    --set password="${POSTGRES_WORKER_PASSWORD}" <<'SQL'
ALTER ROLE duban_worker PASSWORD :'password';
SQL
