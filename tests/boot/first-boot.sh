#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The default profile from real sources: kernel 6.12, DHCP, the shell, a name looked up and a file fetched; below 4 MiB.
. tests/boot/common
built first-boot
bytes=$(cat "$HERE"/out/first-boot/vmlinuz "$HERE"/out/first-boot/initramfs* | wc -c)
echo "kernel and initramfs: $bytes bytes"
[ "$bytes" -lt 4194304 ] || fail "larger than 4 MiB"
booted 0 first-boot
checked kernel shell mounts modes settings libc init hostname network dns fetch root poweroff
grep -q '"verdict": *"pass"' "$HERE/verdict" || fail "no passing verdict"
smith build first-boot --json >"$HERE/again"
tail -n 1 "$HERE/again" | grep -q '"run": *0' || fail "a second build runs something"
