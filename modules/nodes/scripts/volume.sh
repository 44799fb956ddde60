# shellcheck shell=bash
# Gitaly's data volume: made a file system once, and never again.

DATA=/var/opt/gitlab/git-data

mount_data_volume() {
  local device uuid
  retry "Waiting for the volume $DATA_VOLUME to be attached" "$DEADLINE" data_device >/dev/null
  device=$(data_device)
  format_once "$device"
  uuid=$(blkid --probe --match-tag UUID --output value "$device")
  install -d -m 755 "$DATA"
  if ! grep -qs "^UUID=$uuid $DATA " /etc/fstab; then
    # Another volume's line goes.
    { grep -v " $DATA " /etc/fstab || true; echo "UUID=$uuid $DATA ext4 defaults,noatime,nofail 0 2"; } |
      write_file 644 /etc/fstab
    systemctl daemon-reload
  fi
  if ! mountpoint --quiet "$DATA"; then
    mount "UUID=$uuid" "$DATA" || fail "The data volume $DATA_VOLUME can't be mounted"
  fi
  # The volume may have been made larger.
  run resize2fs "$device"
}

# data_device: prints the block device, once it's attached. Nitro instances have the volume's id in its name.
data_device() {
  local path
  for path in "/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${DATA_VOLUME/-/}" /dev/sdf /dev/xvdf; do
    if [ -b "$path" ]; then
      readlink -f "$path"
      return 0
    fi
  done
  return 1
}

# format_once DEVICE: only where nothing is on it. `mkfs` that was interrupted leaves the first block empty.
format_once() {
  local found
  found=$(blkid --probe --output export "$1" | sed -n 's/^\(PT\)\{0,1\}TYPE=//p' | head -n 1) || true
  case $found in
    ext4) return 0 ;;
    '') ;;
    *) fail "The data volume $DATA_VOLUME holds $found, not ext4. It was left alone" ;;
  esac
  cmp --silent --bytes=4096 "$1" /dev/zero || fail "The data volume $DATA_VOLUME isn't empty, but has no file system. It was left alone"
  log "Making a file system on the volume $DATA_VOLUME"
  run mkfs.ext4 -q -L gitaly-data "$1" || fail "No file system could be made on the volume $DATA_VOLUME"
}
