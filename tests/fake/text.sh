#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What a person sees of runs without a screen: a line for each event and no escape sequence; the log of a step also when later
# runs had it in the cache; the run again with attach; and what fetch leaves to do.
. tests/fake/world
world_make

expect 0 fetch tiny
says stdout 'linux.fetch: done'
grep -q 'linux.build' "$WORLD/stdout" && fail "fetch does more than fetch"
expect 0 plan tiny
says stdout 'will run  linux.build'

# What the pairing table does to a component is told, takes part in its key, and a word that nobody reads is refused.
mkdir -p "$WORLD/data/share/pairings"
cure() { # KEY VALUE
	printf '[cure test-cure]\nleft = busybox < 2\nright = linux >= 6.12\n%s = %s\nreason = it breaks\nsource = a test\n' \
		"$1" "$2" >"$WORLD/data/share/pairings/test.pairing"
}
cure file CONFIG_OF_THE_CURE=n
expect 0 plan tiny
says stdout 'cure: test-cure: busybox < 2 with linux >= 6.12 gets file CONFIG_OF_THE_CURE=n, for it breaks (a test)'
expect 0 plan tiny --json
says stdout '"name":"test-cure","component":"busybox"'
expect 0 versions busybox --offline
says stdout 'cure: test-cure'
expect 0 build tiny
expect 0 why tiny busybox.configure
says stdout 'cure: test-cure'
expect 0 why tiny linux.build
grep -q test-cure "$WORLD/stdout" && fail "the cure of another component is told"
cure file CONFIG_OF_THE_CURE=y
expect 0 plan tiny
says stdout 'will run  busybox.configure'
says stdout 'cached    linux.build'
cure filx CONFIG_OF_THE_CURE=n
expect 6 plan tiny
says stderr "cure 'test-cure' gives 'filx'"
rm -r "$WORLD/data/share/pairings"

chmod -R u+w "$WORLD/cache"
rm -rf "$WORLD/cache" "$WORLD/here/out"
expect 0 build tiny
says stdout 'linux.build: started'
says stdout 'linux.build: done in'
says stdout 'tiny is built after'
says stdout 'out/tiny/vmlinuz'
grep -q "$(printf '\033')" "$WORLD/stdout" && fail "there is an escape sequence"
expect 0 build tiny
says stdout 'linux.build: in the cache'

expect 0 log tiny linux.build
says stdout 'make'
expect 0 log ./tiny.profile linux.build
expect 2 log tiny linux.bild
says stderr "did you mean 'linux.build'"
expect 0 log tiny
expect 2 log nobody
says stderr 'bootsmith build nobody'

expect 0 attach tiny
says stdout 'tiny is built after'
expect 0 attach --json
tail -n 1 "$WORLD/stdout" | grep -q '"event": *"finished"' || fail "attach --json does not end with the last event"
expect 0 why tiny linux.build
nobody_left
