#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What people carry away, on the kernel of first-boot: each format is looked at by the field's own tools and, where it starts by
# itself, started by each firmware; and twice the same bytes, wherever it is made.
. tests/boot/common
for tool in grub-mkimage xorriso mcopy mkfs.fat; do
	command -v $tool >/dev/null || { echo "$tool is not installed"; exit 77; }
done
printf 'image = iso tar\nhostname = carried\nboot-timeout = 0\n' | profile carried
built carried
cd "$HERE/out/carried" || exit 1
xorriso -indev carried.iso -report_el_torito plain >"$HERE/report" 2>/dev/null || fail "xorriso does not read the image"
grep -q 'boot img.* BIOS *y' "$HERE/report" || fail "nothing to start with BIOS: $(cat "$HERE/report")"
grep -q 'boot img.* UEFI *y' "$HERE/report" || fail "nothing to start with UEFI: $(cat "$HERE/report")"
tar -tvf carried.tar.zst >"$HERE/list" || fail "tar does not read the archive"
grep -q '^-rw------- 0/0 .* etc/shadow$' "$HERE/list" || fail "etc/shadow is not root's alone: $(grep shadow "$HERE/list")"
grep -q '^crw------- 0/0 .*5,1 .* dev/console$' "$HERE/list" || fail "the console's node is missing"
cp carried.iso carried.tar.zst "$HERE"
cd "$ROOT" || exit 1

for firmware in bios uefi; do
	booted 0 carried --firmware $firmware --timeout 180
	grep -q "\"firmware\": *\"$firmware\"" "$HERE/verdict" || fail "it was not started by $firmware"
	checked kernel messages shell mounts init hostname network dns fetch root poweroff
done

# the same bytes when the images are written again, for another folder, in another time zone, locale and umask
for stage in "${BOOTSMITH_CACHE:-$ROOT/cache}"/stage/iso-* "${BOOTSMITH_CACHE:-$ROOT/cache}"/stage/tar-*; do
	rm -rf "$stage"
done
(umask 077 && TZ=Asia/Tokyo LC_ALL=C smith build carried --plain --output "$HERE/another place") || fail "not built again"
for file in carried.iso carried.tar.zst; do
	cmp "$HERE/$file" "$HERE/another place/$file" || fail "$file is not the same"
done
