#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Two people, one cache: a person's own runs come first, those of others are marked. Only root can make up somebody else.
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
nobody_left
