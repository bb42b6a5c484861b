#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A build that fails before it compiles anything shows why and what helps on its card, in a small window as well, and offers no
# log that does not exist.
. tests/fake/world
world_make

# Each row: a name, what makes it fail, what the card says of the cause and of the remedy.
card() { # NAME CAUSE REMEDY
	play <<-END
		size 80x24
		start
		wait "? Help"
		keys 3
		wait "$1"
		keys g
		cursor-on "$1"
		keys b
		deadline 30
		wait "BUILD FAILED"
		has "Cause"
		has "$2"
		has "Remedy"
		has "$3"
		lacks "0 of 0 steps"
		lacks "Not recognised"
		lacks "Full log"
		keys l
		row -2 has "There is no log."
		cursor-on "1  Retry"
		keys 3
		lacks "Remedy"
		keys e
		wait "BUILD FAILED"
		resize 40x10
		keys m
		wait "what was cut"
		keys Esc 2
		wait "General"
		keys q
		exit 0
		has "$2"
	END
	rm "$WORLD/config/bootsmith/profiles/$1.profile"
}

profile a <<-END
	kernel-fragment = $WORLD/none.config
END
card a "kernel-fragment: there is no" "Edit the options"

printf 'kernel = 6.1\n' | profile b
mv "$WORLD/mirror/linux-6.1.100.tar.xz" "$WORLD/aside"
card b "no archive of linux 6.1" "Check the network"
nobody_left
