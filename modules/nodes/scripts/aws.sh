# shellcheck shell=bash
# AWS' APIs, called with the instance's role. curl signs the requests itself, so that nothing has to be installed before
# a node can read its secrets or say why it failed. Secrets travel through pipes and files in memory, never through arguments.

# imds PATH: instance metadata, version 2.
imds() {
  local endpoint=http://169.254.169.254/latest token
  token=$(curl -fsS --max-time 5 -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' "$endpoint/api/token") || return 1
  curl -fsS --max-time 5 -H @- "$endpoint/$1" <<<"X-aws-ec2-metadata-token: $token"
}

# role_credentials: the role's, as a curl configuration in $RUN/credentials. They are read anew every five minutes, before EC2
# replaces them, and after a call that was refused.
role_credentials() {
  local now read_at=0 role credentials
  printf -v now '%(%s)T' -1
  if [ -s "$RUN/credentials" ]; then read -r _ read_at <"$RUN/credentials"; fi
  if ((now >= read_at && now < read_at + 300)); then return 0; fi
  role=$(imds meta-data/iam/security-credentials/) || return 1
  credentials=$(imds "meta-data/iam/security-credentials/$role" | "$HERE/documents.py" curl-config) || return 1
  printf '# %s\n%s\n' "$now" "$credentials" | write_file 600 "$RUN/credentials"
}

# aws_call SERVICE HEADER... < body > response
#
# Exit code 1: worth another attempt, such as throttling, a fault of the network, or a role that isn't known everywhere
# yet. Exit code 2: an answer that stays; its code is in $RUN/error.
aws_call() {
  local service=$1 response status header headers=()
  shift
  for header in "$@"; do headers+=(-H "$header"); done
  : >"$RUN/error"
  role_credentials || return 1
  response=$(
    curl -sS --max-time 60 --config "$RUN/credentials" --aws-sigv4 "aws:amz:$REGION:$service" \
      "${headers[@]}" --data-binary @- --write-out '\n%{http_code}' "https://$service.$REGION.$AWS_DOMAIN/" \
      2>"$RUN/error"
  ) || return 1
  status=${response##*$'\n'}
  if [ "$status" = 200 ]; then
    printf '%s' "${response%$'\n'*}"
    return 0
  fi
  "$HERE/documents.py" error <<<"${response%$'\n'*}" >"$RUN/error"
  case $(<"$RUN/error") in
    ResourceNotFoundException* | ResourceExistsException* | ResourceAlreadyExistsException* | ValidationError*) return 2 ;;
    *)
      rm -f "$RUN/credentials"
      return 1
      ;;
  esac
}

# aws_json SERVICE TARGET < request > response: the services that speak JSON.
aws_json() {
  aws_call "$1" 'Content-Type: application/x-amz-json-1.1' "X-Amz-Target: $2"
}
