# shellcheck shell=bash
# The Gitaly node. Guide: "Set up Gitaly".

# shellcheck source=modules/nodes/scripts/volume.sh
. "$HERE/volume.sh"
# shellcheck source=modules/nodes/scripts/gitaly-certificate.sh
. "$HERE/gitaly-certificate.sh"

gitaly_answers() {
  run runuser -u git -- /opt/gitlab/embedded/bin/gitaly check /var/opt/gitlab/gitaly/config.toml
}

has_gitlab_secrets() {
  take gitlab-secrets /etc/gitlab/gitlab-secrets.json || return 1
}

step 'Reading secrets'
fetch_secret gitaly-token "$DEPLOYMENT/gitaly-token"

step 'Mounting the data volume'
mount_data_volume

if [ "$GITALY_TLS" = true ]; then
  step 'Making the certificate'
  make_certificate
fi

step "Installing $GITLAB_PACKAGE $GITLAB_VERSION"
install_gitlab

step "Waiting for GitLab's secrets, which the first application node makes"
retry "Reading the secret $DEPLOYMENT/gitlab-secrets" "$DEADLINE" has_gitlab_secrets

step 'Configuring Gitaly'
retry 'gitlab-ctl reconfigure' 1800 run gitlab-ctl reconfigure
if [ "$GITALY_TLS" = true ]; then hand_over_certificate; fi

step 'Checking Gitaly'
retry 'The services of gitlab-ctl status' 600 run gitlab-ctl status
retry 'gitaly check' "$DEADLINE" gitaly_answers
