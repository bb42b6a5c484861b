#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A cancelled build is over within two seconds, whole tree and all; a window that goes away ends nothing.
. tests/fake/world
PACE=30.$$ # the number in it tells our objects from those of other tests
world_make

start() { # waits until something is compiled
	(become "$BOOTSMITH" build tiny --json) >"$WORLD/stdout" 2>"$WORLD/stderr" </dev/null &
	window=$!
	until_true 20 compiling || fail "the build did not come to compiling"
}

compiling() {
	pgrep -f "sleep $PACE" >/dev/null && grep -q linux.build "$WORLD/stdout"
}

milliseconds() {
	echo $(($(date +%s%N) / 1000000))
}

# Ctrl-C in the window of a build: the build ends, and the status says which signal did it.
start
began=$(milliseconds)
kill -INT "$window"
wait "$window"
status=$?
nobody_left
took=$(($(milliseconds) - began))
[ $took -lt 2500 ] || fail "cancelling took $took ms"
[ $status = 130 ] || fail "status $status, not 130, after SIGINT"
grep -q '"event": *"finished"' "$WORLD/stdout" || fail "no last event"

# The window closes, or is killed: the build goes on, and attach shows it.
for signal in HUP KILL; do
	start
	kill -$signal "$window"
	wait "$window" 2>/dev/null
	pgrep -f "sleep $PACE" >/dev/null || fail "the build ended with its window (SIG$signal)"
	(become "$BOOTSMITH" attach --json) >"$WORLD/attached" 2>&1 </dev/null &
	reader=$!
	until_true 10 grep -q linux.build "$WORLD/attached" ||
		fail "attach does not show the build: $(cat "$WORLD/attached")"

	# Another run of the same profile is refused while it lives.
	expect 7 build tiny
	kill -INT "$reader"
	wait "$reader"
	nobody_left
done
