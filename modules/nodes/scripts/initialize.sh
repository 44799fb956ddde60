#!/bin/bash
# Initializes GitLab's database and the secrets that nodes share, on one node of any number that come up together; the
# others wait for it here. Should it die, the next one takes over. Exit code 1: worth another attempt.
set -Eeuo pipefail
HERE=$(dirname "$(readlink -f "$0")")
# shellcheck source=modules/nodes/scripts/environment.sh
. "$HERE/environment.sh"

SECRETS_FILE=/etc/gitlab/gitlab-secrets.json

main() {
  local state
  state=$(database_state)
  if is_initialized "$state" && shared_secrets_exist; then return 0; fi
  lock
  # Another node may have done it while this one waited.
  state=$(database_state)
  if is_initialized "$state" && shared_secrets_exist; then return 0; fi
  log "This node initializes GitLab; the database is $state"
  make_secrets "$state"
  make_host_keys
  initialize_database "$state"
}

shared_secrets_exist() {
  read_shared gitlab-secrets && read_shared ssh-host-keys
}

# The secrets come before the database: what it holds is encrypted with them.
make_secrets() {
  local status=0
  if ! take gitlab-secrets "$SECRETS_FILE"; then
    case $1 in
      empty | initializing) ;;
      *) fail "The database holds a GitLab's data, but the secret $DEPLOYMENT/gitlab-secrets has no value. Without the gitlab-secrets.json it was written with it can't be read: store that file there, as docs/nodes.md says" ;;
    esac
    # An image may have brought one, which its other instances would have too.
    rm -f "$SECRETS_FILE"
  fi
  # Makes what is missing: all of them, or those that are new in this version of GitLab.
  while_locked run_reconfigure
  locked ''
  share gitlab-secrets "$SECRETS_FILE" merge || status=$?
  # Whatever this node made instead must not encrypt anything.
  if ((status == 3)); then while_locked run_reconfigure; fi
}

make_host_keys() {
  local made kind
  if read_shared ssh-host-keys; then return 0; fi
  made=$(mktemp -d "$RUN/host-keys.XXXXXX")
  for kind in rsa ecdsa ed25519; do
    ssh-keygen -q -t "$kind" -N '' -C "$DOMAIN" -f "$made/ssh_host_${kind}_key"
  done
  "$HERE/documents.py" pack "$made" | write_file 600 "$RUN/host-keys.json"
  rm -rf "$made"
  share ssh-host-keys "$RUN/host-keys.json" merge || (($? == 3))
}

# initialize_database STATE
initialize_database() {
  local fresh=false
  case $1 in
    initializing)
      start_over
      fresh=true
      ;;
    empty)
      locked "COMMENT ON DATABASE \"$DATABASE_NAME\" IS '$INITIALIZING'"
      fresh=true
      ;;
  esac
  log 'Extensions'
  create_extensions
  if $fresh; then
    log 'Schema and first user'
    # Through the environment, which only root and the user it runs as can read.
    fetch_secret initial-root-password "$DEPLOYMENT/initial-root-password"
    GITLAB_ROOT_PASSWORD=$(<"$RUN/secrets/initial-root-password")
    export GITLAB_ROOT_PASSWORD
  else
    log 'Migrations'
  fi
  while_locked run_configure
  unset GITLAB_ROOT_PASSWORD
  rm -f "$RUN/secrets/initial-root-password"
  log 'Application settings'
  while_locked run_settings
  locked "COMMENT ON DATABASE \"$DATABASE_NAME\" IS '$INITIALIZED $GITLAB_VERSION'"
  log "The database is initialized for GitLab $GITLAB_VERSION"
}

# A node died between the first table and the first user. GitLab never ran on this database, but would take it for a
# complete one and not add the user any more.
start_over() {
  log 'Another node died while it initialized the database; starting over'
  if [ "$(sql <<<"SELECT to_regclass('public.projects') IS NOT NULL")" = t ] &&
    [ "$(sql <<<'SELECT count(*) FROM public.projects')" != 0 ]; then
    fail "The database's comment says that it was never initialized, but it has projects. Nothing was changed. If they are meant to stay: COMMENT ON DATABASE \"$DATABASE_NAME\" IS NULL"
  fi
  # What the dead node started may still be at work.
  sql --output /dev/null <<<"SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND usename = current_user AND application_name NOT LIKE 'gitlab-node %'"
  locked ''
  sql --output /dev/null --file "$HERE/start-over.sql"
}

create_extensions() {
  local extension
  for extension in $DATABASE_EXTENSIONS; do
    sql <<<"CREATE EXTENSION IF NOT EXISTS $extension"
  done
}

run_reconfigure() { run gitlab-ctl reconfigure; }
run_configure() { run gitlab-rake gitlab:db:configure; }
run_settings() { run gitlab-rails runner "$HERE/settings.rb"; }

main
