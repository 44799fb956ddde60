# shellcheck shell=bash
# What every part of the boot has: the node's settings, the functions, and the time that is left.

# shellcheck source=modules/nodes/scripts/log.sh
. "$HERE/log.sh"
# shellcheck source=/dev/null
. /etc/gitlab-node/node.conf
install -d -m 700 "$RUN" "$RUN/secrets" "$STATE"
# Temporary files, of here-documents too, stay in memory.
export TMPDIR=$RUN

# The boot ends before Auto Scaling's patience does, so that it can say why. A child process takes over the time.
export DEADLINE_AT
DEADLINE_AT=${DEADLINE_AT:-$(($(date +%s) + BOOT_TIMEOUT * 9 / 10))}
# shellcheck disable=SC2034 # for retry
DEADLINE=$((DEADLINE_AT - $(date +%s)))

# shellcheck source=modules/nodes/scripts/aws.sh
. "$HERE/aws.sh"
# shellcheck source=modules/nodes/scripts/secrets.sh
. "$HERE/secrets.sh"

if [ -z "${INSTANCE_ID:-}" ]; then
  retry "Reading the instance's id" 300 imds meta-data/instance-id >"$RUN/instance-id"
  INSTANCE_ID=$(<"$RUN/instance-id")
fi
export INSTANCE_ID
if [ "$NODE_ROLE" = application ]; then
  # shellcheck source=modules/nodes/scripts/database.sh
  . "$HERE/database.sh"
fi
