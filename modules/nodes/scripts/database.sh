# shellcheck shell=bash
# GitLab's database: reaching it, and the lock that makes one node of several the one that initializes it.

PSQL=/opt/gitlab/embedded/bin/psql

# What the database is, as its comment says. A comment is part of no backup and no schema, and nobody else's.
INITIALIZING='gitlab-node: initializing'
INITIALIZED='gitlab-node: initialized'

# Any number that no one else uses; GitLab's own locks are hashes of names.
LOCK_KEY=20141021

# Both ends look after the connection, which may wait for the lock for long: whoever is cut off or powered off is gone for the
# other within half a minute, where it is silent (keepalives) and where it doesn't answer (tcp_user_timeout; without it, that
# takes a quarter of an hour). So a node that died lets go of the lock.
SERVER_TIMEOUTS='-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3 -c tcp_user_timeout=25000'
CLIENT_TIMEOUTS='keepalives_idle=10 keepalives_interval=5 keepalives_count=3 tcp_user_timeout=25000'

# How psql connects. Not exported: GitLab's own programs would take it up.
CONNECTION=(
  PGHOST="$DATABASE_HOST" PGPORT="$DATABASE_PORT" PGDATABASE="$DATABASE_NAME" PGUSER="$DATABASE_USER"
  PGSSLMODE=verify-full PGSSLROOTCERT=/etc/gitlab/rds-ca-bundle.pem PGPASSFILE="$RUN/pgpass"
  PGCONNECT_TIMEOUT=10 PGAPPNAME="gitlab-node $INSTANCE_ID"
  # No limit on a statement that waits for the lock.
  PGOPTIONS="-c statement_timeout=0 -c client_min_messages=warning $SERVER_TIMEOUTS"
)

write_pgpass() {
  sed 's/[\\:]/\\&/g; s/^/*:*:*:*:/' "$RUN/secrets/database-password" | write_file 600 "$RUN/pgpass"
}

# sql [OPTION...] < statements > rows. Whatever psql's exit code: a database may be there the next time.
sql() {
  env "${CONNECTION[@]}" "$PSQL" --no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 \
    --dbname "$CLIENT_TIMEOUTS" "$@" || return 1
}

database_answers() {
  sql <<<'SELECT 1' >/dev/null 2>"$RUN/error"
}

# download_ca_bundle: what Amazon signs the databases' certificates with.
download_ca_bundle() {
  local bundle=/etc/gitlab/rds-ca-bundle.pem
  if [ -s "$bundle" ]; then return 0; fi
  install -d -m 755 /etc/gitlab
  curl -fsS --max-time 60 --stderr "$RUN/error" --output "$RUN/ca-bundle.pem" "$DATABASE_CA_URL" &&
    openssl x509 -noout -in "$RUN/ca-bundle.pem" &&
    write_file 644 "$bundle" <"$RUN/ca-bundle.pem"
}

# lock: waits for the deployment's lock. It's held as long as its session lives: until this process ends or is killed, or
# the connection breaks, which `locked` tells.
lock() {
  local answer status holder
  coproc LOCK_SESSION { sql; }
  # shellcheck disable=SC2154 # set by coproc; bash forgets it when the session ends, therefore the copies
  exec {LOCK_OUTPUT}<&"${LOCK_SESSION[0]}" {LOCK_INPUT}>&"${LOCK_SESSION[1]}"
  # shellcheck disable=SC1083,SC2093 # bash closes the descriptors that these variables hold
  exec {LOCK_SESSION[0]}<&- {LOCK_SESSION[1]}>&-
  printf 'SELECT pg_advisory_lock(%s);\n' "$LOCK_KEY" >&"$LOCK_INPUT" || return 1
  while true; do
    status=0
    IFS= read -r -t 15 -u "$LOCK_OUTPUT" answer || status=$?
    if ((status == 0)); then return 0; fi
    # More than 128: nothing to read yet. Else the session has ended.
    if ((status <= 128)); then return 1; fi
    if ((SECONDS >= DEADLINE)); then fail 'Waited for another node to initialize GitLab until the deadline'; fi
    holder=$(sql <<<"SELECT string_agg(application_name, ', ') FROM pg_stat_activity JOIN pg_locks USING (pid)
      WHERE locktype = 'advisory' AND objid = $LOCK_KEY AND granted AND datname = current_database()" 2>/dev/null || true)
    log "Waiting for ${holder:-another node}, which initializes GitLab"
  done
}

# locked STATEMENT: executes it in the lock's session, so that it fails where the lock is lost.
locked() {
  local answer
  printf "%s;\nSELECT 'held';\n" "$1" >&"$LOCK_INPUT" || return 1
  IFS= read -r -t 30 -u "$LOCK_OUTPUT" answer || return 1
  [ "$answer" = held ]
}

# while_locked COMMAND...: ends the command where the lock is lost: another node may have it by then.
while_locked() {
  local job
  # A process group of its own, which can be ended as a whole; and without the lock's session, which must end with this
  # process, whatever the command leaves running.
  set -m
  "$@" {LOCK_INPUT}>&- {LOCK_OUTPUT}<&- &
  job=$!
  set +m
  while kill -0 "$job" 2>/dev/null; do
    if ! locked ''; then
      log "Lost the database session that holds the lock; stopping $*"
      kill -TERM -- "-$job" 2>/dev/null || true
      sleep 1
      kill -KILL -- "-$job" 2>/dev/null || true
      wait "$job" || true
      return 1
    fi
    sleep 1
  done
  wait "$job"
}

# database_state: "initialized VERSION", "initializing", "data" (somebody's, without a comment of ours) or "empty".
database_state() {
  sql --set initializing="$INITIALIZING" --set initialized="$INITIALIZED" <<'SQL'
SELECT CASE
  WHEN note LIKE :'initialized' || ' %' THEN substr(note, length('gitlab-node: ') + 1)
  WHEN note = :'initializing' THEN 'initializing'
  WHEN EXISTS (SELECT FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')) THEN 'data'
  ELSE 'empty'
END
FROM (SELECT coalesce(shobj_description(oid, 'pg_database'), '') AS note
      FROM pg_database WHERE datname = current_database()) AS database
SQL
}

# is_initialized STATE: for GitLab of this node's version or a newer one.
is_initialized() {
  local version=${1#initialized }
  [ "$version" != "$1" ] && [ "$(printf '%s\n%s\n' "$GITLAB_VERSION" "$version" | sort -V | head -n 1)" = "$GITLAB_VERSION" ]
}
