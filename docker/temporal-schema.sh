#!/bin/sh
# Creates both databases and brings their schema to the version of this image; safe to run again.
set -eu
SQL_PASSWORD=$(cat /run/secrets/temporal_db_password)
export SQL_PASSWORD SQL_PLUGIN=postgres12 SQL_PORT=5432 SQL_USER=temporal
versions=/etc/temporal/schema/postgresql/v12

bring_up() {
  # Both fail where what they make is there already; what matters is the last step.
  temporal-sql-tool --db "$1" create || echo "$1 exists"
  temporal-sql-tool --db "$1" setup-schema -v 0.0 || echo "$1 has a schema"
  temporal-sql-tool --db "$1" update-schema -d "$versions/$2/versioned"
}
bring_up temporal temporal
bring_up temporal_visibility visibility
