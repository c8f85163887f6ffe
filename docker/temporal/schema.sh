#!/bin/sh
# Create Temporal's two databases and bring their schema up to date; safe to run again.
set -eu

prepare() {
    database=$1
    schema=$2
    tool="temporal-sql-tool --plugin postgres12 --ep ${POSTGRES_SEEDS} --port ${DB_PORT} --user ${POSTGRES_USER} --db ${database}"
    # The words of $tool are separate arguments and hold no blanks.
    # shellcheck disable=SC2086
    $tool create
    # shellcheck disable=SC2086
    $tool setup-schema -v 0.0
    # shellcheck disable=SC2086
    $tool update-schema -d "/etc/temporal/schema/postgresql/v12/${schema}/versioned"
}

prepare "${DBNAME}" temporal
prepare "${VISIBILITY_DBNAME}" visibility
