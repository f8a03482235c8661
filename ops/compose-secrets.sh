#!/bin/sh
# Writes the addresses with passwords that docker-compose.yml hands over as secrets; run where that file lies.
set -eu
cd "$(dirname "$0")/../secrets"
umask 077
printf 'postgres://app:%s@postgres:5432/dealership\n' "$(cat app.password)" > database.url
printf 'postgres://owner:%s@postgres:5432/dealership\n' "$(cat owner.password)" > database-owner.url
printf 'redis://:%s@redis:6379/0\n' "$(cat redis.password)" > redis.url
# each is mounted by itself, with the rights it has here, for users other than yours: so the files are readable,
# and the folder, which only you may enter, keeps everybody else on this machine out
chmod 644 ./*
chmod 700 .
