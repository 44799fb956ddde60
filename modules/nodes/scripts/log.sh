# shellcheck shell=bash
# Progress, retries and failure. Every line goes to stderr, which systemd sends to the journal and to the instance's
# console, and to a file, from which report.sh sends it to CloudWatch Logs.

# In memory: secrets, and whatever is read from AWS, stay off the disk. For root only.
RUN=/run/gitlab-node
# On disk, for root only: what commands printed last.
STATE=/var/lib/gitlab-node

log() {
  local line=${*//$'\n'/ }
  printf 'gitlab-node: %s\n' "$line" >&2
  printf '%s\t%s\n' "$(date +%s%3N)" "$line" >>"$RUN/boot.log"
}

# fail REASON: ends this process. The reason survives it, so that the boot can report what a child process failed of.
fail() {
  printf '%s\n' "$*" >"$RUN/failure"
  log "$*"
  exit 2
}

# run COMMAND...: its output goes to a file of root's, and to the log only where it fails, without secrets. Exit code 1
# stands for all of its own.
run() {
  local output status=0
  output="$STATE/$(basename "$1").log"
  timeout --foreground --kill-after=30 "$((DEADLINE > SECONDS ? DEADLINE - SECONDS : 1))" \
    "$@" >"$output" 2>&1 </dev/null || status=$?
  if ((status != 0)); then
    log "$* ended with exit code $status; the end of $output:"
    tail -n 30 "$output" | "$HERE/documents.py" redact "$RUN/secrets" /etc/gitlab/gitlab-secrets.json |
      while IFS= read -r line; do log "  $line"; done
    return 1
  fi
}

# retry WHAT SECONDS COMMAND...: until it succeeds, with growing pauses, for so long at most and never past the deadline
# of the boot. Exit code 2 of the command means that trying again won't help; it's handed on.
retry() {
  local what=$1 limit=$2 pause=1 attempt=1 status started=$SECONDS
  local until=$((SECONDS + limit < DEADLINE ? SECONDS + limit : DEADLINE))
  shift 2
  : >"$RUN/error"
  while true; do
    status=0
    "$@" || status=$?
    if ((status == 0 || status == 2)); then return "$status"; fi
    if ((SECONDS + pause >= until)); then
      fail "$what: gave up after $attempt attempts in $((SECONDS - started)) s$(last_error)"
    fi
    if ((attempt % 5 == 1)); then log "$what: attempt $attempt failed, trying again$(last_error)"; fi
    # A few hundred milliseconds more or less, so that nodes that started together don't come back together.
    sleep "$pause.$((RANDOM % 10))"
    attempt=$((attempt + 1)) pause=$((pause < 16 ? pause * 2 : 20))
  done
}

last_error() {
  if [ -s "$RUN/error" ]; then printf ' (%s)' "$(<"$RUN/error")"; fi
}

# write_file MODE FILE < content: in full or not at all.
write_file() {
  local new
  new=$(mktemp "$2.XXXXXX")
  cat >"$new"
  chmod "$1" "$new"
  mv -f "$new" "$2"
}
