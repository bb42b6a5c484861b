#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A lock makes every later plan take the same archives, whatever is newer by then; wrong bytes under it are nobody's but an error.
. tests/fake/world
world_make
build tiny
free=$(digest tiny)

expect 0 lock tiny
lock=$WORLD/config/bootsmith/profiles/tiny.lock
[ -s "$lock" ] || fail "no lock beside the profile"
says stdout "written to $lock"
cmp "$lock" "$WORLD/here/out/tiny/lock" || fail "the lock is not what the build left among its results"
grep -qx 'version = 6.12.9' "$lock" || fail "the lock does not hold the version"

# A newer version comes: the lock holds, and without it the newer one is taken.
tree linux 6.12.10 "a b c d e f g"
pack linux-6.12.10 "$WORLD/src"
offer linux 6.12 6.12.10
rm -rf "$WORLD/cache/index"
build tiny
[ "$(digest tiny)" = "$free" ] || fail "another system under the same lock"
[ "$(counts | cut -d' ' -f1)" -le 1 ] || fail "the lock made something run again: $(counts)"
expect 0 plan tiny
says stdout 'source: linux 6.12.9'
expect 0 check tiny
says stdout "6.12.9 as locked in"
expect 0 lock tiny
says stdout 'already'
before=$(cat "$lock")
expect 0 lock tiny --update --json
"$BIN/lib/jsonlines" <"$WORLD/stdout" || fail "lock --json"
grep -q '"before": *"6.12.9", *"change": *"6.12.9 -> 6.12.10"' "$WORLD/stdout" || fail "the change is not told: $(cat "$WORLD/stdout")"
[ "$(cat "$lock")" != "$before" ] || fail "the lock was not written"
expect 0 lock tiny --update
says stdout 'nothing changed'
build tiny
[ "$(digest tiny)" != "$free" ] || fail "the old system under a new lock"

# The same lock in an empty cache, without any index: its own URLs are enough, and they are checked.
chmod -R u+w "$WORLD/cache"
rm -rf "$WORLD/cache" "$WORLD/data/share/catalogue"
mkdir "$WORLD/data/share/catalogue"
sed -i "s|^\(url *= \).*/|\1file://$WORLD/mirror/|" "$lock"
echo 'origins = cache mirror' | settings
expect 0 fetch tiny
chmod -R u+w "$WORLD/cache"
rm -rf "$WORLD/cache" "$WORLD/here/out"
printf 'XXXX' | dd of="$WORLD/mirror/busybox-1.37.0.tar.xz" bs=1 seek=100 conv=notrunc status=none
for verb in fetch build; do
	expect 8 $verb tiny --plain
	cat "$WORLD/stdout" "$WORLD/stderr" >"$WORLD/all"
	says all busybox-1.37.0.tar.xz
done

# A shipped profile's lock is the person's own, and is honoured.
mkdir -p "$WORLD/data/profiles"
cp "$WORLD/config/bootsmith/profiles/tiny.profile" "$WORLD/data/profiles/theirs.profile"
pack busybox-1.37.0 "$WORLD/src"
rm -f "$WORLD/data/share/catalogue"/*
for version in 6.12.9 6.12.10; do
	offer linux 6.12 $version
done
offer busybox 1.37 1.37.0
echo "origins = cache mirror
mirror = file://$WORLD/mirror" | settings
expect 0 lock theirs
says stdout "written to $WORLD/config/bootsmith/locks/theirs.lock"
expect 0 plan theirs
says stderr "as locked in $WORLD/config/bootsmith/locks/theirs.lock"
nobody_left
