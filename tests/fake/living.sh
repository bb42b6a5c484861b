#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The start screen lists what goes on besides the run that it shows: which, of what, since when. A key shows it; of several one is
# chosen. Nothing of it ends because another one is looked at.
. tests/fake/world
world_make
guest_make
for name in first second third; do
	profile $name <"$WORLD/config/bootsmith/profiles/guest.profile"
	mkdir -p "$WORLD/here/out/$name"
	echo holds >"$WORLD/here/out/$name/scenario"
	mkfifo "$WORLD/here/out/$name/go"
done

left_on() { # PROFILE
	play <<-END
		size 80x24
		start $1
		wait "? Help"
		keys 4
		deadline 30
		wait "built $1"
		keys b
		wait "ok   mounts"
		sh ": >$WORLD/here/out/$1/go"
		wait "Enter lets you type to it"
		keys q
		wait "is switched on"
		keys y
		exit 0
	END
}
left_on first
play <<-'END'
	size 80x24
	start
	wait "a test boot of first is RUNNING"
	lacks "Also running"
	keys q
	wait "is switched on"
	keys y
	exit 0
END
left_on second
left_on third
play <<-'END'
	size 80x24
	start
	wait "a test boot of third is RUNNING"
	wait "7  Also running"
	has "boot of second since "
	has ", boot of first since "
	keys 7
	wait "Which one do you want to see?"
	resize 40x10
	has "2  boot of first since "
	keys 2
	wait "PASS"
	resize 80x24
	wait "boot first"
	wait "Enter lets you type to it"
	keys Esc
	wait "a test boot of first is RUNNING"
	has "boot of third since "
	keys 6
	wait "boot first"
	keys x
	wait "The system passed its test."
	lacks "and is running"
	keys Esc
	wait "boot of first: ok"
	keys 7 1
	wait "boot third"
	keys x
	lacks "and is running"
	keys Esc
	wait "boot of second since "
	lacks ", boot of"
	keys 7
	wait "boot second"
	keys x
	lacks "and is running"
	keys Esc
	wait "boot of second: ok"
	lacks "Also running"
	keys q
	exit 0
END
nobody_left
