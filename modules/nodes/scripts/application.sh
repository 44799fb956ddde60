# shellcheck shell=bash
# An application node. Guide: "Install GitLab and create custom AMI".

# shellcheck source=modules/nodes/scripts/ssh.sh
. "$HERE/ssh.sh"

SECRETS_FILE=/etc/gitlab/gitlab-secrets.json

# Everything there is, with what the nodes share. Should GitLab have needed more keys than they share, these are shared.
configure_gitlab() {
  local status
  while true; do
    take gitlab-secrets "$SECRETS_FILE"
    retry 'gitlab-ctl reconfigure' 1800 run gitlab-ctl reconfigure
    status=0
    share gitlab-secrets "$SECRETS_FILE" merge || status=$?
    if ((status == 0)); then return 0; fi
  done
}

take_gitaly_certificate() {
  install -d -m 755 /etc/gitlab/trusted-certs
  retry "Waiting for Gitaly's certificate" "$DEADLINE" has_certificate
  "$HERE/documents.py" unpack /etc/gitlab/trusted-certs <"$RUN/certificate.json"
}

# The Gitaly node shares it when it boots.
has_certificate() {
  take gitaly-certificate "$RUN/certificate.json" || return 1
}

# is_ready QUERY: GitLab's readiness on this node, past the load balancer.
is_ready() {
  local options=()
  if [ "$PROXY_PROTOCOL" = true ]; then options=(--haproxy-protocol); fi
  curl -fsS --max-time 20 --output /dev/null -H "Host: $DOMAIN" "${options[@]}" "http://127.0.0.1/-/readiness$1"
}

step 'Reading secrets'
for secret in database-password cache-token gitaly-token; do
  fetch_secret "$secret" "$DEPLOYMENT/$secret"
done
fetch_config_secrets

step "Installing $GITLAB_PACKAGE $GITLAB_VERSION"
install_gitlab

step 'Waiting for the database'
retry "Downloading Amazon's CA bundle" 900 download_ca_bundle
write_pgpass
retry "Connecting to the database $DATABASE_HOST" "$DEADLINE" database_answers

step 'Initializing GitLab, or waiting for the node that does'
retry 'Initializing GitLab' "$DEADLINE" "$HERE/initialize.sh" || exit 2

step 'Configuring GitLab'
if [ "$GITALY_TLS" = true ]; then take_gitaly_certificate; fi
configure_gitlab

step 'Configuring SSH'
configure_ssh

step 'Checking GitLab'
retry 'The services of gitlab-ctl status' 600 run gitlab-ctl status
retry 'http://127.0.0.1/-/readiness?all=1' "$DEADLINE" is_ready '?all=1'
retry 'gitlab-rake gitlab:check' 900 run gitlab-rake gitlab:check SANITIZE=true
retry 'http://127.0.0.1/-/readiness' 600 is_ready ''

step 'Going into service'
retry "Completing the instance's launch" 600 complete_launch CONTINUE ||
  log "The instance is in service already$(last_error)"
