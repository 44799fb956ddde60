# shellcheck shell=bash
# Secrets of the deployment in AWS Secrets Manager: those that Terraform made, and those that nodes share.

# secret_get ID > response of GetSecretValue. Exit code 2: it has no value.
secret_get() {
  aws_json secretsmanager secretsmanager.GetSecretValue <<<"{\"SecretId\": \"$1\"}"
}

# fetch_secret NAME ID: writes the value to $RUN/secrets/NAME, which gitlab.rb reads.
fetch_secret() {
  retry "Reading the secret $2" 600 secret_get "$2" >"$RUN/response" ||
    fail "The secret $2 has no value, or there is no such secret$(last_error)"
  "$HERE/documents.py" field SecretString <"$RUN/response" | write_file 600 "$RUN/secrets/$1"
  rm "$RUN/response"
}

# fetch_config_secrets: what gitlab.config of the topology takes from secrets.
fetch_config_secrets() {
  local index=0 id
  for id in $CONFIG_SECRETS; do
    index=$((index + 1))
    fetch_secret "config-$index" "$id"
  done
}

# read_shared NAME: the response for a value that nodes share, in $RUN/response. Exit code 2: there is none yet.
read_shared() {
  retry "Reading the secret $DEPLOYMENT/$1" 600 secret_get "$DEPLOYMENT/$1" >"$RUN/response"
}

# take NAME FILE: the shared value becomes FILE's content. Exit code 2: there is none yet.
take() {
  read_shared "$1" || return
  "$HERE/documents.py" field SecretString <"$RUN/response" | write_file 600 "$2" || fail "$2 can't be written"
  rm "$RUN/response"
}

# share NAME FILE merge|replace: shares the JSON object in FILE. `merge` adds what the shared value hasn't, and leaves
# alone what it has; `replace` shares FILE as it is. In the end FILE has the shared value. Exit code 3: another node was
# faster, so that FILE's own additions may be gone.
#
# A value's version is named after the version it replaces, and Secrets Manager refuses a version that exists with
# another content. So of two nodes that would replace the same value one fails, and looks again: no value is lost.
share() {
  local name=$1 file=$2 mode=$3 version status faster=0
  while true; do
    if read_shared "$name"; then
      version=$("$HERE/documents.py" field VersionId <"$RUN/response") || return 1
      "$HERE/documents.py" field SecretString <"$RUN/response" >"$RUN/shared" || return 1
    else
      version=none
      printf '{}' >"$RUN/shared"
    fi
    status=0
    "$HERE/documents.py" "$mode" "$RUN/shared" "$file" >"$RUN/new" || status=$?
    if ((status == 3)); then break; fi
    if ((status != 0)); then fail "$file and the secret $DEPLOYMENT/$name can't be put together"; fi
    if retry "Sharing $DEPLOYMENT/$name" 600 publish "$name" "$version" "$RUN/new"; then
      log "Shared $DEPLOYMENT/$name"
      mv -f "$RUN/new" "$RUN/shared"
      break
    fi
    faster=3
  done
  write_file 600 "$file" <"$RUN/shared"
  rm -f "$RUN/new" "$RUN/shared" "$RUN/response"
  return "$faster"
}

# publish NAME VERSION FILE: FILE becomes the value that follows VERSION. Exit code 2: another value followed it already.
publish() {
  local token
  token=$(printf '%s after %s' "$1" "$2" | sha256sum | cut -d ' ' -f 1)
  "$HERE/documents.py" put-secret "$DEPLOYMENT/$1" "$token" <"$3" |
    aws_json secretsmanager secretsmanager.PutSecretValue >/dev/null
}
