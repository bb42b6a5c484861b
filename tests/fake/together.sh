#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Two builds at once in one cache do no harm: both succeed, and give what each alone gives.
. tests/fake/world
PACE=0.05
world_make
printf 'summary = Another\nhostname = another\n' | profile another
build tiny
build another
alone=$(digest tiny) other=$(digest another)

for round in 1 2 3; do
	chmod -R u+w "$WORLD/cache" && rm -rf "$WORLD/cache" "$WORLD/here/out"
	for name in tiny another; do
		smith build $name --json >"$WORLD/$name.out" 2>"$WORLD/$name.err" </dev/null &
	done
	wait
	for name in tiny another; do
		"$BIN/lib/jsonlines" build <"$WORLD/$name.out" || fail "$name in round $round: $(tail -n 3 "$WORLD/$name.err")"
	done
	[ "$(digest tiny)$(digest another)" = "$alone$other" ] || fail "other images in round $round"
done
expect 0 cache verify
nobody_left
