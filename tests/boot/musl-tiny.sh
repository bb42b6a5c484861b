#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The smallest system with a network: musl, a small BusyBox, and together with the kernel below 1.95 MB.
. tests/boot/common
built musl-tiny
bytes=$(cat "$HERE"/out/musl-tiny/vmlinuz "$HERE"/out/musl-tiny/initramfs* | wc -c)
echo "kernel and initramfs: $bytes bytes"
[ "$bytes" -le 1950000 ] || fail "larger than 1.95 MB"
booted 0 musl-tiny
checked kernel shell mounts modes libc init hostname network dns fetch root poweroff
