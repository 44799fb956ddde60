# shellcheck shell=bash
# What the boot tells AWS: its progress to CloudWatch Logs, and how it ended to Auto Scaling.

# send_progress: the lines that weren't sent yet. A boot never fails of it: the console has the same lines.
send_progress() {
  local sent=0 total request
  if [ -s "$RUN/boot.log.sent" ]; then sent=$(<"$RUN/boot.log.sent"); fi
  total=$(wc -l <"$RUN/boot.log")
  if ((total == sent)); then return 0; fi
  if ((sent == 0)); then
    request="{\"logGroupName\": \"$LOG_GROUP\", \"logStreamName\": \"$INSTANCE_ID\"}"
    # It exists where this isn't the instance's first boot.
    aws_json logs Logs_20140328.CreateLogStream <<<"$request" >/dev/null 2>&1 || true
  fi
  # Its own errors must not end up in what it sends.
  if sed -n "$((sent + 1)),${total}p" "$RUN/boot.log" |
    "$HERE/documents.py" log-events "$LOG_GROUP" "$INSTANCE_ID" |
    aws_json logs Logs_20140328.PutLogEvents >/dev/null 2>&1; then
    printf '%s' "$total" >"$RUN/boot.log.sent"
  fi
}

# step TEXT: what the boot does next.
step() {
  STEP=$*
  log "$STEP (${SECONDS} s)"
  send_progress
}

# complete_launch CONTINUE|ABANDON: takes the instance into service, or has Auto Scaling replace it. An instance that is in
# service, which has booted again, has no launch to complete: exit code 2.
complete_launch() {
  local form="Action=CompleteLifecycleAction&Version=2011-01-01&LifecycleActionResult=$1"
  form+="&AutoScalingGroupName=$AUTO_SCALING_GROUP&LifecycleHookName=$LIFECYCLE_HOOK&InstanceId=$INSTANCE_ID"
  # Without the end of line that a here-string has: it would be a part of the instance's id.
  printf '%s' "$form" | aws_call autoscaling 'Content-Type: application/x-www-form-urlencoded' >/dev/null
}
