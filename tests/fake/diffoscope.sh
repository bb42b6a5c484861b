#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The field's own tool finds the same file as `bootsmith verify` does, in a program that writes down where it was compiled.
. tests/fake/world
command -v diffoscope >/dev/null || { echo "there is no diffoscope" && exit 77; }
world_make
tree busybox 1.37.1 "x y z"
sed -i 's|^> @ln -s busybox .*|&\n> @pwd >_install/bin/where|' "$WORLD/src/busybox-1.37.1/rules.mk"
pack busybox-1.37.1 "$WORLD/src"
offer busybox 1.37 1.37.1
build tiny
expect 3 verify tiny --keep
says stdout 'differs: initramfs.cpio.zst: bin/where'
kept=$(sed -n 's/^the second build is kept in //p' "$WORLD/stdout")
diffoscope --text "$WORLD/report" "$WORLD/here/out/tiny/initramfs.cpio.zst" "$kept/its résults/initramfs.cpio.zst" 2>"$WORLD/stderr"
[ $? = 1 ] || fail "diffoscope sees no difference"
grep -q 'bin/where' "$WORLD/report" || fail "diffoscope does not name the file: $(cat "$WORLD/report")"
rm -rf "$kept"
