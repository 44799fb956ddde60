# shellcheck shell=bash
# SSH on application nodes. Guide: "Configure host keys", "Fast lookup of authorized SSH keys".

# configure_ssh: the host keys that all nodes share, and the keys of GitLab's users from its database.
configure_ssh() {
  local settings=/etc/ssh/sshd_config.d/10-gitlab.conf key instance_connect=ssh.service.d/ec2-instance-connect.conf
  take ssh-host-keys "$RUN/host-keys.json" || fail "The secret $DEPLOYMENT/ssh-host-keys has no value"
  install -d -m 755 /etc/ssh_static /run/sshd
  "$HERE/documents.py" unpack /etc/ssh_static <"$RUN/host-keys.json"
  rm "$RUN/host-keys.json"
  {
    for key in /etc/ssh_static/ssh_host_*_key; do echo "HostKey $key"; done
    cat "$HERE/sshd.conf"
  } | write_file 644 "$settings"
  # Ubuntu's images set an AuthorizedKeysCommand for EC2 Instance Connect on sshd's command line, which outranks any file.
  if [ -e "/usr/lib/systemd/system/$instance_connect" ]; then
    install -d -m 755 /etc/systemd/system/ssh.service.d
    ln -sf /dev/null "/etc/systemd/system/$instance_connect"
    systemctl daemon-reload
  fi
  if ! /usr/sbin/sshd -t 2>"$RUN/sshd-error"; then
    rm -f "$settings"
    fail "sshd refuses its configuration: $(<"$RUN/sshd-error")"
  fi
  # Where a socket starts sshd at the first connection, there's nothing to restart yet.
  systemctl try-restart ssh
}
