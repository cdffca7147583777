#!/bin/bash
# What the stack asks of a PostgreSQL image, as the official one answers it: POSTGRES_USER, POSTGRES_DB, POSTGRES_PASSWORD_FILE,
# PGDATA, and `postgres -c …` as the command. A database that is there is left as it is; a half-made one is made anew.
set -euo pipefail
: "${PGDATA:?names the folder of the database}" "${POSTGRES_USER:=postgres}"
: "${POSTGRES_DB:=$POSTGRES_USER}"
PATH="$(echo /usr/lib/postgresql/*/bin):$PATH"
if [[ ! -s "$PGDATA/PG_VERSION" ]]; then
    making="$PGDATA.making"
    rm -rf "$making"
    initdb --pgdata="$making" --username="$POSTGRES_USER" --pwfile="${POSTGRES_PASSWORD_FILE:?names the file with the password}" \
        --auth-local=trust --auth-host=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 --data-checksums
    echo 'host all all all scram-sha-256' >>"$making/pg_hba.conf"
    # Without TCP: nobody meets a server that is about to end.
    pg_ctl --pgdata="$making" --wait --options="-c listen_addresses=''" start
    psql --username="$POSTGRES_USER" --dbname=postgres --quiet --command="CREATE DATABASE \"$POSTGRES_DB\""
    pg_ctl --pgdata="$making" --wait stop
    mv "$making" "$PGDATA"
fi
exec "$@"
