#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Writing a stick on the screen: from the finished build to the list of devices, whose typed name alone begins the writing; what is
# refused says why; a device that keeps other bytes has its card.
. tests/fake/world
world_make
stick_make
build tiny
build carried
play <<-'END'
	size 80x24
	start attach tiny
	wait "built tiny"
	keys w
	wait "tiny makes nothing that can be written"
	keys Esc
	lacks "This cannot be written"
	keys q
	exit 0
	start attach carried
	wait "built carried"
	row -1 has "w Write"
	keys w
	wait "write carried"
	has "carried.img, 64.0 MiB: to which device?"
	cursor-on "/dev/mmcblk0"
	lacks "/dev/sda"
	has "SU64G (SD)"
	keys Down
	cursor-on "/dev/sdb"
	wait "It holds sdb1 vfat"
	has "OLD PHOTOS"
	has "Serial number 0123456789AB"
	keys Down
	wait "It cannot be written: sdc1 is mounted at /media/my backup; unmount it first"
	keys Enter
	wait "It cannot be written"
	keys Esc Down Down
	cursor-on "/dev/sde"
	wait "sde is too small"
	resize 40x10
	has "/dev/sde"
	resize 80x24
	keys Up Up Up
	cursor-on "/dev/sdb"
	keys Enter
	wait "takes its place"
	has "Type sdb or Maker Stick 3000"
	keys "sdc" Enter
	wait "That is not its name"
	keys Esc
	lacks "That is not its name"
	cursor-on "/dev/sdb"
	keys Enter
	wait "takes its place"
	keys "sdb" Enter
	deadline 60
	wait "written carried"
	row -2 has "carried.img is on /dev/sdb (64.0 MiB), verified"
	has "stick.verify"
	keys q
	exit 0
	restored
	has "writing of carried done"
	has "verified; you may unplug it"
END
cmp -n $((64 * 1024 * 1024)) "$WORLD/here/out/carried/carried.img" "$DEV/sdb" || fail "the stick holds something else"

"$BIN/lib/spoil_main" "$DEV/sdb" 3000000 &
spoiler=$!
build carried
play <<-'END'
	size 80x24
	start attach carried
	wait "built carried"
	keys w
	wait "to which device?"
	keys Down Enter
	wait "takes its place"
	keys "sdb" Enter
	deadline 60
	wait "WRITING FAILED"
	wait "worn out or a fake"
	keys r
	wait "to which device?"
	keys Esc Esc
	wait "WRITING FAILED"
	keys q
	exit 7
END
kill $spoiler
nobody_left
