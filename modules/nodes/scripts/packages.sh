# shellcheck shell=bash
# GitLab's package, from GitLab's repository.

export DEBIAN_FRONTEND=noninteractive

# install_gitlab: the version that the topology names, held there. Nothing happens where an image has it already.
install_gitlab() {
  local version="$GITLAB_VERSION-${GITLAB_PACKAGE#gitlab-}.0"
  if [ "$(installed_version)" = "$version" ]; then return 0; fi
  # Neither a reconfigure nor a backup on an upgrade: the boot does the one itself, and there is a database for the other.
  install -d -m 755 /etc/gitlab
  touch /etc/gitlab/skip-auto-reconfigure /etc/gitlab/skip-auto-backup
  retry 'Finishing an interrupted installation' 600 run dpkg --configure -a
  retry "Adding GitLab's package repository" 900 add_repository
  retry "Installing $GITLAB_PACKAGE $version" 1800 install_package "$GITLAB_PACKAGE=$version"
  run apt-mark hold "$GITLAB_PACKAGE"
}

installed_version() {
  # shellcheck disable=SC2016 # dpkg-query's own placeholders
  dpkg-query --show --showformat '${db:Status-Status} ${Version}' "$GITLAB_PACKAGE" 2>/dev/null | sed -n 's/^installed //p'
}

add_repository() {
  local setup="$RUN/repository.sh"
  curl -fsSL --max-time 60 --stderr "$RUN/error" --output "$setup" \
    "https://packages.gitlab.com/install/repositories/gitlab/$GITLAB_PACKAGE/script.deb.sh" && run bash "$setup"
}

install_package() {
  run apt-get update &&
    run apt-get -o DPkg::Lock::Timeout=300 install --yes --allow-change-held-packages --no-install-recommends "$1"
}
