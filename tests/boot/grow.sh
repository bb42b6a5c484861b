#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A disk that grows at its first start, on the kernel of a root on a disk: GPT, the root alone. (The older table with a /home that
# grows is in formats.sh.) Further starts change nothing, and what cannot grow starts all the same and says why.
. tests/boot/common
for tool in grub-mkimage mcopy mkfs.fat; do
	command -v $tool >/dev/null || { echo "$tool is not installed"; exit 77; }
done
PATH=$PATH:/usr/sbin:/sbin

tables() { # FILE: the first and the last copy of the partition table
	{ head -c 17408 "$1" && tail -c 16896 "$1"; } | sha256sum
}

said() { # COUNT WORDS
	[ "$(grep -ac "^early: .*$2" "$HERE/out/growing/serial.log")" = "$1" ] || {
		grep -a ^early: "$HERE/out/growing/serial.log"
		fail "'$2' is not said $1 times"
	}
}

printf 'image = initramfs disk\nroot = disk\ngrow = yes\nnetwork = none\nhostname = growing\nboot-timeout = 0\n' | profile growing
built growing
booted 0 growing --medium virtio --firmware uefi --timeout 180
checked kernel messages shell mounts modes init root grow poweroff
said 1 ' MiB now'
(cd "$HERE/out/growing" && sha256sum --quiet -c SHA256SUMS) || fail "a test boot changed the built disk"

# on a medium that keeps it, a thousand times as large
cp --sparse=always "$HERE/out/growing/growing.img" "$HERE/medium"
truncate -s 32G "$HERE/medium"
booted 0 growing --medium kernel --disk "$HERE/medium" --append root=/dev/vdb3
checked messages root grow poweroff
said 1 ' MiB now'
! command -v sgdisk >/dev/null || sgdisk -v "$HERE/medium" | grep -q 'No problems found' || fail "sgdisk finds faults"
before=$(tables "$HERE/medium")
booted 0 growing --medium kernel --disk "$HERE/medium" --append root=/dev/vdb3
checked messages root grow poweroff
said 0 ''
[ "$(tables "$HERE/medium")" = "$before" ] || fail "the second start changed the partition table"
# the partition ends a MiB before the image does
first=$((($(stat -c %s "$HERE/out/growing/growing.img") - $(stat -c %s "$HERE/out/growing/root.ext4")) / 1048576 - 1))
fsck.ext4 -fn "$HERE/medium?offset=$((first * 1048576))" || fail "the file system is not clean"

# a file system without a table, of which it is said that it has faults: the kernel does not enlarge it
cp --sparse=always "$HERE/out/growing/root.ext4" "$HERE/faulty"
truncate -s 1G "$HERE/faulty"
debugfs -w -R 'set_super_value state 2' "$HERE/faulty" || fail "the superblock cannot be changed"
booted 4 growing --medium kernel --disk "$HERE/faulty" --append root=/dev/vdb
checked shell root poweroff
said 1 '/dev/vdb does not grow: '
