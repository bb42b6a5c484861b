#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Guests that cannot work, made from the kernel that first-boot built: the verdict says so and why.
. tests/boot/common

# Without an init: its row is missing from the file list.
mkdir -p "$HERE/data/share/rootfs"
for list in share/rootfs/*.files; do
	grep -v '= */init ' "$list" >"$HERE/data/$list"
done
BOOTSMITH_PATH=$HERE/data
export BOOTSMITH_PATH
printf 'hostname = headless\n' | profile no-init
booted 4 no-init
diagnosed no-init
unset BOOTSMITH_PATH

# Without a console on the line that is listened to: silence until the time is over.
printf 'hostname = mute\nconsole = tty0\n' | profile mute
booted 5 mute --timeout 30
grep -q '"verdict": *"timeout"' "$HERE/verdict" || fail "not a time-out"
