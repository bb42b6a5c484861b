#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The date that files of an image bear: the newest source's, whether its archive is still there or not; or SOURCE_DATE_EPOCH.
. tests/fake/world
for tool in cpio zstd; do
	command -v $tool >/dev/null || { echo "there is no $tool" && exit 77; }
done
world_make
dated() { # DATE: all files of the image
	# two archives, one behind the other
	zstd -qdc "$WORLD/here/out/tiny/initramfs.cpio.zst" | { TZ=UTC cpio -tv --quiet && TZ=UTC cpio -tv --quiet; } >"$WORLD/listing"
	grep -q 'etc/passwd' "$WORLD/listing" || fail "the second archive is not listed: $(cat "$WORLD/listing")"
	[ "$(grep -c "$1" "$WORLD/listing")" = "$(wc -l <"$WORLD/listing")" ] || fail "not all files are of $1: $(cat "$WORLD/listing")"
}

# Two archives, the newer one decides (of the world's own they are all of 2001).
tree busybox 1.37.1 "x y z"
tar -C "$WORLD/src" --sort=name --mtime=@1300000000 --owner=0 --group=0 --numeric-owner -cf - busybox-1.37.1 |
	xz -0 -T1 >"$WORLD/mirror/busybox-1.37.1.tar.xz"
build tiny
dated 'Sep  9  2001'
first=$(digest tiny)
offer busybox 1.37 1.37.1
rm -rf "$WORLD/cache/index"
build tiny
dated 'Mar 13  2011'
newer=$(digest tiny)

# A component's banner bears the date of its own source.
smith log tiny busybox.build >"$WORLD/log"
says log '{epoch} is 1300000000: 2011-03-13'
says log 'KBUILD_BUILD_TIMESTAMP={day}'
smith log tiny linux.build >"$WORLD/log"
says log '{epoch} is 1000000000: 2001-09-09'

# The date is kept: without the archives another image can be written, from the parts that are compiled already.
chmod -R u+w "$WORLD/cache/source" "$WORLD/cache/tree"
rm -rf "$WORLD/cache/source" "$WORLD/cache/tree"
expect 0 set tiny hostname=other
build tiny
grep -q '"step": *"[a-z]*.fetch", *"result": *"ok"' "$WORLD/stdout" && fail "an archive was downloaded for its date"
dated 'Mar 13  2011'

# In a cache that knows no dates they are found again, in archives that have to be had for that.
rm -f "$WORLD"/cache/index/date-* "$WORLD/cache/index/chosen"
chmod -R u+w "$WORLD"/cache/stage/initramfs-*
rm -rf "$WORLD"/cache/stage/initramfs-*
expect 0 set tiny hostname=tiny
build tiny
dated 'Mar 13  2011'
[ "$(digest tiny)" = "$newer" ] || fail "the same choices give another image"

# A date from outside goes into everything, and without it the old parts are taken again.
export SOURCE_DATE_EPOCH=1234567890
build tiny
dated 'Feb 13  2009'
[ "$(counts | cut -d' ' -f1)" -gt 2 ] || fail "only the image got the date: $(counts)"
smith log tiny linux.build >"$WORLD/log"
says log KBUILD_BUILD_TIMESTAMP=2009-02-13
unset SOURCE_DATE_EPOCH
build tiny
[ "$(digest tiny)" = "$newer" ] || fail "the date from outside is still there"
[ "$newer" != "$first" ] || fail "the test tests nothing"
nobody_left
