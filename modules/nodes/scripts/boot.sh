#!/bin/bash
# Makes this instance a GitLab node, and says how that went. It runs at every boot and may be run at any time
# (systemctl restart gitlab-node): what is done already stays as it is.
set -Eeuo pipefail
HERE=$(dirname "$(readlink -f "$0")")
install -d -m 700 /run/gitlab-node
# shellcheck source=modules/nodes/scripts/log.sh
. "$HERE/log.sh"
# shellcheck source=modules/nodes/scripts/report.sh
. "$HERE/report.sh"
STEP='Starting'
rm -f "$RUN/failure"

on_exit() {
  local status=$? attempt
  trap - EXIT TERM INT HUP
  set +e
  if ((status == 0)); then return; fi
  if ((status == 143)); then
    log "Stopped at: $STEP"
    exit 143
  fi
  log "FAILED after $SECONDS s at: $STEP. $(cat "$RUN/failure" 2>/dev/null || echo "Exit code $status; the lines above say more")"
  if [ -z "${INSTANCE_ID:-}" ]; then exit 1; fi
  send_progress
  if [ "$NODE_ROLE" = application ]; then
    for attempt in 1 2 3 4 5; do
      complete_launch ABANDON
      # 0: the instance is replaced. 2: it was in service already, and is replaced when it fails health checks.
      case $? in 0 | 2) break ;; *) sleep $((attempt * 2)) ;; esac
    done
  fi
  exit 1
}
trap on_exit EXIT
# A reboot or `systemctl stop` is no failure.
trap 'exit 143' TERM INT HUP

# shellcheck source=modules/nodes/scripts/environment.sh
. "$HERE/environment.sh"
# shellcheck source=modules/nodes/scripts/packages.sh
. "$HERE/packages.sh"

case $NODE_ROLE in
  application)
    # shellcheck source=modules/nodes/scripts/application.sh
    . "$HERE/application.sh"
    ;;
  gitaly)
    # shellcheck source=modules/nodes/scripts/gitaly.sh
    . "$HERE/gitaly.sh"
    ;;
esac
log "Ready after $SECONDS s"
send_progress
