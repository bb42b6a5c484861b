#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A 32-bit system that fits a floppy and 20 MiB of memory.
. tests/boot/common
built floppy
bytes=$(cat "$HERE"/out/floppy/vmlinuz "$HERE"/out/floppy/initramfs* | wc -c)
echo "kernel and initramfs: $bytes bytes"
[ "$bytes" -lt 1400000 ] || fail "does not fit a floppy with a boot loader"
booted 0 floppy --memory 20
checked kernel shell mounts modes libc init hostname root poweroff
