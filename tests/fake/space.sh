#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A full disk, a read-only cache, somebody else's cache: status 7, one clear message, nothing lost; with room it goes on.
if [ -z "${INSIDE:-}" ]; then
	alone="unshare -m"
	[ "$(id -u)" = 0 ] || alone="unshare -Urm"
	$alone true 2>/dev/null || { echo "no mount namespaces for this user" && exit 77; }
	INSIDE=yes exec $alone "$0"
fi
. tests/fake/world
world_make
# objects of a size that matters
for object in a b c; do
	head -c 400000 /dev/urandom | od -An -x >>"$WORLD/src/linux-6.12.9/$object.c"
done
pack linux-6.12.9 "$WORLD/src"
rm "$WORLD/data/share/catalogue/linux"
offer linux 6.12 6.12.9
offer linux 6.1 6.1.100
build tiny
whole=$(digest tiny)
rm -rf "$WORLD/here/out"

CACHE=$WORLD/small
mkdir "$CACHE"
mount -t tmpfs -o size=512k none "$CACHE" || exit 77
for size in 512k 1m 2m 4m 6m; do
	mount -o remount,size=$size "$CACHE"
	smith build tiny --plain >"$WORLD/stdout" 2>"$WORLD/stderr" </dev/null
	status=$?
	[ $status = 0 ] && fail "the build fits into $size: the test is wrong"
	[ $status = 7 ] || fail "status $status, not 7, with $size of space"
	cat "$WORLD/stdout" "$WORLD/stderr" >"$WORLD/all"
	grep -qi 'space' "$WORLD/all" || fail "the message does not speak of space"
	[ "$size" != 512k ] || grep -q 'this build takes about' "$WORLD/all" || fail "nobody warned before the start"
	nobody_left
done
mount -o remount,size=200m "$CACHE"
build tiny
[ "$(digest tiny)" = "$whole" ] || fail "another image after the disk was full"
expect 0 cache verify

# Read-only: what is finished can be used, what is not is refused.
mount -o remount,ro "$CACHE"
printf 'kernel = 6.1\nhostname = other\n' | profile other
expect 7 build other --plain
cat "$WORLD/stdout" "$WORLD/stderr" >"$WORLD/all"
says all "$CACHE"
expect 0 cache
umount "$CACHE"

# Somebody else's: refused before anything is written into it.
if chown 12345 "$CACHE" 2>/dev/null; then
	expect 7 build tiny --plain
	cat "$WORLD/stdout" "$WORLD/stderr" >"$WORLD/all"
	says all "$CACHE"
	[ -z "$(ls "$CACHE")" ] || fail "something was written into somebody else's cache"
fi
nobody_left
