#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# GRUB from source, for one firmware (each takes a minute), starts a CD and a disk; its menu is on the serial line, too, and hands
# on the words that the test boot adds; it does not know where it was built.
. tests/boot/common
for tool in flex bison gawk python3 xorriso mcopy mkfs.fat; do
	command -v $tool >/dev/null || { echo "$tool is not installed"; exit 77; }
done
CACHE=${BOOTSMITH_CACHE:-$ROOT/cache}

printf 'image = iso disk\nfirmware = bios\ngrub = 2.12\nhostname = loader\nboot-timeout = 1\n' | profile loader
built loader
for medium in cd virtio; do
	booted 0 loader --firmware bios --medium $medium --timeout 180
	checked kernel messages shell mounts modes init hostname network dns fetch root poweroff
	grep -qa 'GNU GRUB *version 2.12' "$HERE/out/loader/serial.log" || fail "no menu of the chosen version"
done
ls -d "$CACHE"/stage/grub-pc-*/usr/lib >/dev/null || fail "GRUB was not built"
if grep -rlF -e "$CACHE" -e "$ROOT" "$CACHE"/stage/grub-pc-*/usr; then
	fail "these have a path of this machine in them"
fi
