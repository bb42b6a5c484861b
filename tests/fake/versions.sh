#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The versions of a component on the screen: which were tried with the other choices, which do not go with them and why; at
# 80x24 and without colour. The table of pairs is the test's own.
. tests/fake/world
world_make
mkdir -p "$WORLD/data/share/pairings"
: >"$WORLD/data/share/pairings/toolchain.pairing"
cat >"$WORLD/data/share/pairings/tried.pairing" <<-'END'
	[tried]
	passed = linux=6.12.9 busybox=1.37.0 libc=host arch=x86_64
	passed = linux=6.1.100 busybox=1.37.0 libc=host arch=i386
	passed = linux=7.2.1 busybox=1.36.1 libc=host arch=x86_64
END
cat >"$WORLD/data/share/pairings/test.pairing" <<-'END'
	[tool bend]
	ask = echo bend 4.2
	[pair linux-bend]
	left   = linux >= 7
	right  = bend < 5
	reason = it cannot be bent
	remedy = install a newer bend
	source = a test
	[pair busybox-linux]
	left   = busybox < 1.36
	right  = linux >= 6.8
	reason = it is too old
	remedy = use a newer one
	source = a test
END
play <<-'END'
	size 80x24
	env NO_COLOR=1
	start
	wait "? Help"
	keys 2 / "linux version" Enter Enter
	wait "Options > Kernel > Linux version"
	cursor-on "6.12"
	cursor-on "tried"
	has "Tried: built with these other versions, booted"
	has " x  7.2"
	has "linux 7.2 and bend 4.2 do not go together: it cannot be"
	keys Down
	cursor-on "( ) 6.1 "
	lacks "Tried: built"
	keys Down
	cursor-on "7.2"
	has "Not available: linux 7.2 and bend 4.2 do not go together"
	keys Space
	row -3 has "kernel: linux 7.2 and bend 4.2 do not go together"
	has "(*) 6.12"
	keys w
	wait "7.2 cannot be chosen: linux 7.2 and bend 4.2 do not go"
	keys Esc
	keys / "busybox version" Enter Enter
	wait "Options > System > BusyBox version"
	cursor-on "tried"
	has " x  1.35"
	has "busybox 1.35 and linux 6.12 do not go together: it is"
	no-color
	keys / "architecture" Enter Space
	wait "i386"
	keys / "busybox version" Enter Enter
	wait "Options > System > BusyBox version"
	lacks "tried"
	keys / "linux version" Enter Enter
	wait "Options > Kernel > Linux version"
	keys Down
	cursor-on "tried"
	keys Up Up Up End Enter
	wait "Known values:"
	keys C-u "7.2" Enter
	wait "Conflict: linux 7.2 and bend 4.2 do not go together"
	resize 40x10
	has "Conflict: linux 7.2"
	keys q
	wait "unsaved"
END
