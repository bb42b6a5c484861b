#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The same on a real block device, a loop device in the place of a stick: it is claimed, so that what is mounted is seen even where
# no list tells, and reading back goes past the cache.
. tests/fake/world
truncate -s 96M "$WORLD/back"
LOOP=$(losetup --find --show "$WORLD/back" 2>/dev/null) || { echo "no loop device can be had here"; exit 77; }
trap 'umount "$WORLD/mounted" 2>/dev/null; losetup -d "$LOOP"; world_end $?' EXIT
world_make
stick_make
rm "$DEV/sdb"
mknod "$DEV/sdb" b $((0x$(stat -c %t "$LOOP"))) $((0x$(stat -c %T "$LOOP"))) || { echo "no device can be made here"; exit 77; }
head -c 1 "$DEV/sdb" >"$WORLD/byte" 2>/dev/null || { echo "no device can be opened here"; exit 77; }
mkdir "$WORLD/mounted"

# another device under that name
expect 7 write carried sdb --yes-erase sdb
says stderr "/dev/sdb is not the device that the kernel knows by this name; nothing is written"
echo "$((0x$(stat -c %t "$LOOP"))):$((0x$(stat -c %T "$LOOP")))" >"$WORLD/machine/sys/class/block/sdb/dev"

expect 0 write carried sdb --yes-erase sdb
says stdout "verified; you may unplug it"
cmp -n $((64 * 1024 * 1024)) "$WORLD/here/out/carried/carried.img" "$WORLD/back" || fail "the stick holds something else"

# what is on it now is a file system: it is told, and in use it is refused
expect 0 write --list
says stdout 'holds sdb ext4 "root"'
if mount -o ro "$LOOP" "$WORLD/mounted"; then
	expect 7 write carried sdb --yes-erase sdb
	says stderr "/dev/sdb is in use (mounted somewhere else, or taken by a program); end that first"
	umount "$WORLD/mounted"
fi
nobody_left
