#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Two people, one cache: a person's own runs come first, those of others are marked, and showing the newest one, typing to it and
# powering it off are asked about. Only root can make up somebody else.
. tests/fake/world
[ "$(id -u)" = 0 ] || exit 77
world_make
profile other <<-END
	hostname = other
END
build tiny
build other
chown -R nobody "$WORLD"/cache/run/*-other
play <<-'END'
	size 80x24
	start
	wait "? Help"
	has "build of tiny: ok"
	keys q
	exit 0
	start attach other
	wait "built other, of nobody"
	keys q
	exit 0
END
chown -R nobody "$WORLD"/cache/run/*-tiny
play <<-'END'
	start
	wait "build of other: ok, of nobody"
	resize 40x10
	keys q
	exit 0
END

# Without a name, showing what another person does is asked, or allowed by a flag; with one it is what was meant.
expect 2 attach --plain
says stderr 'The newest run is a build of other, by nobody. Show it?'
says stderr '--others'
expect 0 attach --plain --others
expect 0 attach other --plain
play <<-'END'
	size 80x24
	start attach
	wait "by nobody. Show it? [y/N]"
	type n Enter
	exit 0
	start attach
	wait "[y/N]"
	type y Enter
	wait "built other, of nobody"
	keys q
	exit 0
END

# A machine that somebody left on.
guest_make
scenario holds
mkfifo "$WORLD/here/out/guest/go"
{
	to_first_check guest
	cat <<-END
		sh ": >$WORLD/here/out/guest/go"
		wait "is running. Enter lets you type to it"
		keys q
		wait "is switched on"
		keys y
		exit 0
	END
} | play
chown -R nobody "$WORLD"/cache/run/*-guest
play <<-'END'
	size 80x24
	start attach guest
	wait "boot guest, of nobody"
	keys x
	wait "This system was booted by nobody, not by you. Power it off?"
	cursor-on "n  No"
	keys Enter
	lacks "Power it off?"
	keys Enter
	wait "not by you. Let your keys"
	keys Esc
	lacks "Let your keys"
	lacks "KEYS GO TO THE SYSTEM"
	keys Enter
	wait "not by you. Let your keys"
	resize 40x10
	keys y
	resize 80x24
	wait "KEYS GO TO THE SYSTEM"
	keys C-] x
	wait "Power it off?"
	keys n
	keys C-] q
	keys q
	exit 0
END
nobody_lives && fail "the machine of somebody else was powered off"
play <<-'END'
	size 80x24
	start attach guest
	wait "boot guest, of nobody"
	keys x
	wait "Power it off?"
	keys y
	lacks "and is running"
	keys q
	exit 0
END
nobody_left
