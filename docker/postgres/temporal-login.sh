#!/bin/sh
# Run once, on the first start of the database server: the login that owns Temporal's databases.
set -eu

psql --set ON_ERROR_STOP=1 --username "${POSTGRES_USER}" --dbname "${POSTGRES_DB}" \
    --set password="${POSTGRES_TEMPORAL_PASSWORD}" <<'SQL'
CREATE ROLE temporal LOGIN CREATEDB PASSWORD :'password';
SQL
