#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A file that the format cannot hold is found by check and plan, not by the writer after all else was built.
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
