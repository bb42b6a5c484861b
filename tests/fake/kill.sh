#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# kill -9 of the builder at any moment: the next build goes on, gives the same image, and nothing is left of the first.
# Moments are those when an event appears in the log (every step's boundaries), and some drawn by chance in between.
. tests/fake/world
PACE=0.03
world_make
SEED=${SEED:-$(date +%s)}
echo "SEED=$SEED"
POINTS=${POINTS:-20}

build tiny
whole=$(digest tiny)
events=$(wc -l <"$WORLD/stdout")

log_has() { # LINES, or the window is gone
	[ "$(cat "$CACHE"/run/*/events 2>/dev/null | wc -l)" -ge "$1" ] || ! kill -0 "$window" 2>/dev/null
}

# All that is ours dies at once, as by the kernel's hand; the window that watched it dies by itself.
kill_all() {
	victims=$(survivors)
	[ -n "$victims" ] || ! kill -0 "$window" 2>/dev/null || fail "the test does not see the processes of the build"
	# shellcheck disable=SC2086 # one word a process
	kill -9 $victims 2>/dev/null
	wait "$window" 2>/dev/null
	nobody_left
}

one_point() { # LINES MILLISECONDS
	CACHE=$WORLD/killed.$n
	rm -rf "$WORLD/here/out"
	smith build tiny --json >"$WORLD/stdout" 2>"$WORLD/stderr" </dev/null &
	window=$!
	until_true 20 log_has "$1" || fail "the log did not grow to $1 lines"
	sleep "0.$(printf %03d "$2")" # not a wait for anything: the moment of the kill is drawn by chance
	kill_all
	build tiny
	[ "$(digest tiny)" = "$whole" ] || fail "another image after a kill at event $1 + $2 ms"
	expect 0 cache verify
	[ -z "$(ls "$CACHE/tmp" 2>/dev/null)" ] || fail "left in tmp: $(ls "$CACHE/tmp")"
	chmod -R u+w "$CACHE" && rm -rf "$CACHE"
}

n=0
while [ $n -lt "$POINTS" ]; do
	n=$((n + 1))
	SEED=$(((SEED * 1103515245 + 12345) % 2147483648))
	one_point $((n * events / POINTS)) $((SEED / 65536 % 120))
done
