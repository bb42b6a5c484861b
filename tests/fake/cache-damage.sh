#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A part of the cache that is not what it was when it was published is not used: it is set aside with a word and made again.
. tests/fake/world
world_make
build tiny
whole=$(digest tiny)

told() { # what the newest run noted
	set -- "$WORLD"/cache/run/*/events
	shift $(($# - 1))
	grep '"note"' "$1"
}

again() { # CACHED THING, REASON: what was damaged is told, and the results are those of a whole cache
	rm -rf "$WORLD/here/out"
	build tiny
	[ "$(digest tiny)" = "$whole" ] || fail "another image after damage of $1"
	told | grep -q "$1 in the cache is damaged: $2; it was moved to $WORLD/cache/bad/" || fail "nothing is said of $1: $(told)"
	expect 0 cache verify
}

part() { # PATTERN: of the one entry that matches, its path in the cache
	(cd "$WORLD/cache" && find . -path "./$1" | sed 's|^./||' | head -n 1)
}

# One bit of a finished part; the file is as long as before.
stage=$(part 'stage/linux-*')
spoil() { # FILE
	chmod u+w "$1" && printf '~' | dd of="$1" bs=1 seek=20 conv=notrunc status=none
}
file=$(cd "$WORLD/cache/$stage" && find . -name vmlinuz | sed 's|^./||')
spoil "$WORLD/cache/$stage/$file"
again "$stage" "$file is not what it was"

# A file more in a source tree, whose stage has to be made again because of another file that is not there any more.
tree=$(part 'tree/linux-*')
chmod -R u+w "$WORLD/cache/$tree"
echo hidden >"$WORLD/cache/$tree/hidden.c"
rm "$WORLD/cache/$stage/$file"
again "$tree" 'it has [0-9]* files and [0-9]* bytes, it had [0-9]* and [0-9]*'

# An archive that is to be unpacked once more.
archive=$(part 'source/*/linux-6.12.9.tar.xz')
spoil "$WORLD/cache/$archive"
chmod -R u+w "$WORLD/cache/$tree" && rm -rf "${WORLD:?}/cache/$tree" "${WORLD:?}/cache/$stage"
again "$archive" 'its SHA-256 is [0-9a-f]*'

# Bytes that changed without anybody's writing are found when all is compared: here the record says that they did.
record=$(part 'record/stage-linux-*')
sed -i "/ $(printf %s "$file" | sed 's|/|\\/|g')\$/s/ [0-9a-f]\{64\} / $(printf %064d 7) /" "$WORLD/cache/$record"
rm -rf "$WORLD/here/out"
build tiny
[ "$(digest tiny)" = "$whole" ] || fail "another image"
! told | grep -q damaged || fail "content was compared although nobody touched it"
expect 0 build tiny --check-cache --json
told | grep -q "$stage in the cache is damaged: $file is not what it was" || fail "not every byte was compared"
[ "$(digest tiny)" = "$whole" ] || fail "another image"
expect 0 build tiny --check-cache --json
! told | grep -q damaged || fail "what was made again counts as damaged"

# Somebody else uses it: it stays, and one is told.
spoil "$WORLD/cache/$stage/$file"
rm -rf "$WORLD/here/out"
flock -s "$WORLD/cache/lock/$(printf %s "$stage" | tr / -)" sleep 20 &
holder=$!
until_true 5 test -e "/proc/$holder/fd/3"
expect 7 build tiny --plain
cat "$WORLD/stdout" "$WORLD/stderr" >"$WORLD/all"
says all 'another run uses it'
kill "$holder"
wait "$holder" 2>/dev/null
nobody_left
