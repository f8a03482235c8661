#!/bin/sh
# Run by the Postgres image on its first start: the two roles, the wall, one empty database.
set -eu
owner=$(cat /run/secrets/owner_password)
app=$(cat /run/secrets/app_password)
psql --set ON_ERROR_STOP=1 --username postgres --dbname template1 --set owner="$owner" --set app="$app" <<'SQL'
CREATE ROLE owner LOGIN CREATEDB PASSWORD :'owner';
CREATE ROLE app LOGIN PASSWORD :'app';
GRANT app TO owner;
\i /wall.sql
CREATE DATABASE dealership OWNER owner;
SQL
