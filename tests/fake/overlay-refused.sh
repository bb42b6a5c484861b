#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A file that the format cannot hold, and a link in the place of a folder that is filled, are found by check and plan, not by the
# writer after all else was built.
. tests/fake/world
world_make

mkdir -p "$WORLD/here/over/srv"
truncate -s 4294967296 "$WORLD/here/over/srv/large"
expect 0 set tiny overlay="$WORLD/here/over"
for verb in check plan; do
	expect 6 $verb tiny --offline
	cat "$WORLD/stdout" "$WORLD/stderr" 2>/dev/null | grep -q '/srv/large .* is larger than 4 GiB' || fail "$verb does not name the file"
done
truncate -s 10 "$WORLD/here/over/srv/large"
expect 0 plan tiny --offline

refused() { # WORDS
	for verb in check plan; do
		expect 6 $verb tiny --offline
		cat "$WORLD/stdout" "$WORLD/stderr" | grep -q "$1" || fail "$verb does not say: $1"
	done
}

# Latin-1 is for archives that do not care.
touch "$WORLD/here/over/srv/$(printf 'caf\351')"
expect 0 plan tiny --offline
for format in tar oci; do
	expect 0 set tiny image="initramfs $format"
	refused "/srv/caf.* is not UTF-8, and image = $format can hold no other"
done
rm "$WORLD"/here/over/srv/caf*
touch "$WORLD/here/over/srv/café"
expect 0 plan tiny --offline

mkdir -p "$WORLD/here/over/usr/bin"
ln -s usr/bin "$WORLD/here/over/bin"
refused 'brings /bin as a link, but recipe busybox puts files into the folder /bin'
rm "$WORLD/here/over/bin"
: >"$WORLD/here/over/etc"
refused 'brings /etc as a file, but .* puts files into the folder /etc'
rm "$WORLD/here/over/etc"
mkdir "$WORLD/here/over/bin"
expect 0 plan tiny --offline
