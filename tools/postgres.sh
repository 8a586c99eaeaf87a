#!/usr/bin/env bash
# A throw-away PostgreSQL for tests: `tools/postgres.sh start DIR PORT` prints its DATABASE_URL,
# `tools/postgres.sh stop DIR` ends it. Installs Debian's package when it is missing and we may.
set -euo pipefail

bin=$(dirname "$(command -v pg_ctl || ls /usr/lib/postgresql/*/bin/pg_ctl 2>/dev/null | tail -1 || true)")
if [ ! -x "$bin/pg_ctl" ]; then
  apt-get update -qq >&2 && apt-get install -y -qq postgresql >&2
  bin=$(dirname "$(ls /usr/lib/postgresql/*/bin/pg_ctl | tail -1)")
fi
bin=$(dirname "$(readlink -f "$bin/pg_ctl")")
dir=$2

# What tests write may be lost with the machine, not with a process: no test waits for a disk.
lax="-c fsync=off -c synchronous_commit=off -c full_page_writes=off"

# PostgreSQL refuses to run as root.
as() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }

case $1 in
  start)
    mkdir -p "$dir"
    [ "$(id -u)" = 0 ] && chown postgres "$dir"
    as "$bin/initdb" -D "$dir/data" -A trust -U onesystem -E UTF8 --locale=C.UTF-8 >/dev/null
    as "$bin/pg_ctl" -D "$dir/data" -l "$dir/log" -w -o "-p $3 -k $dir -c listen_addresses=127.0.0.1 -c max_connections=60 $lax" start >/dev/null
    as "$bin/createdb" -h 127.0.0.1 -p "$3" -U onesystem onesystem
    echo "postgresql://onesystem@127.0.0.1:$3/onesystem"
    ;;
  stop)
    as "$bin/pg_ctl" -D "$dir/data" -m immediate stop >/dev/null
    ;;
  *)
    echo "usage: $0 start DIR PORT | stop DIR" >&2
    exit 2
    ;;
esac
