#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# q beside a machine that is switched on says so and asks once: it ends with the window, or stays on and is found again.
. tests/fake/world
world_make
guest_make
scenario holds
mkfifo "$WORLD/here/out/guest/go"

left_on() { # KEY
	{
		to_first_check guest
		cat <<-END
			sh ": >$WORLD/here/out/guest/go"
			wait "is running. Enter lets you type to it"
			keys q
			wait "The booted system of guest is switched on"
			cursor-on "Power it off and quit"
			keys c
			lacks "switched on"
			resize 40x10
			keys q
			wait "Power it off and quit"
			resize 80x24
			keys $1
			exit 0
			restored
			has "boot of guest: pass"
			$2
		END
	} | play
}
left_on s 'lacks "is still on"'
nobody_left
left_on y 'has "is still on"'
nobody_lives && fail "the machine that was to stay on is off"

# What is left on is on the start screen, and a build asks what becomes of it.
play <<-'END'
	start
	wait "RUNNING"
	cursor-on "Last build or boot"
	keys 4
	wait "A test boot of guest is going on"
	cursor-on "Show it"
	keys r
	deadline 30
	wait "built guest"
	keys q
	exit 0
END
nobody_left
