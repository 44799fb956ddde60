#!/bin/bash
# The inside of machine.py: FOLDER TERMINAL LAYER... Runs in namespaces of its own, and becomes systemd.
set -euo pipefail
folder=$1 terminal=$2
shift 2
layers=$(IFS=:; echo "$*")
root=$folder/root

mkdir -p "$folder"/{upper,work,root}
mount --make-rprivate /
mount -t overlay overlay -o "lowerdir=$layers,upperdir=$folder/upper,workdir=$folder/work" "$root"
mount -t proc proc "$root/proc"
# The kernel's own, and what tells programs that they are on EC2.
mount -t tmpfs -o mode=755 tmpfs "$root/sys"
for entry in /sys/*; do
  mkdir "$root$entry"
  mount --rbind "$entry" "$root$entry"
done
mkdir -p "$root/sys/hypervisor"
echo ec2sand-box0 >"$root/sys/hypervisor/uuid"
mount -t tmpfs -o mode=755 tmpfs "$root/run"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
for device in null zero full random urandom tty; do
  touch "$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
mkdir "$root/dev/pts" "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts "$root/dev/pts"
mount -t tmpfs tmpfs "$root/dev/shm"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
touch "$root/dev/console"
mount --bind "$terminal" "$root/dev/console"
# An EBS volume, as Nitro instances see it.
if [ -e "$folder/volume" ]; then
  read -r id device <"$folder/volume"
  touch "$root/dev/nvme1n1"
  mount --bind "$device" "$root/dev/nvme1n1"
  mkdir -p "$root/dev/disk/by-id"
  ln -s ../../nvme1n1 "$root/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${id/-/}"
fi

# Control groups, of version 2 alone: systemd mounts what it finds of another version itself, outside this machine's own group,
# and there it removes the groups of other machines' services.
umount -l "$root/sys/fs/cgroup" 2>/dev/null || true
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
exec chroot "$root" env -i container=sandbox PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
  /lib/systemd/systemd --log-target=journal --show-status=no
